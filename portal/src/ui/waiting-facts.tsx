import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { nameOfPractitioner, usePractitioner } from '../api/practitioners.ts';
import type { Waiting } from '../api/types.ts';
import { dateInWords } from '../time/zone.ts';
import { dayName, daysOfWeek } from '../words/waiting.ts';

/** With whom and for what, as far as the directory can be read. */
export function WantName({ practitionerId, appointmentTypeId }: Waiting['wants'][number]) {
  const { data, error } = usePractitioner(practitionerId);
  if (!data) return error ? <Trans>a practitioner who could not be read</Trans> : '…';
  const type = data.appointmentTypes.find(({ id }) => id === appointmentTypeId);
  return [nameOfPractitioner(data), ...(type ? [type.name] : [])].join(' · ');
}

export const WantNames = ({ wants }: Pick<Waiting, 'wants'>) =>
  wants.map((want) => (
    <span key={want.practitionerId + want.appointmentTypeId} className="block">
      <WantName {...want} />
    </span>
  ));

/** Between which dates, on which days and at which times, and how soon, somebody can come. */
export function WaitingTerms({ waiting }: { waiting: Waiting }) {
  const { i18n } = useLingui();
  const [from, until] = [waiting.fromDate, waiting.untilDate].map((date) => dateInWords(date, i18n.locale, 'medium'));
  const hours = waiting.noticeMinutes / 60;
  return (
    <ul className="grid gap-1 text-sm text-quiet">
      <li>
        <Trans>
          From {from} to {until}
        </Trans>
      </li>
      {waiting.times.length === 0 && (
        <li>
          <Trans>On any day, at any time</Trans>
        </li>
      )}
      {waiting.times.map((times) => (
        <li key={JSON.stringify(times)}>
          <DaysAndTimes {...times} />
        </li>
      ))}
      <li>
        {hours >= 24 ? (
          <Plural value={Math.round(hours / 24)} one="Told at least # day before" other="Told at least # days before" />
        ) : (
          <Plural value={Math.round(hours)} one="Told at least # hour before" other="Told at least # hours before" />
        )}
      </li>
    </ul>
  );
}

function DaysAndTimes({ daysOfWeek: days, startTime, endTime }: Waiting['times'][number]) {
  const { i18n } = useLingui();
  const names = daysOfWeek.filter((day) => days.includes(day)).map((day) => dayName(day, i18n.locale));
  const list = new Intl.ListFormat(i18n.locale, { type: 'disjunction' }).format(names);
  const isAllDay = startTime === '00:00' && endTime >= '23:59';
  if (isAllDay) return days.length === 7 ? <Trans>On any day, at any time</Trans> : <Trans>On {list}</Trans>;
  const [start, end] = [startTime, endTime];
  if (days.length === 7)
    return (
      <Trans>
        On any day, between {start} and {end}
      </Trans>
    );
  return (
    <Trans>
      On {list}, between {start} and {end}
    </Trans>
  );
}
