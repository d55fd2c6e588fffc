import { z } from 'zod';
import { day, hour, minute } from '../time/zoned-time.js';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 10:00');
const channel = z.enum(['email', 'sms', 'push']);
const channels = z.array(channel).max(3);
// Whom a rule of alerts names has an address: by it, whatever else, they are told.
const someChannels = channels.refine(
  (its) => its.includes('email'),
  'must have email: it reaches all who are to see alerts',
);
const minutes = z.number().int().min(0).max(1_440);

const usualAlert = { channels: ['email' as const], urgentChannels: ['sms' as const, 'email' as const] };

const reminder = z.object({
  channel,
  /** Days before the visit, by the calendar of the practice. */
  daysBefore: z.number().int().min(0).max(60),
  /** On that day, by the clock of the practice. */
  at: time,
});
const reminders = z.array(reminder).max(12);

/** What leaves when; kept as data, in versions, each with its author. */
export const policySchema = z.object({
  confirmation: z.object({ channels }),
  /** A visit that was moved or cancelled, by whom that be, a request that was declined, or an absence. */
  change: z.object({
    channels,
    /** Quiet before anybody is told, so that what is undone meanwhile tells nothing. */
    quietMinutes: minutes,
  }),
  offer: z.object({ channels }),
  message: z.object({ channels }),
  /** Who is to see an alert of a patient: always by something, whatever the hour and however much has left already. */
  alert: z.object({ channels: someChannels, urgentChannels: someChannels }).default(usualAlert),
  reminders,
  /** Instead of `reminders`, for these types of appointment. */
  byType: z
    .array(z.object({ appointmentTypeIds: z.array(z.uuid()).min(1).max(200), reminders }))
    .max(50)
    .default([]),
  /** Of a visit booked so late that the time of a reminder has passed, the last of its channel leaves so many minutes after. */
  lateMinutes: minutes,
  /** Several visits of somebody on one day are told by one reminder. */
  mergesVisitsOfOneDay: z.boolean(),
  quietHours: z.object({
    channels,
    from: time,
    until: time,
    /** 1 is Monday. */ days: z.array(z.int().min(1).max(7)).max(7),
  }),
  /** What anybody gets in a day at most; the rest is held. */
  recipientDailyMax: z.number().int().min(1).max(1_000),
  /** What leaves in a day at most, by channel; the rest is held. */
  dailyBudget: z.object({
    email: z.number().int().min(0).max(10_000_000),
    sms: z.number().int().min(0).max(10_000_000),
    push: z.number().int().min(0).max(10_000_000),
  }),
});
export type Policy = z.infer<typeof policySchema>;
export type ReminderRule = z.infer<typeof reminder>;

/** What is so until the practice says otherwise. */
export const usualPolicy: Policy = {
  confirmation: { channels: ['email'] },
  change: { channels: ['email', 'sms'], quietMinutes: 10 },
  offer: { channels: ['email', 'sms'] },
  message: { channels: ['email'] },
  alert: usualAlert,
  reminders: [
    { channel: 'email', daysBefore: 7, at: '10:00' },
    { channel: 'email', daysBefore: 1, at: '10:00' },
    { channel: 'sms', daysBefore: 2, at: '10:00' },
  ],
  byType: [],
  lateMinutes: 10,
  mergesVisitsOfOneDay: true,
  // And on Sundays.
  quietHours: { channels: ['sms', 'push'], from: '20:00', until: '08:00', days: [7] },
  recipientDailyMax: 20,
  dailyBudget: { email: 20_000, sms: 2_000, push: 20_000 },
};

/** A policy in force since it was set. */
export interface PolicyVersion {
  /** From 1; 0 is what is usual. */
  version: number;
  policy: Policy;
  /** User id; absent: it is what is usual. */
  setBy?: string;
  setAt?: Date;
}

export const stepOf = ({ daysBefore }: Pick<ReminderRule, 'daysBefore'>): string => `P${daysBefore}D`;

/** The reminders of a type of appointment. */
export const remindersOf = ({ byType, reminders }: Policy, appointmentTypeId: string): ReminderRule[] =>
  byType.find(({ appointmentTypeIds }) => appointmentTypeIds.includes(appointmentTypeId))?.reminders ?? reminders;

/** How long after it was due something is still of use, in milliseconds. */
export const usefulMs = {
  confirmation: day,
  moved: day,
  cancelled: day,
  declined: day,
  offer: day,
  'emergency-access': 7 * day,
  'password-reset': 30 * minute,
  invitation: 7 * day,
  registration: 7 * day,
  // The next step tells somebody else meanwhile; whether it is still so is asked as it leaves.
  alert: hour,
  'urgent-alert': hour,
  'results-ready': 3 * day,
  'document-received': 3 * day,
  'call-us': day,
  'bring-documents': day,
} as const;

/** The further ahead the visit, the longer: of the day before five hours, of a week before a day. */
export const reminderUsefulMs = (daysBefore: number): number =>
  daysBefore >= 3 ? day : daysBefore === 2 ? 12 * hour : 5 * hour;
