import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { nameOfPatient, usePatient } from '../api/patients.ts';
import type { Offer, PassedOver, Waiting, WaitingDetails } from '../api/types.ts';
import { openOfferOf, useWaiting } from '../api/waiting-list.ts';
import { dayAt, timeAt } from '../time/zone.ts';
import { buttonLook } from '../ui/button.tsx';
import { Card } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { WaitingTerms, WantNames } from '../ui/waiting-facts.tsx';
import { passedOverReasons, priorities } from '../words/waiting.ts';
import { OfferAnswer } from './offer-answer.tsx';
import { useIsLeaving, WaitingLeave } from './waiting-leave.tsx';

/** That somebody in front was not offered a time, and why. */
interface Passing {
  offer: Offer;
  code: PassedOver['code'];
}

/** Who was passed over for what is offered now, by the ids of their entries. */
export function passingsIn(details: readonly WaitingDetails[]): Map<string, Passing[]> {
  const passings = new Map<string, Passing[]>();
  for (const each of details) {
    const offer = openOfferOf(each);
    for (const { waitingId, code } of offer?.passedOver ?? [])
      passings.set(waitingId, [...(passings.get(waitingId) ?? []), { offer: offer as Offer, code }]);
  }
  return passings;
}

/** What is offered to somebody, why to them, and what they answer, as they say it on the telephone. */
export function OfferLine({ waiting }: { waiting: Waiting }) {
  const { t } = useLingui();
  const details = useWaiting(waiting.id);
  const name = usePatientName(waiting.patientId);
  return (
    <Card className="grid gap-3">
      <PatientLink waiting={waiting} name={name} />
      <Remote of={details} label={t`what is offered`}>
        {(found) => {
          const offer = openOfferOf(found);
          if (!offer)
            return (
              <p>
                <Trans>The offer has just ended.</Trans>
              </p>
            );
          return (
            <>
              <WhyThem passedOver={offer.passedOver} />
              <OfferAnswer waiting={found} offer={offer} />
              <div>
                <WaitingLeave waiting={found} patientName={name} />
              </div>
            </>
          );
        }}
      </Remote>
    </Card>
  );
}

function WhyThem({ passedOver }: Pick<Offer, 'passedOver'>) {
  if (!passedOver)
    return (
      <p className="text-sm text-quiet">
        <Trans>Why to them is for the practitioner’s own office to see.</Trans>
      </p>
    );
  if (passedOver.length === 0)
    return (
      <p className="text-sm">
        <Trans>They are the first on the list.</Trans>
      </p>
    );
  return (
    <details className="text-sm">
      <summary className="cursor-pointer font-semibold text-accent">
        <Plural
          value={passedOver.length}
          one="The first whom it suits: # in front was passed over"
          other="The first whom it suits: # in front were passed over"
        />
      </summary>
      <ul className="list-disc pt-2 pl-5">
        {passedOver.map((each) => (
          <PassedOverLine key={each.waitingId} {...each} />
        ))}
      </ul>
    </details>
  );
}

function PassedOverLine({ waitingId, code }: PassedOver) {
  const { i18n } = useLingui();
  const { data, error } = useWaiting(waitingId);
  const name = usePatientName(data?.patientId);
  const reason = i18n._(passedOverReasons[code]);
  return (
    <li>
      {error ? <Trans>Somebody whose entry you may not see</Trans> : name}: {reason}
    </li>
  );
}

/** @param place on the list, from 1 */
export function WaitingLine({ waiting, place, passings }: { waiting: Waiting; place: number; passings: Passing[] }) {
  const { i18n, t } = useLingui();
  const name = usePatientName(waiting.patientId);
  const isLeaving = useIsLeaving(waiting);
  const [want] = waiting.wants;
  return (
    <Card className="grid gap-2 tablet:grid-cols-[2rem_1fr_auto] tablet:gap-4">
      <p className="font-semibold tabular-nums">{place}.</p>
      <div className={`grid gap-1 ${isLeaving ? 'line-through' : ''}`}>
        <PatientLink waiting={waiting} name={name} />
        <p>
          <WantNames wants={waiting.wants} />
        </p>
        <WaitingTerms waiting={waiting} />
        <p className="text-sm">
          {i18n._(priorities[waiting.priority])}
          {waiting.lapses > 0 && (
            <>
              {' · '}
              <Plural value={waiting.lapses} one="# offer was not answered" other="# offers were not answered" />
            </>
          )}
        </p>
        {passings.map(({ offer, code }) => {
          const [day, time] = [dayAt, timeAt].map((words) => words(offer.start, offer.zone, i18n.locale));
          const reason = i18n._(passedOverReasons[code]);
          return (
            <p key={offer.appointmentId} className="text-sm text-warn">
              <Trans>
                Passed over for {time}, {day}: {reason}
              </Trans>
            </p>
          );
        })}
      </div>
      <div className="flex flex-wrap content-start gap-2 tablet:flex-col">
        {want && (
          <Link
            to="/patients/$patientId/book/$practitionerId"
            params={{ patientId: waiting.patientId, practitionerId: want.practitionerId }}
            search={{ type: want.appointmentTypeId }}
            aria-label={t`Find a time for them: ${name}`}
            className={buttonLook({ size: 'desk' })}
          >
            <Trans>Find a time for them</Trans>
          </Link>
        )}
        <WaitingLeave waiting={waiting} patientName={name} />
      </div>
    </Card>
  );
}

const PatientLink = ({ waiting, name }: { waiting: Waiting; name: string }) => (
  <p className="font-semibold">
    <Link to="/patients/$patientId/waiting/$waitingId" params={{ patientId: waiting.patientId, waitingId: waiting.id }}>
      {name}
    </Link>
  </p>
);

/** The name, or that it could not be read. */
function usePatientName(patientId: string | undefined): string {
  const { t } = useLingui();
  const { data, error } = usePatient(patientId ?? '', patientId !== undefined);
  return data ? nameOfPatient(data) : error ? t`a patient who could not be read` : '…';
}
