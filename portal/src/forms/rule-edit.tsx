import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { reviseRule, useRulesChanged, writeRule } from '../api/alert-rules.ts';
import { useIntent } from '../api/intent.ts';
import { problemOf } from '../api/problem.ts';
import type { AlertRule } from '../api/types.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { useHat } from '../session/hat.ts';
import { usePerson } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { useFieldProblems } from '../ui/field-problems.ts';
import { Notice } from '../ui/notice.tsx';
import { documentOf, draftOf, nothing, wrongOf } from './rule-draft.ts';
import { RuleFields } from './rule-fields.tsx';
import { RuleTry } from './rule-try.tsx';

interface Props {
  /** Which gets another version; left out: a new one is written. */
  rule?: AlertRule;
  /** Of whom a new one is; left out: of all patients. */
  patientId?: string;
  onSaved: (rule: AlertRule) => void;
}

/** Writes a rule, or another version of one. It watches once it is turned on, and never by being saved. */
export function RuleEdit({ rule, patientId, onSaved }: Props) {
  const { t } = useLingui();
  const changed = useRulesChanged();
  const intent = useIntent();
  const hat = useHat(usePerson());
  const empty = useMemo(() => (rule ? draftOf(rule.document) : nothing), [rule]);
  const draft = useDraft(`rule-edit/${rule?.id ?? patientId ?? 'new'}`, empty);
  useLeaveQuestion(draft.isDirty);
  const [isTried, setTried] = useState(false);
  const wrong = wrongOf(draft.values);
  const saving = useMutation({
    mutationFn: () => {
      const document = documentOf(draft.values, rule?.document);
      if (rule) return reviseRule(rule, document);
      const body = { document, ...(patientId && { patientId }) };
      return intent(body, (header) => writeRule(body, header));
    },
    onSuccess: (saved) => {
      draft.clear();
      setTried(false);
      changed(saved);
    },
    onError: () => changed(undefined, rule?.id),
  });
  const refusedAt = useFieldProblems(saving.error);
  const isDoubted = isTried && wrong.length > 0;
  const said = problemOf(saving.error)?.fields.length;
  return (
    <div className="grid items-start gap-6">
      <form
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (wrong.length === 0 && !saving.isPending) saving.mutate(undefined, { onSuccess: onSaved });
        }}
      >
        <Notice look="warn">
          <p>
            <Trans>
              A rule is an example until a practitioner answers for it. This is not a certified medical device.
            </Trans>
          </p>
        </Notice>
        <RuleFields draft={draft.values} onChange={draft.set} wrong={isDoubted ? wrong : []} refusedAt={refusedAt} />
        {saving.error && <Failure error={saving.error} isSaidAtFields={said === 1} />}
        {saving.isSuccess && !draft.isDirty && (
          <Notice
            look="good"
            role="status"
            title={t`It is stored, and does not watch like this until it is turned on`}
          />
        )}
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="main" isBusy={saving.isPending} disabled={rule !== undefined && !draft.isDirty}>
            {rule ? <Trans>Store a new version</Trans> : <Trans>Store the rule</Trans>}
          </Button>
          {draft.isDirty && (
            <Button look="quiet" onClick={draft.clear}>
              <Trans>Take back what I typed</Trans>
            </Button>
          )}
        </div>
      </form>
      {hat === 'practitioner' && (
        <RuleTry
          draft={draft.values}
          onChange={draft.set}
          before={rule?.document}
          patientId={rule?.patientId ?? patientId}
        />
      )}
    </div>
  );
}
