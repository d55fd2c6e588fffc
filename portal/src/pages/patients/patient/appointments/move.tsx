import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { moveAppointment, useAppointment, useAppointmentsChanged } from '../../../../api/appointments.ts';
import { nameOfPractitioner, usePractitioner } from '../../../../api/practitioners.ts';
import { problemOf } from '../../../../api/problem.ts';
import { impossibleIn, isInPlace, moveFollowing } from '../../../../api/series.ts';
import type { Appointment, Slot } from '../../../../api/types.ts';
import { type Scope, SeriesScope } from '../../../../forms/series-scope.tsx';
import { When } from '../../../../time/time.tsx';
import { Failure } from '../../../../ui/failure.tsx';
import { Impossible } from '../../../../ui/impossible.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { OfThisPatient } from '../../../../ui/of-this-patient.tsx';
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
        {(found) => (
          <OfThisPatient thing={found}>
            <ChooseOther appointment={found} />
          </OfThisPatient>
        )}
      </Remote>
    </Page>
  );
}

function ChooseOther({ appointment }: { appointment: Appointment }) {
  const go = useNavigate();
  const changed = useAppointmentsChanged();
  const { data: practitioner } = usePractitioner(appointment.practitionerId);
  const name = practitioner ? nameOfPractitioner(practitioner) : '…';
  const [scope, setScope] = useState<Scope>('one');
  const { patientId, seriesId } = appointment;
  const moving = useMutation({
    mutationFn: async ({ start }: Slot) =>
      scope === 'one'
        ? [await moveAppointment(appointment, start)]
        : (await moveFollowing(appointment, start)).appointments,
    onSuccess: ([first]) => changed(first),
    onError: () => changed(),
  });
  const busyStart = moving.isPending ? moving.variables.start : undefined;
  const nearest = problemOf(moving.error)?.nextFreeSlots as Slot[] | undefined;
  const impossible = impossibleIn(moving.error);
  // Only who is still here is led on: whoever has gone to another page meanwhile stays there.
  const choose = (slot: Slot) => moving.mutate(slot, { onSuccess: lead });
  const lead = (moved: readonly Appointment[]) => {
    if (scope === 'following' && seriesId) {
      return void go({
        to: '/patients/$patientId/series/$seriesId',
        params: { patientId, seriesId },
        // Back leads the same way only from where the series had it.
        search: isInPlace(appointment)
          ? { moved: appointment.id, from: appointment.start, count: String(moved.length) }
          : {},
      });
    }
    void go({
      to: '/patients/$patientId/appointments/$appointmentId',
      params: { patientId, appointmentId: appointment.id },
    });
  };
  return (
    <>
      <p>
        <Trans>Until you choose another time you keep the one you have:</Trans>{' '}
        <strong>
          <When start={appointment.start} end={appointment.end} zone={appointment.zone} />
        </strong>
      </p>
      <SeriesScope appointment={appointment} alsoMoved={false} scope={scope} onChange={setScope} />
      {scope === 'following' && (
        <p>
          <Trans>
            Those that follow move by as many days and to the same time of day. All of them are moved, or none; one that
            was moved alone stays where it is.
          </Trans>
        </p>
      )}
      {moving.error && <Failure error={moving.error} />}
      {impossible.length > 0 && (
        <Notice look="warn">
          <Impossible impossible={impossible} />
        </Notice>
      )}
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
