import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useParams } from '@tanstack/react-router';
import { nameOfPractitioner, usePractitioner } from '../../api/practitioners.ts';
import { useSchedule } from '../../api/schedules.ts';
import type { Practitioner, Schedule } from '../../api/types.ts';
import { AbsencePlan } from '../../forms/absence-plan.tsx';
import { AbsencesEnd } from '../../forms/absences-end.tsx';
import { HoursChange } from '../../forms/hours-change.tsx';
import { openingsOn } from '../../time/openings.ts';
import { now } from '../../time/server-clock.ts';
import { dateAt, daysAfter, shortDateInWords } from '../../time/zone.ts';
import { Page } from '../../ui/page.tsx';
import { Remote } from '../../ui/remote.tsx';

/** When somebody receives, when they are away, and what that makes of the coming four weeks. */
export function SchedulePage() {
  const { t } = useLingui();
  const { practitionerId } = useParams({ from: '/signed-in-people/schedules/$practitionerId' });
  const practitioner = usePractitioner(practitionerId);
  const schedule = useSchedule(practitionerId);
  const name = practitioner.data ? nameOfPractitioner(practitioner.data) : '…';
  return (
    <Page
      title={t`Hours and absences of ${name}`}
      beside={
        <Link to="/calendars/$practitionerId" params={{ practitionerId }}>
          <Trans>Calendars elsewhere</Trans>
        </Link>
      }
    >
      <Remote of={practitioner} label={t`the practitioner`}>
        {(who) => (
          <Remote of={schedule} label={t`the hours`}>
            {(stored) => <Sections practitioner={who} schedule={stored} />}
          </Remote>
        )}
      </Remote>
    </Page>
  );
}

function Sections({ practitioner, schedule }: { practitioner: Practitioner; schedule: Schedule }) {
  return (
    <>
      <section className="grid gap-3" aria-labelledby="absences">
        <h2 id="absences">
          <Trans>Absences</Trans>
        </h2>
        <AbsencesEnd schedule={schedule} practitioner={practitioner} />
        <AbsencePlan practitioner={practitioner} />
      </section>
      <section className="grid gap-3" aria-labelledby="hours">
        <h2 id="hours">
          <Trans>Weekly hours</Trans>
        </h2>
        <HoursChange schedule={schedule} practitioner={practitioner} />
      </section>
      <section className="grid gap-3" aria-labelledby="weeks">
        <h2 id="weeks">
          <Trans>The coming four weeks</Trans>
        </h2>
        <FourWeeks schedule={schedule} practitioner={practitioner} />
      </section>
    </>
  );
}

const fourWeeks = 28;

function FourWeeks({ practitioner, schedule }: { practitioner: Practitioner; schedule: Schedule }) {
  const { i18n, t } = useLingui();
  return practitioner.places.map(({ id, name, zone }) => {
    const today = dateAt(now(), zone);
    const days = Array.from({ length: fourWeeks }, (_, nth) => openingsOn(schedule, daysAfter(today, nth), id));
    return (
      <div key={id} className="grid gap-2">
        <h3 className="font-semibold">{name}</h3>
        <ol className="grid gap-x-10 tablet:grid-flow-col tablet:grid-rows-14">
          {days.map(({ date, isAway, periods }) => (
            <li key={date} className="flex justify-between gap-4 border-b border-line py-1">
              <span>{shortDateInWords(date, i18n.locale)}</span>
              <span
                className={`flex flex-wrap justify-end gap-x-3 tabular-nums ${periods.length > 0 ? '' : 'text-quiet'}`}
              >
                {isAway && t`away`}
                {!isAway && periods.length === 0 && t`closed`}
                {periods.map(({ startTime, endTime }) => (
                  <span key={startTime} className="whitespace-nowrap">
                    {startTime}–{endTime}
                  </span>
                ))}
              </span>
            </li>
          ))}
        </ol>
        {schedule.holidays.some(({ placeId }) => placeId === id) && (
          <p className="text-sm text-quiet">
            <Trans>On public holidays these hours do not hold, which is not shown here.</Trans>
          </p>
        )}
      </div>
    );
  });
}
