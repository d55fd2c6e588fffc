import { Trans, useLingui } from '@lingui/react/macro';
import { useMemo } from 'react';
import { amendEncounter } from '../api/record-entries.ts';
import { now } from '../time/server-clock.ts';
import { clockAt, dateAt, momentAt } from '../time/zone.ts';
import { encounterLines } from '../words/clinical-lines.ts';
import type { EncounterProps } from './encounter-change.tsx';
import { EndFields, type EndValues, encounterOf, encounterPlaces, encounterValues } from './encounter-fields.tsx';
import { EntryChange } from './entry-change.tsx';

export const encounterEndDraft = (entryId: string): string => `encounter-end/${entryId}`;

const lacksOf = ({ endDay, endTime }: EndValues): string[] => [
  ...(endDay === '' ? ['period.end'] : []),
  ...(endTime === '' ? ['period.end.time'] : []),
];

/** Says when an encounter ended that was under way: now, unless another time is given. */
export function EncounterEnd({ zone, ...props }: EncounterProps) {
  const { i18n, t } = useLingui();
  const { patientId, entry } = props;
  const name = momentAt(entry.period.start, zone, i18n.locale);
  const stored = useMemo(() => encounterValues(entry, zone), [entry, zone]);
  const ending = useMemo((): EndValues => {
    const at = new Date(now()).toISOString();
    return { endDay: dateAt(at, zone), endTime: clockAt(at, zone) };
  }, [zone]);
  const ended = (values: EndValues) => encounterOf({ ...stored, ...values, status: 'finished' }, zone, entry);
  return (
    <EntryChange
      {...props}
      title={t`End: ${name}`}
      form={encounterEndDraft(entry.id)}
      stored={ending}
      places={encounterPlaces}
      lacksOf={lacksOf}
      Fields={EndFields}
      now={encounterLines(zone)(entry, i18n)}
      linesOf={(values) => encounterLines(zone)(ended(values), i18n)}
      reason={t`It has ended`}
      verb={<Trans>End it</Trans>}
      amend={(amendmentReason, values) =>
        amendEncounter(patientId, entry, { ...ended(values ?? ending), amendmentReason })
      }
    />
  );
}
