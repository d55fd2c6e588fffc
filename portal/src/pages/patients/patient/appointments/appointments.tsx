import { Trans, useLingui } from '@lingui/react/macro';
import { Link, useParams } from '@tanstack/react-router';
import { useAppointmentsOf } from '../../../../api/appointments.ts';
import { nameOfPractitioner, usePractitioner } from '../../../../api/practitioners.ts';
import { problemOf } from '../../../../api/problem.ts';
import type { Appointment } from '../../../../api/types.ts';
import { useDelayed } from '../../../../frame/delayed.ts';
import { useHat } from '../../../../session/hat.ts';
import { usePerson } from '../../../../session/use-session.ts';
import { now } from '../../../../time/server-clock.ts';
import { Times, When } from '../../../../time/time.tsx';
import { buttonLook } from '../../../../ui/button.tsx';
import { OpenOffers } from '../../../../ui/open-offers.tsx';
import { Card, Page } from '../../../../ui/page.tsx';
import { Remote } from '../../../../ui/remote.tsx';
import { statusName } from '../../../../words/statuses.ts';

const isAhead = ({ status, end }: Appointment): boolean =>
  ['booked', 'pending', 'arrived'].includes(status) && Date.parse(end) > now();

/** What is ahead, the next in front; below it what was. */
export function Appointments() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/appointments' });
  const appointments = useAppointmentsOf(patientId);
  const isPractitioner = useHat(usePerson()) === 'practitioner';
  const book = problemOf(appointments.error)?.status !== 403 && (
    <Link to="/patients/$patientId/book" params={{ patientId }} className={buttonLook({ look: 'main' })}>
      <Trans>Book an appointment</Trans>
    </Link>
  );
  return (
    <Page title={t`Appointments`} beside={book}>
      <OpenOffers patientId={patientId} />
      <Remote
        of={appointments}
        label={t`appointments`}
        isNone={({ items }) => items.length === 0}
        none={
          isPractitioner ? (
            <Trans>There is none with you; what others have with this patient is not shown.</Trans>
          ) : (
            <Trans>There is no appointment yet. Book one with a few choices.</Trans>
          )
        }
      >
        {({ items }) => {
          const ahead = items.filter(isAhead);
          const past = items.filter((each) => !isAhead(each)).toReversed();
          return (
            <Times of={items}>
              <section className="grid gap-3">
                <h2>
                  <Trans>Ahead</Trans>
                </h2>
                {ahead.length === 0 && (
                  <p className="text-quiet">
                    <Trans>Nothing is booked.</Trans>
                  </p>
                )}
                <List appointments={ahead} />
              </section>
              {past.length > 0 && (
                <section className="grid gap-3">
                  <h2>
                    <Trans>Past and cancelled</Trans>
                  </h2>
                  <List appointments={past} />
                </section>
              )}
            </Times>
          );
        }}
      </Remote>
    </Page>
  );
}

const List = ({ appointments }: { appointments: Appointment[] }) => (
  <ul className="grid gap-3">
    {appointments.map((each) => (
      <li key={each.id}>
        <Item appointment={each} />
      </li>
    ))}
  </ul>
);

function Item({ appointment }: { appointment: Appointment }) {
  const { i18n } = useLingui();
  const { data: practitioner } = usePractitioner(appointment.practitionerId);
  const isLeaving = useDelayed().waiting.some(({ id }) => id === appointment.id);
  const type = practitioner?.appointmentTypes.find(({ id }) => id === appointment.appointmentTypeId);
  return (
    <Card className="relative grid gap-1 hover:border-accent">
      <p className="font-semibold">
        <Link
          to="/patients/$patientId/appointments/$appointmentId"
          params={{ patientId: appointment.patientId, appointmentId: appointment.id }}
          className={`text-ink no-underline after:absolute after:inset-0 ${isLeaving ? 'line-through' : ''}`}
        >
          <When start={appointment.start} zone={appointment.zone} />
        </Link>
      </p>
      <p>
        {practitioner ? nameOfPractitioner(practitioner) : '…'}
        {type && ` · ${type.name}`}
      </p>
      <p className="text-sm text-quiet">
        {isLeaving ? <Trans>about to be cancelled</Trans> : i18n._(statusName(appointment))}
        {appointment.seriesId && (
          <>
            {' · '}
            <Trans>part of a series</Trans>
          </>
        )}
      </p>
    </Card>
  );
}
