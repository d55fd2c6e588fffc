import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { nameOfPractitioner, usePractitioner } from '../../api/practitioners.ts';
import { useSchedule } from '../../api/schedules.ts';
import type { Practitioner, Schedule } from '../../api/types.ts';
import { AbsencePlan } from '../../forms/absence-plan.tsx';
import { AbsencesEnd } from '../../forms/absences-end.tsx';
import { HoursChange } from '../../forms/hours-change.tsx';
import { dayLacks, hoursLack, storedAs, useHoursDraft } from '../../forms/schedule-draft.ts';
import { TimeExplain } from '../../forms/time-explain.tsx';
import { useHat } from '../../session/hat.ts';
import { usePerson } from '../../session/use-session.ts';
import { now } from '../../time/server-clock.ts';
import { weeksAhead } from '../../time/weeks.ts';
import { ChoiceField } from '../../ui/field.tsx';
import { FourWeeks } from '../../ui/four-weeks.tsx';
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
  const { t } = useLingui();
  const maySearch = useHat(usePerson()) !== 'admin';
  const draft = useHoursDraft(schedule);
  const { places, appointmentTypes } = practitioner;
  const [typeId, setTypeId] = useState(appointmentTypes[0]?.id);
  const { hours, days } = draft.values;
  // What is not yet whole is nothing yet.
  const typed = storedAs({
    hours: hours.filter((each) => !hoursLack(each)),
    days: days.filter((each) => !dayLacks(each)),
  });
  const planned = draft.isDirty ? { ...schedule, ...typed } : schedule;
  const weeksOf = (place: Practitioner['places'][number], appointmentTypeId?: string) =>
    weeksAhead({ inForce: schedule, planned, place, appointmentTypeId, now: now() });
  const changed = new Set(
    places.flatMap((place) => weeksOf(place).flatMap(({ date, before }) => (before ? [date] : []))),
  );
  return (
    <>
      <section className="grid gap-3" aria-labelledby="absences">
        <h2 id="absences">
          <Trans>Absences</Trans>
        </h2>
        <AbsencesEnd schedule={schedule} practitioner={practitioner} />
        <AbsencePlan practitioner={practitioner} />
      </section>
      <HoursChange schedule={schedule} practitioner={practitioner} draft={draft} daysChanged={changed.size}>
        <section className="grid gap-3" aria-labelledby="weeks">
          <h2 id="weeks">
            <Trans>The coming four weeks</Trans>
          </h2>
          {maySearch && appointmentTypes.length > 0 && (
            <ChoiceField
              label={t`What patients are offered of`}
              value={typeId}
              onChange={(event) => setTypeId(event.target.value)}
            >
              {appointmentTypes.map(({ id, name, minutes }) => (
                <option key={id} value={id}>
                  {t`${name}, ${minutes} minutes`}
                </option>
              ))}
            </ChoiceField>
          )}
          {places.map((place) => (
            <FourWeeks
              key={place.id}
              practitioner={practitioner}
              place={place}
              schedule={schedule}
              days={weeksOf(place, maySearch ? typeId : undefined)}
              appointmentTypeId={typeId}
            />
          ))}
        </section>
      </HoursChange>
      {maySearch && appointmentTypes.length > 0 && (
        <section className="grid gap-3" aria-labelledby="explain">
          <h2 id="explain">
            <Trans>Why is a time offered, or not?</Trans>
          </h2>
          <TimeExplain practitioner={practitioner} />
        </section>
      )}
    </>
  );
}
