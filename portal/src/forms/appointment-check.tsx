import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { cancelAppointment, confirmAppointment, useAppointmentsChanged } from '../api/appointments.ts';
import type { Appointment } from '../api/types.ts';
import * as practice from '../time/server-clock.ts';
import { AppointmentFacts } from '../ui/appointment-facts.tsx';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';

/** Minutes that the page gives at once, of those for which the time is kept. */
const stepMinutes = 5;
/** Seconds before the end at which it is said aloud. */
const spokenAt = [120, 30];

/** The last look before a time that is kept is booked. */
export function AppointmentCheck({ appointment }: { appointment: Appointment }) {
  const { t } = useLingui();
  const changed = useAppointmentsChanged();
  const { secondsLeft, canExtend, extend } = useHoldTime(appointment);
  const booking = useMutation({
    mutationFn: () => confirmAppointment(appointment),
    onSuccess: changed,
    // It may be booked, though no answer came; or kept no longer. What it is by now is read.
    onError: () => changed(),
  });
  const leaving = useMutation({
    mutationFn: () => cancelAppointment(appointment, 'pat', t`Not booked after all`),
    // What could not be released ends by itself; nobody has to wait for it.
    onSettled: () => changed(),
  });
  const isOver = secondsLeft <= 0;
  const { mutate: leave } = leaving;
  useEffect(() => {
    // What is no longer kept is free for others at once.
    if (isOver) leave();
  }, [isOver, leave]);
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
            leaving.mutate();
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
  const spoken = spokenAt.find((seconds) => secondsLeft <= seconds && secondsLeft > seconds - 5);
  const [minutes, seconds] = [Math.floor(secondsLeft / 60), String(secondsLeft % 60).padStart(2, '0')];
  return (
    <Notice look={secondsLeft <= 120 ? 'warn' : 'plain'}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p>
          <span role="timer">
            <Trans>
              This time is kept for you for{' '}
              <strong className="tabular-nums">
                {minutes}:{seconds}
              </strong>
            </Trans>
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
function useHoldTime({ createdAt, heldUntil }: Appointment) {
  const keptUntil = Date.parse(heldUntil as string);
  const [until, setUntil] = useState(() => {
    const first = Date.parse(createdAt) + stepMinutes * 60_000;
    return Math.min(keptUntil, first > practice.now() ? first : keptUntil);
  });
  const [now, setNow] = useState(() => practice.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(practice.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return {
    secondsLeft: Math.max(0, Math.ceil((until - now) / 1_000)),
    canExtend: until < keptUntil,
    extend: () => setUntil((before) => Math.min(keptUntil, before + stepMinutes * 60_000)),
  };
}
