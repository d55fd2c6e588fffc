import { useLingui } from '@lingui/react/macro';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useAppointment } from '../../../../api/appointments.ts';
import { AppointmentCheck, HoldOver } from '../../../../forms/appointment-check.tsx';
import { AppointmentProof } from '../../../../forms/appointment-proof.tsx';
import { isHeld } from '../../../../time/held.ts';
import { OfThisPatient } from '../../../../ui/of-this-patient.tsx';
import { Page } from '../../../../ui/page.tsx';
import { Remote } from '../../../../ui/remote.tsx';

/** One appointment: kept for a while, it is checked and booked here; booked, this is the proof. So back never books twice. */
export function AppointmentPage() {
  const { t } = useLingui();
  const { appointmentId } = useParams({ from: '/signed-in-people/patients/$patientId/appointments/$appointmentId' });
  const appointment = useAppointment(appointmentId);
  const isKept = appointment.data !== undefined && isHeld(appointment.data);
  const [heldId, setHeldId] = useState<string>();
  const status = appointment.data?.status;
  if (isKept && heldId !== appointmentId) setHeldId(appointmentId);
  else if (heldId !== undefined && !isKept && status !== undefined && status !== 'cancelled') setHeldId(undefined);
  // Nobody has cancelled an appointment: it was kept for a while, under the eyes of who looks.
  const isOver = heldId === appointmentId && status === 'cancelled';
  return (
    <Page title={isKept || isOver ? t`Check and book` : t`Your appointment`}>
      <Remote of={appointment} label={t`the appointment`}>
        {(found) => (
          <OfThisPatient thing={found}>
            {isKept ? (
              <AppointmentCheck appointment={found} />
            ) : isOver ? (
              <HoldOver appointment={found} />
            ) : (
              <AppointmentProof appointment={found} />
            )}
          </OfThisPatient>
        )}
      </Remote>
    </Page>
  );
}
