import { useLingui } from '@lingui/react/macro';
import { useNavigate } from '@tanstack/react-router';
import { RuleEdit } from '../../forms/rule-edit.tsx';
import { Page } from '../../ui/page.tsx';

/** Writes a rule of the practice. */
export function NewRule() {
  const { t } = useLingui();
  const go = useNavigate();
  return (
    <Page title={t`Write a rule`}>
      <RuleEdit onSaved={({ id }) => void go({ to: '/alert-rules/$ruleId', params: { ruleId: id } })} />
    </Page>
  );
}
