import { useLingui } from '@lingui/react/macro';
import type { Encounter, EncounterContent } from '../api/types.ts';
import { now } from '../time/server-clock.ts';
import { clockAt, dateAt, instantAt } from '../time/zone.ts';
import { LongTextField, TextField } from '../ui/field.tsx';
import { encounterClassNames, encounterStatusNames } from '../words/clinical.ts';
import { EntryChoice } from './entry-choice.tsx';
import type { Filled } from './entry-fields.ts';

/** Days (YYYY-MM-DD) and times (HH:MM) by the clock of the practice. */
export interface EndValues {
  endDay: string;
  endTime: string;
}

export interface EncounterValues extends EndValues {
  status: Encounter['status'];
  class: Encounter['class'];
  startDay: string;
  startTime: string;
  reason: string;
}

/** Places of the API that have a field here. */
export const encounterPlaces = ['period', 'reason'];

/** One that begins now. */
export function encounterNow(zone: string): EncounterValues {
  const begun = new Date(now()).toISOString();
  const [startDay, startTime] = [dateAt(begun, zone), clockAt(begun, zone)];
  return { status: 'in-progress', class: 'AMB', startDay, startTime, endDay: startDay, endTime: '', reason: '' };
}

export const encounterValues = ({ period, reason = '', ...said }: Encounter, zone: string): EncounterValues => ({
  status: said.status,
  class: said.class,
  startDay: dateAt(period.start, zone),
  startTime: clockAt(period.start, zone),
  endDay: dateAt(period.end ?? period.start, zone),
  endTime: period.end ? clockAt(period.end, zone) : '',
  reason,
});

/** @param before what the fields were filled from: of a time that the clock shows twice it knows which one was meant */
export function encounterOf(values: EncounterValues, zone: string, before?: Encounter): EncounterContent {
  const { startDay, startTime, endDay, endTime } = values;
  const instantOf = (day: string, time: string, was = '') =>
    was && dateAt(was, zone) === day && clockAt(was, zone) === time ? was : instantAt(day, time, zone);
  const reason = values.reason.trim();
  return {
    status: values.status,
    class: values.class,
    period: {
      start: instantOf(startDay, startTime, before?.period.start),
      ...(endTime && { end: instantOf(endDay || startDay, endTime, before?.period.end) }),
    },
    ...(reason && { reason }),
  };
}

export const encounterLacks = ({ status, startDay, startTime, endTime }: EncounterValues): string[] => [
  ...(startDay === '' ? ['period.start'] : []),
  ...(startTime === '' ? ['period.start.time'] : []),
  ...(status === 'finished' && endTime === '' ? ['period.end.time'] : []),
];

export function EncounterFields({ values, set, problemAt }: Filled<EncounterValues>) {
  const { t } = useLingui();
  return (
    <>
      <LongTextField
        data-first
        label={t`Why`}
        rows={2}
        maxLength={2_000}
        value={values.reason}
        problem={problemAt('reason')}
        onChange={(event) => set({ reason: event.target.value })}
      />
      <div className="grid gap-4 tablet:grid-cols-2">
        <EntryChoice
          isNeeded
          label={t`Where`}
          names={encounterClassNames}
          value={values.class}
          onChange={(place) => place && set({ class: place })}
        />
        <EntryChoice
          isNeeded
          label={t`State`}
          names={encounterStatusNames}
          // For that there is a button.
          without={['entered-in-error']}
          value={values.status}
          onChange={(status) => status && set({ status })}
        />
        <TextField
          type="date"
          label={t`Day`}
          isNeeded
          value={values.startDay}
          problem={problemAt('period.start')}
          onChange={(event) => set({ startDay: event.target.value })}
        />
        <TextField
          type="time"
          label={t`Begin`}
          isNeeded
          value={values.startTime}
          problem={problemAt('period.start.time')}
          onChange={(event) => set({ startTime: event.target.value })}
        />
        <EndFields values={values} set={set} problemAt={problemAt} />
      </div>
    </>
  );
}

export function EndFields({ values, set, problemAt }: Filled<EndValues>) {
  const { t } = useLingui();
  return (
    <>
      <TextField
        type="date"
        label={t`Day of the end`}
        value={values.endDay}
        problem={problemAt('period.end')}
        onChange={(event) => set({ endDay: event.target.value })}
      />
      <TextField
        data-first
        type="time"
        label={t`End`}
        value={values.endTime}
        problem={problemAt('period.end.time')}
        onChange={(event) => set({ endTime: event.target.value })}
      />
    </>
  );
}
