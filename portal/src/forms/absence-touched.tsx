import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { nameOfPatient, usePatient } from '../api/patients.ts';
import type { AbsencePlanRequest, Practitioner, TouchedAppointment } from '../api/types.ts';
import { Times, When } from '../time/time.tsx';
import { Card } from '../ui/page.tsx';

interface TouchedProps {
  practitioner: Practitioner;
  action: AbsencePlanRequest['action'];
}

/** Patient by patient, what an absence would make of the appointments in it. */
export function AbsenceTouched({ touched, ...of }: TouchedProps & { touched: TouchedAppointment[] }) {
  if (touched.length === 0)
    return (
      <p>
        <Trans>No appointment is booked in that time.</Trans>
      </p>
    );
  const moved = touched.filter(({ becomes }) => becomes === 'moved').length;
  return (
    <>
      <p className="font-semibold">
        <Plural value={touched.length} one="# appointment is touched" other="# appointments are touched" />
        {': '}
        <Plural value={moved} _0="none moves" one="# moves" other="# move" />
        {', '}
        <Plural value={touched.length - moved} _0="none is cancelled" one="# is cancelled" other="# are cancelled" />
      </p>
      {touched.length > moved && (
        <p className="text-sm text-quiet">
          <Trans>Of those whose appointment is cancelled the telephone number is shown, for whoever calls them.</Trans>
        </p>
      )}
      <Times of={touched.map(({ appointment }) => appointment)}>
        <ol className="grid gap-2">
          {touched.map((each) => (
            <li key={each.appointment.id}>
              <TouchedLine touched={each} {...of} />
            </li>
          ))}
        </ol>
      </Times>
    </>
  );
}

function TouchedLine({ touched, practitioner, action }: TouchedProps & { touched: TouchedAppointment }) {
  const { t } = useLingui();
  const { appointment, newStart, newEnd, newPlaceId } = touched;
  const patient = usePatient(appointment.patientId);
  const name = patient.data ? nameOfPatient(patient.data) : patient.error ? t`name could not be read` : '…';
  const phone = patient.data?.telecom.find(({ system }) => system === 'phone')?.value;
  const zone = practitioner.places.find(({ id }) => id === newPlaceId)?.zone ?? appointment.zone;
  return (
    <Card className="grid gap-1 py-2">
      <Link to="/patients/$patientId/appointments" params={{ patientId: appointment.patientId }}>
        {name}
      </Link>
      <span className="text-quiet">
        <When start={appointment.start} end={appointment.end} zone={appointment.zone} />
      </span>
      {newStart && newEnd ? (
        <span>
          <Trans>moves to</Trans> <When start={newStart} end={newEnd} zone={zone} />
        </span>
      ) : (
        <>
          <strong className="text-bad">
            {action === 'move' ? <Trans>is cancelled: there is no free time</Trans> : <Trans>is cancelled</Trans>}
          </strong>
          {phone && (
            <span className="text-sm">
              <Trans>Telephone:</Trans> <a href={`tel:${phone}`}>{phone}</a>
            </span>
          )}
        </>
      )}
    </Card>
  );
}
