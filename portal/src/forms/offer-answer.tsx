import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { problemOf } from '../api/problem.ts';
import type { Offer, WaitingDetails } from '../api/types.ts';
import { acceptOffer, refuseOffer, useWaitingChanged } from '../api/waiting-list.ts';
import { doUnlessUndone, useDelayed } from '../frame/delayed.ts';
import { clockOf, useSecondsLeft } from '../time/countdown.ts';
import { When } from '../time/time.tsx';
import { dayAt, timeAt } from '../time/zone.ts';
import { Button, buttonLook } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { WantName } from '../ui/waiting-facts.tsx';

/** Minutes before the end at which it is said aloud. */
const spokenMinutes = [10, 2];

/** A time that is offered, and until when: taken, it is booked at once; not wanted, it goes to the next ten seconds later. */
export function OfferAnswer({ waiting, offer }: { waiting: WaitingDetails; offer: Offer }) {
  const { i18n, t } = useLingui();
  const go = useNavigate();
  const changed = useWaitingChanged();
  const secondsLeft = useSecondsLeft(Date.parse(offer.endsAt));
  const refusalId = `offer-refuse/${offer.appointmentId}`;
  const isRefusing = useDelayed().waiting.some(({ id }) => id === refusalId);
  const { patientId } = waiting;
  const accepting = useMutation({
    mutationFn: () => acceptOffer(waiting),
    onSuccess: changed,
    onError: () => changed(),
  });
  const accept = () =>
    accepting.mutate(undefined, {
      // Only who is still here is led on.
      onSuccess: () => {
        const params = { patientId, appointmentId: offer.appointmentId };
        void go({ to: '/patients/$patientId/appointments/$appointmentId', params });
      },
    });
  const refuse = () => {
    const [day, time] = [dayAt, timeAt].map((words) => words(offer.start, offer.zone, i18n.locale));
    doUnlessUndone(refusalId, t`The time of ${day}, ${time} will go to the next on the list.`, async () => {
      changed(await refuseOffer(waiting));
    });
  };
  return (
    <section
      aria-label={t`A time is offered`}
      className="grid gap-3 rounded-card border-2 border-accent bg-surface p-4"
    >
      <p className="text-lg font-semibold">
        <When start={offer.start} end={offer.end} zone={offer.zone} />
      </p>
      <p>
        <WantName {...offer} />
      </p>
      {waiting.replaces && (
        <p>
          <Trans>Taking it cancels the appointment that it replaces, in the same step.</Trans>
        </p>
      )}
      <TimeLeft secondsLeft={secondsLeft} offer={offer} />
      {accepting.error && <Failure error={accepting.error} />}
      {problemOf(accepting.error)?.status === 409 && <WayOn patientId={patientId} {...offer} />}
      <div className="flex flex-wrap gap-3">
        <Button look="main" onClick={accept} isBusy={accepting.isPending} disabled={isRefusing}>
          <Trans>Take this time</Trans>
        </Button>
        <Button onClick={refuse} disabled={isRefusing || accepting.isPending}>
          <Trans>It does not suit</Trans>
        </Button>
      </div>
    </section>
  );
}

function TimeLeft({ secondsLeft, offer }: { secondsLeft: number; offer: Offer }) {
  const { i18n } = useLingui();
  const [time, day] = [timeAt, dayAt].map((words) => words(offer.endsAt, offer.zone, i18n.locale));
  if (secondsLeft === 0)
    return (
      <Notice look="warn" role="status" title={<Trans>The time to answer is over</Trans>}>
        <p>
          <Trans>It may be with the next already. You can still try; the place on the list is kept.</Trans>
        </p>
      </Notice>
    );
  const spoken = spokenMinutes.find((minutes) => secondsLeft <= minutes * 60 && secondsLeft > minutes * 60 - 5);
  const left = clockOf(secondsLeft);
  return (
    <p>
      <Trans>
        Kept until {time}, {day}:
      </Trans>{' '}
      <span role="timer" className="font-semibold tabular-nums">
        <Trans>{left} left</Trans>
      </span>
      <span role="status" className="sr-only">
        {spoken !== undefined && (
          <Plural
            value={spoken}
            one="# minute is left to take this time."
            other="# minutes are left to take this time."
          />
        )}
      </span>
    </p>
  );
}

/** What else there is, for who came too late. */
export const WayOn = ({
  patientId,
  practitionerId,
  appointmentTypeId,
}: Pick<Offer, 'practitionerId' | 'appointmentTypeId'> & { patientId: string }) => (
  <div className="flex flex-wrap gap-3">
    <Link
      to="/patients/$patientId/book/$practitionerId"
      params={{ patientId, practitionerId }}
      search={{ type: appointmentTypeId }}
      className={buttonLook({ size: 'desk' })}
    >
      <Trans>See the free times</Trans>
    </Link>
    <Link
      to="/patients/$patientId/appointments"
      params={{ patientId }}
      className={buttonLook({ size: 'desk', look: 'quiet' })}
    >
      <Trans>To the appointments</Trans>
    </Link>
  </div>
);
