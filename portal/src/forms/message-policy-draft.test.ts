import { describe, expect, it } from 'vitest';
import type { MessagePolicy } from '../api/types.ts';
import { isWholePolicy, policyOf, policyTypedOf } from './message-policy-draft.ts';

const policy: MessagePolicy = {
  confirmation: { channels: ['email'] },
  change: { channels: ['email', 'sms'], quietMinutes: 10 },
  offer: { channels: ['email', 'sms'] },
  message: { channels: [] },
  alert: { channels: ['email'], urgentChannels: ['email', 'sms'] },
  reminders: [
    { channel: 'email', daysBefore: 7, at: '10:00' },
    { channel: 'sms', daysBefore: 7, at: '18:00' },
  ],
  byType: [{ appointmentTypeIds: ['019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11'], reminders: [] }],
  lateMinutes: 10,
  mergesVisitsOfOneDay: true,
  quietHours: { channels: ['sms'], from: '20:00', until: '08:00', days: [1, 7] },
  recipientDailyMax: 20,
  dailyBudget: { email: 20_000, sms: 0, push: 20_000 },
};
const typed = policyTypedOf(policy);
const [first, second] = typed.reminders as [(typeof typed.reminders)[number], (typeof typed.reminders)[number]];

describe('what leaves when, as it is filled in', () => {
  it('is stored again as it was', () => {
    expect(policyOf(typed)).toEqual(policy);
    expect(isWholePolicy(typed)).toBe(true);
  });

  it('has no reminders of single kinds where none are stored', () => {
    const { byType: _, ...rest } = policy;
    expect(policyOf(policyTypedOf(rest))).toEqual({ ...rest, byType: [] });
  });

  it('tells of alerts as is usual where nothing is said of them, and always by e-mail', () => {
    const { alert: usual, ...rest } = policy;
    expect(policyOf(policyTypedOf(rest)).alert).toEqual(usual);
    expect(policyOf({ ...typed, alert: ['push'], urgentAlert: [] }).alert).toEqual({
      channels: ['email', 'push'],
      urgentChannels: ['email'],
    });
  });

  it('stores quiet days in the order of the week, whatever the order in which they were ticked', () => {
    expect(policyOf({ ...typed, quietDays: ['sun', 'tue'] }).quietHours.days).toEqual([2, 7]);
  });

  it.each([
    ['a number that is none', { changeMinutes: 'ten' }],
    ['a number that is left out', { emailMax: '' }],
    ['fewer than one message a day', { recipientMax: '0' }],
    ['more minutes than a day has', { lateMinutes: '1441' }],
    ['half a minute', { lateMinutes: '0.5' }],
    ['no beginning of quiet hours', { quietFrom: '' }],
    ['a reminder without its days', { reminders: [{ ...first, daysBefore: '' }] }],
    ['a reminder of more than sixty days before', { reminders: [{ ...first, daysBefore: '61' }] }],
    ['a reminder without its hour', { reminders: [{ ...first, at: '' }] }],
    ['two reminders by one channel on one day', { reminders: [first, { ...first, daysBefore: '07', at: '12:00' }] }],
    ['reminders of no kind of visit', { byType: [{ appointmentTypeIds: [], reminders: [first] }] }],
    [
      'a kind of visit with a reminder twice',
      { byType: [{ appointmentTypeIds: ['one'], reminders: [first, { ...first }] }] },
    ],
  ])('is not whole with %s', (_, change) => {
    expect(isWholePolicy({ ...typed, ...change })).toBe(false);
  });

  it('is whole with reminders by two channels on one day, and with none at all', () => {
    expect(isWholePolicy({ ...typed, reminders: [first, { ...second, daysBefore: '7' }] })).toBe(true);
    expect(isWholePolicy({ ...typed, reminders: [] })).toBe(true);
  });
});
