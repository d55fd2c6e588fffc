import { useMemo } from 'react';
import type { MessageChannel, MessagePolicy, MessagePolicyVersion, ReminderRule } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';
import { type PolicyNumber, policyNumberNames, policyNumbers, usualAlert } from '../words/messages.ts';
import { daysOfWeek } from '../words/waiting.ts';

type Day = (typeof daysOfWeek)[number];

/** A reminder as it is typed. */
export type ReminderTyped = Omit<ReminderRule, 'daysBefore'> & { daysBefore: string };

/** Reminders of some kinds of visit, instead of those of all others. */
export interface KindsTyped {
  appointmentTypeIds: string[];
  reminders: ReminderTyped[];
}

/** Alerts always leave by e-mail, by which all who are to see them are reached. */
export const besideEmail = ['sms', 'push'] as const satisfies readonly MessageChannel[];
type BesideEmail = (typeof besideEmail)[number];

/** What leaves when, as it is filled in. */
export type PolicyTyped = Record<PolicyNumber, string> &
  Record<'confirmation' | 'change' | 'offer' | 'message' | 'quiet', MessageChannel[]> & {
    /** By what besides e-mail. */
    alert: BesideEmail[];
    urgentAlert: BesideEmail[];
    reminders: ReminderTyped[];
    byType: KindsTyped[];
    mergesVisitsOfOneDay: boolean;
    quietFrom: string;
    quietUntil: string;
    quietDays: Day[];
  };

/** Of one kind of visit, at most: more are refused by the service. */
export const remindersMax = 12;
export const kindsMax = 50;

const typedOf = (rule: ReminderRule): ReminderTyped => ({ ...rule, daysBefore: String(rule.daysBefore) });
const ruleOf = (typed: ReminderTyped): ReminderRule => ({ ...typed, daysBefore: Number(typed.daysBefore) });

const beside = (channels: readonly MessageChannel[]): BesideEmail[] =>
  besideEmail.filter((each) => channels.includes(each));

export const policyTypedOf = ({ alert = usualAlert, ...policy }: MessagePolicy): PolicyTyped => ({
  confirmation: policy.confirmation.channels,
  change: policy.change.channels,
  offer: policy.offer.channels,
  message: policy.message.channels,
  alert: beside(alert.channels),
  urgentAlert: beside(alert.urgentChannels),
  reminders: policy.reminders.map(typedOf),
  byType: (policy.byType ?? []).map((each) => ({ ...each, reminders: each.reminders.map(typedOf) })),
  mergesVisitsOfOneDay: policy.mergesVisitsOfOneDay,
  quiet: policy.quietHours.channels,
  quietFrom: policy.quietHours.from,
  quietUntil: policy.quietHours.until,
  quietDays: daysOfWeek.filter((_, nth) => policy.quietHours.days.includes(nth + 1)),
  changeMinutes: String(policy.change.quietMinutes),
  lateMinutes: String(policy.lateMinutes),
  recipientMax: String(policy.recipientDailyMax),
  emailMax: String(policy.dailyBudget.email),
  smsMax: String(policy.dailyBudget.sms),
  pushMax: String(policy.dailyBudget.push),
});

/** The same as the practice stores it. */
export const policyOf = (typed: PolicyTyped): MessagePolicy => ({
  confirmation: { channels: typed.confirmation },
  change: { channels: typed.change, quietMinutes: Number(typed.changeMinutes) },
  offer: { channels: typed.offer },
  message: { channels: typed.message },
  alert: { channels: ['email', ...typed.alert], urgentChannels: ['email', ...typed.urgentAlert] },
  reminders: typed.reminders.map(ruleOf),
  byType: typed.byType.map((each) => ({ ...each, reminders: each.reminders.map(ruleOf) })),
  lateMinutes: Number(typed.lateMinutes),
  mergesVisitsOfOneDay: typed.mergesVisitsOfOneDay,
  quietHours: {
    channels: typed.quiet,
    from: typed.quietFrom,
    until: typed.quietUntil,
    days: daysOfWeek.flatMap((day, nth) => (typed.quietDays.includes(day) ? [nth + 1] : [])),
  },
  recipientDailyMax: Number(typed.recipientMax),
  dailyBudget: { email: Number(typed.emailMax), sms: Number(typed.smsMax), push: Number(typed.pushMax) },
});

const isNumber = (typed: string, min: number, max: number): boolean =>
  /^\d+$/.test(typed.trim()) && Number(typed) >= min && Number(typed) <= max;

export const numberLacks = (name: PolicyNumber, typed: string): boolean =>
  !isNumber(typed, policyNumbers[name].min, policyNumbers[name].max);

export const daysLack = ({ daysBefore }: ReminderTyped): boolean => !isNumber(daysBefore, 0, 60);

/** Whether another says the same day and channel: one alone would leave. */
export const isDoubled = (reminder: ReminderTyped, all: readonly ReminderTyped[]): boolean =>
  all.some(
    (each) =>
      each !== reminder &&
      each.channel === reminder.channel &&
      Number(each.daysBefore) === Number(reminder.daysBefore) &&
      each.daysBefore.trim() !== '',
  );

const remindersLack = (all: readonly ReminderTyped[]): boolean =>
  all.some((each) => daysLack(each) || each.at === '' || isDoubled(each, all));

export const isWholePolicy = (typed: PolicyTyped): boolean =>
  policyNumberNames.every((name) => !numberLacks(name, typed[name])) &&
  typed.quietFrom !== '' &&
  typed.quietUntil !== '' &&
  !remindersLack(typed.reminders) &&
  typed.byType.every((each) => each.appointmentTypeIds.length > 0 && !remindersLack(each.reminders));

/** What is typed of the policy. The page has it, since what it would send is shown beside the form. */
export function useMessagePolicyDraft({ policy }: MessagePolicyVersion) {
  const stored = useMemo(() => policyTypedOf(policy), [policy]);
  return useDraft<PolicyTyped>('message-policy-set', stored);
}

export type MessagePolicyDraft = ReturnType<typeof useMessagePolicyDraft>;
