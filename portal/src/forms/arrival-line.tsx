import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { recordArrival, recordCompletion, useAppointmentsChanged } from '../api/appointments.ts';
import { nameOfPatient, usePatient } from '../api/patients.ts';
import { nameOfPractitioner } from '../api/practitioners.ts';
import type { Appointment, Practitioner } from '../api/types.ts';
import { useDelayed } from '../frame/delayed.ts';
import { useZoneBeside } from '../time/time.tsx';
import { waitsSince } from '../time/waited.ts';
import { timeAt } from '../time/zone.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Card } from '../ui/page.tsx';
import { AppointmentActions } from './appointment-actions.tsx';

interface Props {
  appointment: Appointment;
  practitioner?: Practitioner;
  now: number;
}

/** Minutes after which a wait is called long. */
const longMinutes = 30;

/** Minutes after the end of a visit from which on nobody comes late to it any more. */
const overMinutes = 60;

export const isLongOver = ({ end }: Pick<Appointment, 'end'>, now: number): boolean =>
  Date.parse(end) + overMinutes * 60_000 < now;

const minutesBetween = (from: number, until: number): number => Math.floor((until - from) / 60_000);

/** Somebody who waits, or is expected, with what is usually recorded next. */
export function ArrivalLine({ appointment, practitioner, now }: Props) {
  const { i18n, t } = useLingui();
  const [isOpen, setOpen] = useState(false);
  const changed = useAppointmentsChanged();
  const patient = usePatient(appointment.patientId);
  const isAboutTo = useDelayed().waiting.some(({ id }) => id === appointment.id);
  const hasArrived = appointment.status === 'arrived';
  const recording = useMutation({
    mutationFn: () => (hasArrived ? recordCompletion : recordArrival)(appointment),
    onSuccess: changed,
    onError: () => changed(),
  });
  const name = patient.data ? nameOfPatient(patient.data) : patient.error ? t`name could not be read` : '…';
  const clock = timeAt(appointment.start, appointment.zone, i18n.locale);
  const zone = useZoneBeside()(appointment.start, appointment.zone);
  const time = zone ? `${clock} (${zone})` : clock;
  return (
    <Card className="grid gap-2 py-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <div className="grid min-w-48 flex-1">
          <span className="font-semibold">{name}</span>
          <span className="text-sm text-quiet">
            {practitioner ? (
              <Trans>
                {time}, with {nameOfPractitioner(practitioner)}
              </Trans>
            ) : (
              time
            )}
          </span>
        </div>
        <p className="text-sm">
          {isAboutTo ? <Trans>about to change</Trans> : <Waits appointment={appointment} now={now} />}
        </p>
        <div className="flex gap-2">
          <Button
            size="desk"
            look={hasArrived ? 'plain' : 'main'}
            isBusy={recording.isPending}
            onClick={() => recording.mutate()}
            aria-label={hasArrived ? t`Has been seen: ${name}` : t`Has arrived: ${name}`}
          >
            {hasArrived ? <Trans>Has been seen</Trans> : <Trans>Has arrived</Trans>}
          </Button>
          <Button size="desk" onClick={() => setOpen(true)} aria-label={t`What to do with the appointment of ${name}`}>
            …
          </Button>
        </div>
      </div>
      {recording.error && <Failure error={recording.error} />}
      {isOpen && <AppointmentActions appointment={appointment} onClose={() => setOpen(false)} />}
    </Card>
  );
}

function Waits({ appointment, now }: { appointment: Appointment; now: number }) {
  if (appointment.status !== 'arrived') {
    const late = minutesBetween(Date.parse(appointment.start), now);
    if (late < 1) return <Trans>expected</Trans>;
    if (isLongOver(appointment, now)) return <Trans>over, nothing is recorded</Trans>;
    return (
      <strong className="text-warn">
        <Plural value={late} one="# minute late" other="# minutes late" />
      </strong>
    );
  }
  const since = waitsSince(appointment);
  if (since === undefined) return <Trans>waits; since when is not known</Trans>;
  const minutes = Math.max(0, minutesBetween(since, now));
  return (
    <span className={minutes >= longMinutes ? 'font-semibold text-warn' : ''}>
      <Plural value={minutes} one="waits for # minute" other="waits for # minutes" />
      {minutes >= longMinutes && (
        <>
          {' '}
          <Trans>(long)</Trans>
        </>
      )}
    </span>
  );
}
