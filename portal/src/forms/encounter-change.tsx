import { useLingui } from '@lingui/react/macro';
import { useMemo } from 'react';
import { amendEncounter } from '../api/record-entries.ts';
import type { Encounter } from '../api/types.ts';
import { momentAt } from '../time/zone.ts';
import { encounterLines } from '../words/clinical-lines.ts';
import { EncounterFields, encounterLacks, encounterOf, encounterPlaces, encounterValues } from './encounter-fields.tsx';
import { EntryChange } from './entry-change.tsx';

export interface EncounterProps {
  patientId: string;
  entry: Encounter;
  isGone: boolean;
  /** Of the practice. */
  zone: string;
  onDone: () => void;
  onClose: () => void;
}

export const encounterChangeDraft = (entryId: string): string => `encounter-change/${entryId}`;

/** Changes an encounter, or takes it out as entered in error. */
export function EncounterChange({ zone, ...props }: EncounterProps) {
  const { i18n, t } = useLingui();
  const { patientId, entry } = props;
  const name = momentAt(entry.period.start, zone, i18n.locale);
  const stored = useMemo(() => encounterValues(entry, zone), [entry, zone]);
  return (
    <EntryChange
      {...props}
      title={t`Change: ${name}`}
      form={encounterChangeDraft(entry.id)}
      stored={stored}
      places={encounterPlaces}
      lacksOf={encounterLacks}
      Fields={EncounterFields}
      linesOf={(values) => encounterLines(zone)(encounterOf(values, zone, entry), i18n)}
      amend={(amendmentReason, values) =>
        amendEncounter(patientId, entry, {
          ...encounterOf(values ?? stored, zone, entry),
          ...(!values && { status: 'entered-in-error' }),
          amendmentReason,
        })
      }
    />
  );
}
