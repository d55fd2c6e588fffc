import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link, useParams } from '@tanstack/react-router';
import type { WaitingDetails } from '../../../../api/types.ts';
import { openOfferOf, useWaiting } from '../../../../api/waiting-list.ts';
import { OfferAnswer, WayOn } from '../../../../forms/offer-answer.tsx';
import { useIsLeaving, WaitingLeave } from '../../../../forms/waiting-leave.tsx';
import { Times, When } from '../../../../time/time.tsx';
import { buttonLook } from '../../../../ui/button.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { OfThisPatient } from '../../../../ui/of-this-patient.tsx';
import { Card, Page } from '../../../../ui/page.tsx';
import { Remote } from '../../../../ui/remote.tsx';
import { WaitingTerms, WantNames } from '../../../../ui/waiting-facts.tsx';
import { endings, offerStates, waitingStates } from '../../../../words/waiting.ts';

/** One entry of the waiting list: what is offered, what was, and the way off it. */
export function WaitingEntry() {
  const { t } = useLingui();
  const { waitingId } = useParams({ from: '/signed-in-people/patients/$patientId/waiting/$waitingId' });
  const waiting = useWaiting(waitingId);
  const isOffered = waiting.data && openOfferOf(waiting.data) !== undefined;
  return (
    <Page title={isOffered ? t`A time is offered` : t`On the waiting list`}>
      <Remote of={waiting} label={t`the waiting list`}>
        {(found) => (
          <OfThisPatient thing={found}>
            <Entry waiting={found} />
          </OfThisPatient>
        )}
      </Remote>
    </Page>
  );
}

function Entry({ waiting }: { waiting: WaitingDetails }) {
  const { i18n } = useLingui();
  const isLeaving = useIsLeaving(waiting);
  const offer = openOfferOf(waiting);
  const isOn = waiting.status === 'waitlist' || waiting.status === 'proposed';
  const [want] = waiting.wants;
  return (
    <>
      {isLeaving && <Notice look="warn" title={<Trans>About to be taken off the list</Trans>} />}
      {offer && !isLeaving && <OfferAnswer waiting={waiting} offer={offer} />}
      {!offer && !isLeaving && <LastOffer waiting={waiting} />}
      <Card className="grid gap-2">
        <h2>
          <WantNames wants={waiting.wants} />
        </h2>
        <WaitingTerms waiting={waiting} />
        {waiting.reason && <p className="whitespace-pre-wrap">{waiting.reason}</p>}
        <p className="text-sm">{i18n._(waiting.ended ? endings[waiting.ended] : waitingStates[waiting.status])}</p>
      </Card>
      <Earlier waiting={waiting} />
      <div className="flex flex-wrap gap-3">
        {isOn && <WaitingLeave waiting={waiting} />}
        <Link
          to="/patients/$patientId/waiting"
          params={{ patientId: waiting.patientId }}
          className={buttonLook({ look: 'quiet' })}
        >
          <Trans>To the whole waiting list</Trans>
        </Link>
      </div>
      {!isOn && waiting.status === 'cancelled' && want && <WayOn patientId={waiting.patientId} {...want} />}
    </>
  );
}

/** What became of the last offer, for who comes to answer it when it is gone. */
function LastOffer({ waiting }: { waiting: WaitingDetails }) {
  const [last] = waiting.offers;
  if (!last) return null;
  if (last.status === 'accepted')
    return (
      <Notice look="good" title={<Trans>The time was taken: it is booked</Trans>}>
        <Link
          to="/patients/$patientId/appointments/$appointmentId"
          params={{ patientId: waiting.patientId, appointmentId: last.appointmentId }}
        >
          <Trans>To the appointment</Trans>
        </Link>
      </Notice>
    );
  if (last.status !== 'lapsed') return null;
  return (
    <Notice look="warn" title={<Trans>The last time that was offered went to the next</Trans>}>
      <p>
        <Trans>Nobody answered in time. What becomes free next is offered again.</Trans>
      </p>
      <WayOn patientId={waiting.patientId} {...last} />
    </Notice>
  );
}

function Earlier({ waiting }: { waiting: WaitingDetails }) {
  const { i18n } = useLingui();
  const earlier = waiting.offers.filter(({ status }) => status !== 'open');
  if (earlier.length === 0) return null;
  return (
    <details>
      <summary className="cursor-pointer font-semibold text-accent">
        <Plural value={earlier.length} one="# time was offered before" other="# times were offered before" />
      </summary>
      <Times of={earlier}>
        <ul className="grid gap-2 pt-3">
          {earlier.map((each) => (
            <li key={each.appointmentId}>
              <When start={each.start} zone={each.zone} /> · {i18n._(offerStates[each.status])}
            </li>
          ))}
        </ul>
      </Times>
    </details>
  );
}
