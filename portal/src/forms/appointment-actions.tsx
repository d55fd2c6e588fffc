import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import {
  confirmAppointment,
  recordArrival,
  recordCompletion,
  recordMissed,
  reopenAppointment,
  useAppointmentsChanged,
} from '../api/appointments.ts';
import { nameOfPatient, usePatient } from '../api/patients.ts';
import type { Appointment } from '../api/types.ts';
import { doUnlessUndone } from '../frame/delayed.ts';
import { timeAt } from '../time/zone.ts';
import { AppointmentFacts } from '../ui/appointment-facts.tsx';
import { Button, buttonLook } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { AppointmentCancel } from './appointment-cancel.tsx';
import { AppointmentMove } from './appointment-move.tsx';

type Act = (appointment: Appointment) => Promise<Appointment>;

/** What staff do with an appointment of the agenda: what is usual first, so that Enter does it. */
export function AppointmentActions({ appointment, onClose }: { appointment: Appointment; onClose: () => void }) {
  const { i18n, t } = useLingui();
  const changed = useAppointmentsChanged();
  const patient = usePatient(appointment.patientId);
  const [next, setNext] = useState<'cancel' | 'move'>();
  const doing = useMutation({
    mutationFn: (act: Act) => act(appointment),
    onSuccess: (after) => {
      changed(after);
      onClose();
    },
    onError: () => changed(),
  });
  if (next === 'move') return <AppointmentMove appointment={appointment} onClose={onClose} />;
  if (next === 'cancel') return <AppointmentCancel appointment={appointment} onClose={onClose} />;
  const { status, patientId, id } = appointment;
  const takeBack: Act = (each) => reopenAppointment(each, t`Recorded by mistake`);
  const acts: [string, Act, boolean][] = [
    [t`Confirm`, confirmAppointment, status === 'pending'],
    [t`Has arrived`, recordArrival, status === 'booked'],
    [t`Has been seen`, recordCompletion, status === 'arrived'],
    [t`Take back what was recorded`, takeBack, ['arrived', 'fulfilled', 'noshow'].includes(status)],
  ];
  function miss() {
    const time = timeAt(appointment.start, appointment.zone, i18n.locale);
    doUnlessUndone(id, t`That nobody came at ${time} will be recorded.`, async () => {
      try {
        changed(await recordMissed(appointment));
      } finally {
        changed();
      }
    });
    onClose();
  }
  return (
    <Dialog title={patient.data ? nameOfPatient(patient.data) : t`Appointment`} onClose={onClose}>
      <AppointmentFacts appointment={appointment} />
      {doing.error && <Failure error={doing.error} />}
      <div className="flex flex-wrap gap-2">
        {acts
          .filter(([, , isPossible]) => isPossible)
          .map(([label, act], nth) => (
            <Button
              key={label}
              size="desk"
              data-first={nth === 0 || undefined}
              look={nth === 0 ? 'main' : 'plain'}
              isBusy={doing.isPending}
              onClick={() => doing.mutate(act)}
            >
              {label}
            </Button>
          ))}
        {status === 'booked' && (
          <>
            <Button size="desk" onClick={miss}>
              <Trans>Did not come</Trans>
            </Button>
            <Button size="desk" onClick={() => setNext('move')}>
              <Trans>Move</Trans>
            </Button>
          </>
        )}
        {status === 'booked' && appointment.seriesId && (
          <Link
            to="/patients/$patientId/appointments/$appointmentId/move"
            params={{ patientId, appointmentId: id }}
            className={buttonLook({ size: 'desk' })}
          >
            <Trans>Move with those that follow</Trans>
          </Link>
        )}
        {['booked', 'pending'].includes(status) && (
          <Button size="desk" look="danger" onClick={() => setNext('cancel')}>
            <Trans>Cancel</Trans>
          </Button>
        )}
        <Link to="/patients/$patientId/appointments" params={{ patientId }} className={buttonLook({ size: 'desk' })}>
          <Trans>To the patient</Trans>
        </Link>
      </div>
    </Dialog>
  );
}
