import { Plural, Trans } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { confirmAppointment, useAppointmentsChanged } from '../api/appointments.ts';
import type { Appointment } from '../api/types.ts';
import { useHat } from '../session/hat.ts';
import { usePerson } from '../session/use-session.ts';
import * as practice from '../time/server-clock.ts';
import { AppointmentFacts } from '../ui/appointment-facts.tsx';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';
import { giveMinutes, ownUntil, useLetGo } from './held-times.tsx';

/** Seconds before the end at which it is said aloud. */
const spokenAt = [120, 30];

/** The last look before a time that is kept is booked. */
export function AppointmentCheck({ appointment }: { appointment: Appointment }) {
  const changed = useAppointmentsChanged();
  const { secondsLeft, isOwn, canExtend, extend } = useHoldTime(appointment);
  const booking = useMutation({
    mutationFn: () => confirmAppointment(appointment),
    onSuccess: changed,
    // It may be booked, though no answer came; or kept no longer. What it is by now is read.
    onError: () => changed(),
  });
  // What could not be released ends by itself; nobody has to wait for it.
  const leaving = useLetGo();
  const isOver = secondsLeft <= 0;
  const { mutate: leave } = leaving;
  useEffect(() => {
    // What is no longer kept is free for others at once; whoever only looks at it takes it from nobody.
    if (isOver && isOwn) leave(appointment);
  }, [isOver, isOwn, leave, appointment]);
  const again = useChooseAgain(appointment);
  if (isOver) return <HoldOver appointment={appointment} />;
  return (
    <>
      <Card>
        <AppointmentFacts appointment={{ ...appointment, status: 'pending' }} />
      </Card>
      <HoldTime secondsLeft={secondsLeft} onExtend={canExtend ? extend : undefined} />
      {booking.error && <Failure error={booking.error} />}
      <div className="flex flex-wrap gap-3">
        <Button look="main" onClick={() => booking.mutate()} isBusy={booking.isPending}>
          <Trans>Book this appointment</Trans>
        </Button>
        <Button
          isBusy={leaving.isPending}
          onClick={() => {
            leaving.mutate(appointment);
            void again();
          }}
        >
          <Trans>Choose another time</Trans>
        </Button>
      </div>
    </>
  );
}

/** In the place of a time that was kept while it was looked at. */
export function HoldOver({ appointment }: { appointment: Appointment }) {
  const again = useChooseAgain(appointment);
  return (
    <Notice look="warn" role="alert" title={<Trans>The time is no longer kept for you</Trans>}>
      <p>
        <Trans>It may still be free. Choose it again, or another one.</Trans>
      </p>
      <div>
        <Button look="main" onClick={again}>
          <Trans>To the free times</Trans>
        </Button>
      </div>
    </Notice>
  );
}

function useChooseAgain({ patientId, practitionerId, appointmentTypeId }: Appointment) {
  const go = useNavigate();
  return () =>
    go({
      to: '/patients/$patientId/book/$practitionerId',
      params: { patientId, practitionerId },
      search: { type: appointmentTypeId },
    });
}

function HoldTime({ secondsLeft, onExtend }: { secondsLeft: number; onExtend?: () => void }) {
  const isPatients = useHat(usePerson()) === 'patient';
  const spoken = spokenAt.find((seconds) => secondsLeft <= seconds && secondsLeft > seconds - 5);
  const [minutes, seconds] = [Math.floor(secondsLeft / 60), String(secondsLeft % 60).padStart(2, '0')];
  return (
    <Notice look={secondsLeft <= 120 ? 'warn' : 'plain'}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p>
          <span role="timer">
            {isPatients ? (
              <Trans>
                This time is kept for you for{' '}
                <strong className="tabular-nums">
                  {minutes}:{seconds}
                </strong>
              </Trans>
            ) : (
              <Trans>
                This time is kept for the patient for{' '}
                <strong className="tabular-nums">
                  {minutes}:{seconds}
                </strong>
              </Trans>
            )}
          </span>
          <span role="status" className="sr-only">
            {spoken !== undefined && (
              <Plural
                value={spoken}
                one="The time is kept for # more second."
                other="The time is kept for # more seconds."
              />
            )}
          </span>
        </p>
        {onExtend && (
          <Button size="desk" onClick={onExtend}>
            <Trans>I need more time</Trans>
          </Button>
        )}
      </div>
    </Notice>
  );
}

/**
 * Who leaves the page without a word blocks a time no longer than it is kept; who needs longer has more at once, without anybody
 * being able to take it in between.
 */
function useHoldTime(held: Appointment) {
  const keptUntil = Date.parse(held.heldUntil as string);
  const [own, setOwn] = useState(() => {
    const until = ownUntil(held);
    // Who comes back to what is kept still has time to look.
    return until !== undefined && until <= practice.now() ? giveMinutes(held, practice.now()) : until;
  });
  const until = own ?? keptUntil;
  const [now, setNow] = useState(() => practice.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(practice.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return {
    isOwn: own !== undefined,
    secondsLeft: Math.max(0, Math.ceil((until - now) / 1_000)),
    canExtend: until < keptUntil,
    extend: () => setOwn(giveMinutes(held, until)),
  };
}
