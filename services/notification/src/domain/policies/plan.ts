import type { ChannelName } from '../channel.js';
import type { Audience, Kind, Reason } from '../decisions/decision.js';
import { dateIn, daysAfter, instantOf, minute } from '../time/zoned-time.js';
import { type Policy, type ReminderRule, remindersOf, reminderUsefulMs, stepOf, usefulMs } from './policy.js';
import { endOfQuiet } from './quiet-hours.js';

export interface Recipient {
  recipientId: string;
  audience: Audience;
}

/** A visit, as far as it decides what is sent of it when. */
export interface PlannedVisit {
  appointmentTypeId: string;
  start: Date;
  /** When it came to be as it is, as far as anybody here knows. */
  since: Date;
  /** A minor's secret. */
  keptFromGuardians: boolean;
}

/** One message that is to leave, or is known not to. */
export interface Plan extends Recipient {
  kind: Kind;
  step: string;
  channel: ChannelName;
  dueAt: Date;
  expiresAt: Date;
  /** Absent: it is to be sent. */
  reason?: Reason;
}

/** What is said at once, or after the quiet minutes, of what happened to a visit. */
export type NewsOfVisit = 'confirmation' | 'moved' | 'cancelled' | 'declined';

interface Facts {
  policy: Policy;
  /** IANA, of the practice. */
  zone: string;
  recipients: readonly Recipient[];
}

/** What is sent, and when, of what happened to a visit. */
export function planNews(visit: PlannedVisit, kind: NewsOfVisit, { policy, zone, recipients }: Facts): Plan[] {
  const isChange = kind !== 'confirmation';
  const from = visit.since.getTime() + (isChange ? policy.change.quietMinutes * minute : 0);
  const channels = isChange ? policy.change.channels : policy.confirmation.channels;
  return forAll(recipients, channels, (channel) => {
    const due = endOfQuiet(from, channel, policy.quietHours, zone);
    const expires = Math.min((due ?? from) + usefulMs[kind], visit.start.getTime());
    return { kind, step: '', ...whenOrWhy({ due, from, expires }) };
  }).map((plan) => orSecret(plan, visit));
}

/** What is sent of a time that is kept for somebody who waits: at once, and of no use once they must have answered. */
export function planOffer(visit: PlannedVisit, answerBy: Date, { policy, recipients }: Facts): Plan[] {
  const dueAt = visit.since;
  const expiresAt = new Date(Math.max(Math.min(answerBy.getTime(), visit.start.getTime()), dueAt.getTime()));
  return forAll(recipients, policy.offer.channels, () => ({ kind: 'offer', step: '', dueAt, expiresAt })).map((plan) =>
    orSecret(plan, visit),
  );
}

/**
 * The reminders of a visit. One whose time had passed when it was booked is not sent, but the last of its channel soon after, unless
 * that same channel has just confirmed it.
 */
export function planReminders(visit: PlannedVisit, { policy, zone, recipients }: Facts): Plan[] {
  const start = visit.start.getTime();
  const since = visit.since.getTime();
  const timed = remindersOf(policy, visit.appointmentTypeId)
    .map((rule) => ({ rule, time: timeOf(rule, start, zone) }))
    .sort((a, b) => a.time - b.time);
  const plans = timed.map(({ rule, time }) => {
    const late = time <= since;
    const isLast = timed.findLast((each) => each.rule.channel === rule.channel)?.rule === rule;
    const leavesLate = late && isLast && !policy.confirmation.channels.includes(rule.channel);
    const from = leavesLate ? since + policy.lateMinutes * minute : time;
    const due = endOfQuiet(from, rule.channel, policy.quietHours, zone);
    const expires = Math.min((due ?? from) + reminderUsefulMs(rule.daysBefore), start);
    const when = whenOrWhy({ due, from, expires });
    return { rule, when: late && !leavesLate ? { ...when, reason: 'past' as const } : when };
  });
  // The same step by the same channel twice would be one message.
  const single = plans.filter(({ rule }, nth) => plans.findIndex((each) => isSame(each.rule, rule)) === nth);
  return single.flatMap(({ rule, when }) =>
    forAll(recipients, [rule.channel], () => ({ kind: 'reminder', step: stepOf(rule), ...when })).map((plan) =>
      orSecret(plan, visit),
    ),
  );
}

/** When a reminder is meant to leave. */
export const timeOf = ({ daysBefore, at }: ReminderRule, start: number, zone: string): number =>
  instantOf(daysAfter(dateIn(start, zone), -daysBefore), at, zone);

const isSame = (a: ReminderRule, b: ReminderRule): boolean => a.daysBefore === b.daysBefore && a.channel === b.channel;

/** Of what quiet hours would keep until it is of no use, it is said at once why. */
function whenOrWhy({ due, from, expires }: { due: number | undefined; from: number; expires: number }) {
  const at = due ?? from;
  const dueAt = new Date(at);
  const expiresAt = new Date(Math.max(expires, at));
  if (at < expires && due !== undefined) return { dueAt, expiresAt };
  const reason: Reason = due === undefined || due > from ? 'quiet-hours' : 'past';
  return { dueAt, expiresAt, reason };
}

const forAll = (
  recipients: readonly Recipient[],
  channels: readonly ChannelName[],
  planFor: (channel: ChannelName) => Omit<Plan, 'recipientId' | 'audience' | 'channel'>,
): Plan[] =>
  recipients.flatMap(({ recipientId, audience }) =>
    channels.map((channel) => ({ recipientId, audience, channel, ...planFor(channel) })),
  );

const orSecret = (plan: Plan, { keptFromGuardians }: PlannedVisit): Plan =>
  keptFromGuardians && plan.audience === 'guardian' ? { ...plan, reason: 'minors-secret' } : plan;
