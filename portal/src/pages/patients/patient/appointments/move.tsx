import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { moveAppointment, useAppointment, useAppointmentsChanged } from '../../../../api/appointments.ts';
import { nameOfPractitioner, usePractitioner } from '../../../../api/practitioners.ts';
import { problemOf } from '../../../../api/problem.ts';
import type { Appointment, Slot } from '../../../../api/types.ts';
import { When } from '../../../../time/time.tsx';
import { Failure } from '../../../../ui/failure.tsx';
import { Page } from '../../../../ui/page.tsx';
import { Remote } from '../../../../ui/remote.tsx';
import { SlotDays } from '../../../../ui/slot-days.tsx';
import { SlotSearch } from '../../../../ui/slot-search.tsx';

/** Another time for an appointment. The old one is given up only when the new one is had. */
export function MoveAppointment() {
  const { t } = useLingui();
  const { appointmentId } = useParams({
    from: '/signed-in-people/patients/$patientId/appointments/$appointmentId/move',
  });
  const appointment = useAppointment(appointmentId);
  return (
    <Page title={t`Move the appointment`}>
      <Remote of={appointment} label={t`the appointment`}>
        {(found) => <ChooseOther appointment={found} />}
      </Remote>
    </Page>
  );
}

function ChooseOther({ appointment }: { appointment: Appointment }) {
  const go = useNavigate();
  const changed = useAppointmentsChanged();
  const { data: practitioner } = usePractitioner(appointment.practitionerId);
  const name = practitioner ? nameOfPractitioner(practitioner) : '…';
  const moving = useMutation({
    mutationFn: ({ start }: Slot) => moveAppointment(appointment, start),
    onSuccess: (moved) => {
      changed(moved);
      void go({
        to: '/patients/$patientId/appointments/$appointmentId',
        params: { patientId: moved.patientId, appointmentId: moved.id },
      });
    },
    onError: () => changed(),
  });
  const busyStart = moving.isPending ? moving.variables.start : undefined;
  const nearest = problemOf(moving.error)?.nextFreeSlots as Slot[] | undefined;
  const choose = (slot: Slot) => moving.mutate(slot);
  return (
    <>
      <p>
        <Trans>Until you choose another time you keep the one you have:</Trans>{' '}
        <strong>
          <When start={appointment.start} end={appointment.end} zone={appointment.zone} />
        </strong>
      </p>
      {moving.error && <Failure error={moving.error} />}
      {nearest && <SlotDays slots={nearest.slice(0, 3)} practitioner={name} onChoose={choose} busyStart={busyStart} />}
      <SlotSearch
        practitionerId={appointment.practitionerId}
        practitioner={name}
        appointmentTypeId={appointment.appointmentTypeId}
        onChoose={choose}
        busyStart={busyStart}
      />
    </>
  );
}
