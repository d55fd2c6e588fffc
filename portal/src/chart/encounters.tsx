import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import { encountersInError, encounterVersions } from '../api/record-entries.ts';
import type { Encounter, MedicalRecord } from '../api/types.ts';
import { EncounterAdd, encounterAddDraft } from '../forms/encounter-add.tsx';
import { EncounterChange, encounterChangeDraft } from '../forms/encounter-change.tsx';
import { EncounterEnd, encounterEndDraft } from '../forms/encounter-end.tsx';
import { momentAt } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { WrittenBy } from '../ui/written-by.tsx';
import { encounterClassNames, encounterStatusNames } from '../words/clinical.ts';
import { encounterLines } from '../words/clinical-lines.ts';
import { EntryCard } from './entry-card.tsx';
import { Begun, FormButton } from './form-button.tsx';
import { InError } from './in-error.tsx';
import { Cards, Section, useOpened } from './section.tsx';

interface Props {
  record: MedicalRecord;
  /** Of the practice, by whose clock times are said. */
  zone: string;
}

const isUnderWay = ({ status }: Encounter): boolean =>
  ['arrived', 'triaged', 'in-progress', 'onleave'].includes(status);

/** Visits of any kind. Those with an appointment come by themselves; the others are recorded here. */
export function Encounters({ record, zone }: Props) {
  const { i18n, t } = useLingui();
  const { patientId, encounters } = record;
  const [said, say] = useState<string>();
  const changing = useOpened(encounters);
  const ending = useOpened(encounters);
  const card = (entry: Encounter) => {
    const name = momentAt(entry.period.start, zone, i18n.locale);
    return (
      <EncounterCard record={record} entry={entry} zone={zone}>
        <Begun form={encounterChangeDraft(entry.id)} />
        {isUnderWay(entry) && (
          <>
            <Begun form={encounterEndDraft(entry.id)} />
            <Button size="desk" onClick={() => ending.open(entry)} aria-label={t`End: ${name}`}>
              <Trans>End it</Trans>
            </Button>
          </>
        )}
        <Button size="desk" onClick={() => changing.open(entry)} aria-label={t`Change: ${name}`}>
          <Trans>Change</Trans>
        </Button>
      </EncounterCard>
    );
  };
  return (
    <Section title={t`Encounters`} said={said}>
      {encounters.length === 0 && (
        <p className="text-quiet">
          <Trans>No encounter is recorded.</Trans>
        </p>
      )}
      <Cards items={encounters}>{card}</Cards>
      <div className="flex flex-wrap items-center gap-3">
        <FormButton label={<Trans>Record an encounter</Trans>} form={encounterAddDraft(patientId)}>
          {(close) => (
            <EncounterAdd
              patientId={patientId}
              zone={zone}
              onDone={() => say(t`The encounter is in the record`)}
              onClose={close}
            />
          )}
        </FormButton>
      </div>
      <InError record={record} title={t`Encounters`} read={encountersInError}>
        {(entry) => <EncounterCard record={record} entry={entry} zone={zone} />}
      </InError>
      {changing.entry && (
        <EncounterChange
          patientId={patientId}
          entry={changing.entry}
          isGone={changing.isGone}
          zone={zone}
          onDone={() => say(t`It is changed in the record`)}
          onClose={changing.close}
        />
      )}
      {ending.entry && (
        <EncounterEnd
          patientId={patientId}
          entry={ending.entry}
          isGone={ending.isGone}
          zone={zone}
          onDone={() => say(t`The encounter has ended`)}
          onClose={ending.close}
        />
      )}
    </Section>
  );
}

function EncounterCard({ record, entry, zone, children }: Props & { entry: Encounter; children?: ReactNode }) {
  const { i18n } = useLingui();
  const { status, period, practitionerId, reason } = entry;
  const isVoid = ['cancelled', 'entered-in-error'].includes(status);
  return (
    <EntryCard
      record={record}
      entry={entry}
      name={momentAt(period.start, zone, i18n.locale)}
      isVoid={isVoid ? encounterStatusNames[status] : undefined}
      facts={
        <>
          · <WrittenBy author={{ role: 'practitioner', practitionerId }} names={record.practitioners} /> ·{' '}
          {i18n._(encounterClassNames[entry.class])} · {i18n._(encounterStatusNames[status])}
          {reason && ` · ${reason}`}
        </>
      }
      linesOf={encounterLines(zone)}
      read={encounterVersions}
    >
      {children}
    </EntryCard>
  );
}
