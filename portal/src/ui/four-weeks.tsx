import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useExplanations, useOffers } from '../api/slots.ts';
import type { Practitioner, Schedule } from '../api/types.ts';
import { useHat } from '../session/hat.ts';
import { usePerson } from '../session/use-session.ts';
import { offeredToPatients } from '../time/offers.ts';
import type { Day } from '../time/openings.ts';
import { now } from '../time/server-clock.ts';
import type { PlannedDay } from '../time/weeks.ts';
import { dateAt, instantAt, shortDateInWords } from '../time/zone.ts';
import { Failure } from './failure.tsx';

interface Props {
  practitioner: Practitioner;
  place: Practitioner['places'][number];
  /** As it is stored: what is free is asked of that alone. */
  schedule: Schedule;
  days: PlannedDay[];
  appointmentTypeId?: string;
}

/**
 * What each of the coming days at a place is to be, what would be otherwise than now, and what patients are offered of a kind of
 * visit. What would be free after a change is not known before it is saved, and not guessed.
 */
export function FourWeeks(props: Props) {
  const { place, schedule, days } = props;
  const { offers, isAsked, free, holidays } = useFree(props);
  const rules = schedule.rules.find((each) => each.appointmentTypeId === props.appointmentTypeId);
  const forPatients = offeredToPatients(free, rules, now());
  const onDay = (date: string) => ({
    all: free.filter(({ start }) => dateAt(start, place.zone) === date).length,
    patients: forPatients.filter(({ start }) => dateAt(start, place.zone) === date).length,
  });
  return (
    <div className="grid gap-2">
      <h3 className="font-semibold">{place.name}</h3>
      {rules?.bookableBy === 'staff' && (
        <p>
          <Trans>This kind of visit is booked by the practice alone: patients are offered none.</Trans>
        </p>
      )}
      {offers.error && <Failure error={offers.error} onRetry={offers.refetch} role="status" />}
      <ol className="grid gap-x-10 desk:grid-flow-col desk:grid-rows-14">
        {days.map((day) => (
          <Row
            key={day.date}
            day={day}
            isHoliday={holidays.has(day.date)}
            free={isAsked && offers.data ? onDay(day.date) : undefined}
          />
        ))}
      </ol>
      {isAsked ? (
        <p className="text-sm text-quiet">
          <Trans>
            Free times are as they are now; those of days that are marked are known once the hours are saved, and so is
            whether such a day is a public holiday.
          </Trans>
        </p>
      ) : (
        schedule.holidays.some(({ placeId }) => placeId === place.id) && (
          <p className="text-sm text-quiet">
            <Trans>On public holidays these hours do not hold, which is not shown here.</Trans>
          </p>
        )
      )}
    </div>
  );
}

/** What is free in these days, and which of those on which nothing is are public holidays. */
function useFree({ practitioner, place, days, appointmentTypeId }: Props) {
  const isAsked = useHat(usePerson()) !== 'admin' && appointmentTypeId !== undefined;
  const [first, last] = [days[0], days.at(-1)].map((day) => day?.date ?? '') as [string, string];
  const offers = useOffers(practitioner.id, isAsked ? appointmentTypeId : undefined, first, last);
  const free = offers.data?.filter(({ placeId }) => placeId === place.id) ?? [];
  const busy = new Set(free.map(({ start }) => dateAt(start, place.zone)));
  const silent = days.flatMap(({ date, before, periods: [period] }) => {
    const at = period && instantAt(date, period.startTime, place.zone);
    return at && !before && !busy.has(date) && Date.parse(at) > now() ? [{ date, at }] : [];
  });
  const isTold = offers.data !== undefined && appointmentTypeId !== undefined;
  const explained = useExplanations(
    isTold ? silent.map(({ at }) => ({ practitionerId: practitioner.id, appointmentTypeId, at })) : [],
  );
  const holidays = new Set(
    silent
      .filter((_, nth) => explained[nth]?.data?.reasons.some(({ code }) => code === 'APPOINTMENT.PUBLIC_HOLIDAY'))
      .map(({ date }) => date),
  );
  return { offers, isAsked, free, holidays };
}

interface RowProps {
  day: PlannedDay;
  isHoliday: boolean;
  free?: { all: number; patients: number };
}

function Row({ day, isHoliday, free }: RowProps) {
  const { i18n } = useLingui();
  const { date, before, isAway, periods } = day;
  return (
    <li
      className={`flex flex-wrap justify-between gap-x-4 border-b border-line py-1 ${before ? 'border-l-4 border-l-warn bg-warn-paper px-2' : ''}`}
    >
      <span className="whitespace-nowrap">{shortDateInWords(date, i18n.locale)}</span>
      <span className="ml-auto text-right tabular-nums">
        {isHoliday ? (
          <span className="text-quiet">
            <Trans>public holiday</Trans>
          </span>
        ) : (
          <Times of={day} />
        )}
        {before ? (
          <span className="block text-sm text-warn">
            <Trans>changed; now it is:</Trans> <Times of={before} />
          </span>
        ) : (
          free &&
          !isAway &&
          !isHoliday &&
          periods.length > 0 && (
            <span className="block text-sm text-quiet">
              {free.patients > 0 ? (
                <Plural value={free.patients} one="# time for patients" other="# times for patients" />
              ) : free.all > 0 ? (
                <Trans>for the practice to book alone</Trans>
              ) : (
                <Trans>nothing free</Trans>
              )}
            </span>
          )
        )}
      </span>
    </li>
  );
}

function Times({ of: { isAway, periods } }: { of: Day }) {
  const { t } = useLingui();
  if (isAway) return <span className="text-quiet">{t`away`}</span>;
  if (periods.length === 0) return <span className="text-quiet">{t`closed`}</span>;
  return (
    <span className="inline-flex flex-wrap justify-end gap-x-3">
      {periods.map(({ startTime, endTime }) => (
        <span key={startTime} className="whitespace-nowrap">
          {startTime}–{endTime}
        </span>
      ))}
    </span>
  );
}
