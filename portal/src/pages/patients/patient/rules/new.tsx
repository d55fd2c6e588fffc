import { useLingui } from '@lingui/react/macro';
import { useNavigate, useParams } from '@tanstack/react-router';
import { RuleEdit } from '../../../../forms/rule-edit.tsx';
import { Page } from '../../../../ui/page.tsx';

/** Writes a rule that watches one patient. */
export function NewRuleOfPatient() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/rules/new' });
  const go = useNavigate();
  return (
    <Page title={t`Write a rule for this patient`}>
      <RuleEdit
        patientId={patientId}
        onSaved={({ id }) => void go({ to: '/alert-rules/$ruleId', params: { ruleId: id } })}
      />
    </Page>
  );
}
