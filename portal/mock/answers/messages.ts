import type { notificationApi } from '@cabinet/contracts';
import { appointments } from '../agenda.ts';
import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, patients } from '../people.ts';

type Message = notificationApi.components['schemas']['NotificationResponse'];
type Wishes = notificationApi.components['schemas']['PreferencesResponse'];

const hour = 3_600_000;
const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' });
/** By the clock of the practice. */
const dayOf = (instant: string): string => dayFormat.format(new Date(instant));
/** On that day there, in some days from now, at ten or eleven by its clock. */
const atTen = (days: number): string => `${dayOf(new Date(Date.now() + days * 24 * hour).toISOString())}T09:00:00.000Z`;
const later = (instant: string, hours: number): string => new Date(Date.parse(instant) + hours * hour).toISOString();

/** Every message, by its id. */
const messages = new Map<string, Message>();

function decide(name: string, its: Partial<Message> & Pick<Message, 'kind' | 'state' | 'dueAt'>): Message {
  const recipientId = its.recipientId ?? its.patientId ?? idOf(`recipient of ${name}`);
  const message: Message = {
    ...{ id: idOf(`message ${name}`), version: 1, occasion: 'appointment', occasionId: idOf(`occasion of ${name}`) },
    ...{ occasionVersion: 1, recipientId, audience: 'self', step: '', channel: 'email' },
    ...{ nextAt: its.dueAt, expiresAt: later(its.dueAt, 24), decidedAt: its.dueAt, attempts: 0 },
    ...its,
  };
  messages.set(message.id, message);
  return message;
}

const left = { attempts: 1, provider: 'smtp', templateVersion: 'file:1', language: 'fr' } as const;
const [alice, other, third] = patients;
/** A visit to come, as the ledger has it. */
function visitOf(patientId: string | undefined): Partial<Message> {
  const visit = [...appointments.values()].find((each) => each.patientId === patientId && each.status === 'booked');
  return { patientId, appointmentId: visit?.id, startsAt: visit?.start };
}
const ofAlice = visitOf(alice?.id);
const sent = (dueAt: string) => ({ ...left, dueAt, sentAt: dueAt });

decide('confirmation', {
  ...ofAlice,
  ...sent(atTen(-3)),
  kind: 'confirmation',
  state: 'delivered',
  template: 'confirmation',
});
decide('reminder', { ...ofAlice, dueAt: atTen(1), kind: 'reminder', step: 'P1D', state: 'planned' });
decide('sms', {
  ...ofAlice,
  dueAt: atTen(0),
  kind: 'reminder',
  step: 'P2D',
  channel: 'sms',
  state: 'suppressed',
  reason: 'no-address',
});
decide('call', {
  ...{ patientId: alice?.id, occasion: 'request', askedBy: idOf('user secretary'), ...left, dueAt: atTen(-1) },
  ...{ kind: 'call-us', state: 'failed', failure: { class: 'permanent-address', text: '550 5.1.1 User unknown' } },
});
decide('move', {
  ...visitOf(other?.id),
  ...sent(atTen(0)),
  kind: 'moved',
  state: 'sent',
  template: 'moved',
  mayHaveLeftTwice: true,
});
decide('budget', {
  ...visitOf(third?.id),
  dueAt: atTen(0),
  kind: 'reminder',
  step: 'P1D',
  channel: 'sms',
  state: 'held',
  hold: 'budget',
});
decide('old time', {
  ...visitOf(third?.id),
  dueAt: atTen(0),
  kind: 'reminder',
  step: 'P7D',
  state: 'suppressed',
  reason: 'superseded',
});
decide('code', {
  ...sent(atTen(0)),
  occasion: 'code',
  kind: 'password-reset',
  state: 'sent',
  template: 'password-reset',
});

/** What each patient wants, by their id. */
export const wishes = new Map<string, Wishes>();

/** As the service judges: patients what is about themselves, and about whom they act for. */
const isTheirs = ({ who }: Asked<unknown>, patientId: string | undefined): boolean =>
  patientId !== undefined &&
  (who.patientId === patientId ||
    who.actsFor?.some((each) => each.patientId === patientId && each.sections.includes('appointments')) === true);
const refused = () => new Refused(403, 'NOTIFICATION.NOT_YOURS', 'These notifications are of somebody else');

/** Of the practice, who works for every practitioner. */
function assertMayAskFor(asked: Asked<unknown>, patientId: string | undefined): void {
  if (!asked.who.worksForAll && !isTheirs(asked, patientId)) throw refused();
}

/** Whoever is at a desk may set what a patient wants. */
function wishesFor(asked: Asked<unknown>): Wishes {
  const patientId = asked.path.patientId as string;
  if (!asked.who.roles.includes('secretary') && !isTheirs(asked, patientId)) throw refused();
  return wishes.get(patientId) ?? { patientId, version: 0, unwanted: [] };
}

function found(asked: Asked<unknown>): Message {
  const message = messages.get(asked.path.id as string);
  if (!message) throw notFound('NOTIFICATION.NOT_FOUND');
  assertMayAskFor(asked, message.patientId);
  return message;
}

/** What was decided of messages, and what patients want. */
export const messageAnswers: Handler[] = [
  on('get', '/api/notifications', (asked) => {
    const { query } = asked;
    assertMayAskFor(asked, query.get('patientId') ?? undefined);
    const is = (name: 'patientId' | 'state' | 'kind' | 'channel', message: Message) =>
      query.get(name) === null || query.get(name) === message[name];
    const items = [...messages.values()]
      .filter((each) => (['patientId', 'state', 'kind', 'channel'] as const).every((name) => is(name, each)))
      .filter(({ dueAt }) => query.get('day') === null || query.get('day') === dayOf(dueAt))
      .sort((a, b) => b.dueAt.localeCompare(a.dueAt));
    return { body: { items } };
  }),
  on('get', '/api/notifications/{id}', (asked) => {
    const message = found(asked);
    const subject = message.channel === 'email' ? 'Rendez-vous – Cabinet' : '';
    const content = { subject, text: 'Bonjour Alice Martin,\n\nNous confirmons votre rendez-vous.' };
    return { body: { ...message, ...(message.sentAt && message.occasion !== 'code' && { content }) } };
  }),
  on('post', '/api/notifications/{id}/resend', (asked) => {
    const before = found(asked);
    if (before.state === 'planned') throw new Refused(409, 'NOTIFICATION.UNDER_WAY', 'It has not been decided yet');
    if (before.reason === 'superseded')
      throw new Refused(409, 'NOTIFICATION.NO_LONGER_SO', 'What it said is no longer so');
    const { occasion, occasionId, occasionVersion, patientId, recipientId, audience } = before;
    const { kind, step, channel, appointmentId, startsAt } = before;
    const again = decide(`${before.id} again ${messages.size}`, {
      ...{ occasion, occasionId, occasionVersion, patientId, recipientId, audience },
      ...{ kind, step, channel, appointmentId, startsAt, state: 'planned', dueAt: new Date().toISOString() },
      ...{ resendOf: before.id, askedBy: asked.who.id },
    });
    return { status: 201, body: again };
  }),
  on('get', '/api/notification-preferences/{patientId}', (asked) => ({ body: wishesFor(asked) })),
  on('put', '/api/notification-preferences/{patientId}', (asked) => {
    const before = wishesFor(asked);
    const { patientId } = before;
    if (asked.version() !== before.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
    const next = { ...asked.body, patientId, version: before.version + 1 };
    wishes.set(patientId, next);
    return { body: next };
  }),
];
