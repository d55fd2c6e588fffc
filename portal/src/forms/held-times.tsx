import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { cancelAppointment, useAppointmentsChanged, useAppointmentsOf } from '../api/appointments.ts';
import type { Appointment } from '../api/types.ts';
import { keptInWindow } from '../session/kept.ts';
import { isHeld } from '../time/held.ts';
import { now } from '../time/server-clock.ts';
import { When } from '../time/time.tsx';
import { Button, buttonLook } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';

/** Minutes that a page gives at once, of those for which a time is kept. */
const stepMinutes = 5;

/**
 * When the page ends by itself what this window keeps (ms since 1970); nothing of what another keeps. Telephones load a page anew by
 * themselves: what was given is not taken back by that.
 */
export function ownUntil({ id }: Appointment): number | undefined {
  const until = keptInWindow.get(place(id));
  return until === null ? undefined : Number(until);
}

/** Some minutes more, as long as it is kept. @returns until when it is */
export function giveMinutes({ id, heldUntil }: Appointment, from: number): number {
  const until = Math.min(Date.parse(heldUntil as string), from + stepMinutes * 60_000);
  keptInWindow.set(place(id), String(until));
  return until;
}

const place = (id: string): string => `cabinet.hold.${id}`;

/** What this window keeps with a practitioner and did not book: who went back finds their own time missing from the free ones. */
export function useHeldTimes(patientId: string, practitionerId: string): Appointment[] {
  const { data } = useAppointmentsOf(patientId);
  const own = data?.items.filter((each) => each.practitionerId === practitionerId) ?? [];
  return own.filter(
    (each) => isHeld(each) && ownUntil(each) !== undefined && Date.parse(each.heldUntil as string) > now(),
  );
}

/** Lets go of what was kept, so that it is free for others at once. */
export function useLetGo() {
  const { t } = useLingui();
  const changed = useAppointmentsChanged();
  return useMutation({
    mutationFn(held: Appointment) {
      keptInWindow.forget(place(held.id));
      return cancelAppointment(held, 'pat', t`Not booked after all`);
    },
    onSettled: () => changed(),
  });
}

export function HeldTimes({ held }: { held: readonly Appointment[] }) {
  return held.map((each) => <HeldTime key={each.id} held={each} />);
}

function HeldTime({ held }: { held: Appointment }) {
  const { t } = useLingui();
  const leaving = useLetGo();
  return (
    <Notice look="warn" title={t`A time is kept for you, and not booked yet`}>
      <p>
        <When start={held.start} end={held.end} zone={held.zone} />
      </p>
      {leaving.error && <Failure error={leaving.error} onRetry={() => leaving.mutate(held)} />}
      <div className="flex flex-wrap gap-3">
        <Link
          to="/patients/$patientId/appointments/$appointmentId"
          params={{ patientId: held.patientId, appointmentId: held.id }}
          className={buttonLook({ look: 'main', size: 'desk' })}
        >
          <Trans>Check and book</Trans>
        </Link>
        <Button size="desk" isBusy={leaving.isPending} onClick={() => leaving.mutate(held)}>
          <Trans>Let it go</Trans>
        </Button>
      </div>
    </Notice>
  );
}
