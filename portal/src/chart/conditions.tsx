import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import { conditionsInError, conditionVersions } from '../api/record-entries.ts';
import type { Condition, MedicalRecord } from '../api/types.ts';
import { ConditionAdd, conditionAddDraft } from '../forms/condition-add.tsx';
import { ConditionChange, conditionChangeDraft } from '../forms/condition-change.tsx';
import { partialDateInWords } from '../time/partial-date.ts';
import { Button } from '../ui/button.tsx';
import { certaintyNames, courseNames } from '../words/clinical.ts';
import { conditionLines } from '../words/clinical-lines.ts';
import { EntryCard } from './entry-card.tsx';
import { Begun, FormButton } from './form-button.tsx';
import { InError } from './in-error.tsx';
import { Cards, Section, useOpened } from './section.tsx';

const counts = ({ verificationStatus }: Condition): boolean => verificationStatus !== 'refuted';

/** What the patient has and had; what was refuted stands apart. */
export function Conditions({ record }: { record: MedicalRecord }) {
  const { t } = useLingui();
  const { patientId, conditions } = record;
  const [said, say] = useState<string>();
  const changing = useOpened(conditions);
  const counted = conditions.filter(counts);
  const refuted = conditions.filter((each) => !counts(each));
  const card = (entry: Condition) => {
    const name = entry.code.text;
    return (
      <ConditionCard record={record} entry={entry}>
        <Begun form={conditionChangeDraft(entry.id)} />
        <Button size="desk" onClick={() => changing.open(entry)} aria-label={t`Change: ${name}`}>
          <Trans>Change</Trans>
        </Button>
      </ConditionCard>
    );
  };
  return (
    <Section title={t`Conditions`} said={said}>
      {counted.length === 0 && (
        <p className="text-quiet">
          <Trans>No condition is recorded.</Trans>
        </p>
      )}
      <Cards items={counted}>{card}</Cards>
      <div className="flex flex-wrap items-center gap-3">
        <FormButton label={<Trans>Record a condition</Trans>} form={conditionAddDraft(patientId)}>
          {(close) => (
            <ConditionAdd patientId={patientId} onDone={() => say(t`The condition is in the record`)} onClose={close} />
          )}
        </FormButton>
      </div>
      {refuted.length > 0 && (
        <>
          <h3>
            <Trans>Refuted: not a condition of the patient</Trans>
          </h3>
          <Cards items={refuted}>{card}</Cards>
        </>
      )}
      <InError record={record} title={t`Conditions`} read={conditionsInError}>
        {(entry) => <ConditionCard record={record} entry={entry} />}
      </InError>
      {changing.entry && (
        <ConditionChange
          patientId={patientId}
          entry={changing.entry}
          isGone={changing.isGone}
          onDone={() => say(t`It is changed in the record`)}
          onClose={changing.close}
        />
      )}
    </Section>
  );
}

interface CardProps {
  record: MedicalRecord;
  entry: Condition;
  children?: ReactNode;
}

function ConditionCard({ record, entry, children }: CardProps) {
  const { i18n } = useLingui();
  const { verificationStatus, clinicalStatus, onset } = entry;
  const isVoid = ['refuted', 'entered-in-error'].includes(verificationStatus);
  return (
    <EntryCard
      record={record}
      entry={entry}
      name={entry.code.text}
      isVoid={isVoid ? certaintyNames[verificationStatus] : undefined}
      facts={
        <>
          · {i18n._(courseNames[clinicalStatus])} · {i18n._(certaintyNames[verificationStatus])}
          {onset && ` · ${partialDateInWords(onset, i18n.locale)}`}
        </>
      }
      linesOf={conditionLines}
      read={conditionVersions}
    >
      {children}
    </EntryCard>
  );
}
