import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Message } from '../api/types.ts';
import { usePerson } from '../session/use-session.ts';
import { momentAt } from '../time/zone.ts';
import {
  messageAudiences,
  messageChannels,
  messageFailures,
  messageHolds,
  messageKinds,
  messageReasons,
  messageStates,
  stepWords,
} from '../words/messages.ts';
import { Card } from './page.tsx';

const looks: Partial<Record<Message['state'], string>> = {
  delivered: 'text-good',
  failed: 'text-bad',
  held: 'text-warn',
};

interface Props {
  message: Message;
  /** By whose clock times are shown. */
  zone: string;
  /** Whom it is about, where not all on the page are about the same. */
  about?: ReactNode;
  /** What can be done with it. */
  beside?: ReactNode;
  /** What it said. */
  children?: ReactNode;
}

/** What was decided of one message: whether it left, when and by what, and if it did not, why. */
export function MessageLine({ message, zone, about, beside, children }: Props) {
  const { i18n } = useLingui();
  const { kind, channel, state, step, covers, mayHaveLeftTwice } = message;
  const before = stepWords(step);
  const facts = [messageChannels[channel], ...(before ? [before] : [])].map((each) => i18n._(each)).join(', ');
  return (
    <Card className="grid gap-1 py-3">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="grid min-w-60 flex-1 gap-1">
          <p>
            {about && <span className="font-semibold">{about} · </span>}
            <span className="font-semibold">{i18n._(messageKinds[kind])}</span> · {facts}
          </p>
          <p>
            <strong className={looks[state] ?? ''}>{i18n._(messageStates[state])}</strong> ·{' '}
            <Leaving message={message} zone={zone} />
          </p>
          <WhyNot message={message} />
          {mayHaveLeftTwice && (
            <p className="text-sm text-warn">
              <Trans>A process ended while it was sent: it may have left twice.</Trans>
            </p>
          )}
          <p className="text-sm text-quiet">
            <Whom message={message} />
            <AboutVisit message={message} zone={zone} />
          </p>
          {covers && covers.length > 1 && (
            <p className="text-sm text-quiet">
              <Plural value={covers.length} one="It speaks of # appointment." other="It speaks of # appointments." />
            </p>
          )}
        </div>
        {beside}
      </div>
      {children}
    </Card>
  );
}

/** When it leaves, left, or was to. */
function Leaving({ message: { state, nextAt, dueAt, sentAt }, zone }: Pick<Props, 'message' | 'zone'>) {
  const { i18n } = useLingui();
  const at = state === 'planned' ? nextAt : (sentAt ?? dueAt);
  const when = momentAt(at, zone, i18n.locale);
  if (state === 'planned' || sentAt) return <time dateTime={at}>{when}</time>;
  return (
    <time dateTime={at}>
      <Trans>was to leave {when}</Trans>
    </time>
  );
}

/** Why it did not leave, or has not yet. */
function WhyNot({ message: { state, reason, hold, failure } }: Pick<Props, 'message'>) {
  const { i18n } = useLingui();
  const words =
    (reason && messageReasons[reason]) ?? (hold && messageHolds[hold]) ?? (failure && messageFailures[failure.class]);
  if (!words) return null;
  return (
    <p>
      {i18n._(words)} {state === 'planned' && <Trans>It is tried again.</Trans>}
    </p>
  );
}

function Whom({ message: { recipientId, audience, askedBy, resendOf, occasion } }: Pick<Props, 'message'>) {
  const { i18n, t } = useLingui();
  const person = usePerson();
  const whom =
    occasion === 'code'
      ? t`to whoever is to have the code`
      : occasion === 'alert'
        ? t`to who is to see the alert`
        : recipientId === person.patientId
          ? t`to you`
          : i18n._(messageAudiences[audience]);
  const said = [whom];
  if (resendOf) said.push(askedBy === person.id ? t`sent again by you` : t`sent again by the practice`);
  else if (askedBy) said.push(askedBy === person.id ? t`asked for by you` : t`asked for by the practice`);
  return said.join(' · ');
}

function AboutVisit({ message: { patientId, appointmentId, startsAt }, zone }: Pick<Props, 'message' | 'zone'>) {
  const { i18n } = useLingui();
  if (!patientId || !appointmentId || !startsAt) return null;
  const when = momentAt(startsAt, zone, i18n.locale);
  return (
    <>
      {' · '}
      <Link to="/patients/$patientId/appointments/$appointmentId" params={{ patientId, appointmentId }}>
        <Trans>Appointment of {when}</Trans>
      </Link>
    </>
  );
}
