import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockMinutes, dateIn, day, daysAfter, hour, minute, minutesOf } from '../time/zoned-time.js';
import { type PlannedVisit, planNews, planReminders, type Recipient, timeOf } from './plan.js';
import { type Policy, reminderUsefulMs, usualPolicy } from './policy.js';
import { endOfQuiet, isQuiet } from './quiet-hours.js';

const zone = 'Europe/Paris';
const typeId = '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11';
const self: Recipient = { recipientId: 'claire', audience: 'self' };
const guardian: Recipient = { recipientId: 'paul', audience: 'guardian' };
const visit = (more: Partial<PlannedVisit> = {}): PlannedVisit => ({
  appointmentTypeId: typeId,
  start: new Date('2026-12-08T09:30:00+01:00'),
  since: new Date('2026-11-20T11:00:00+01:00'),
  keptFromGuardians: false,
  ...more,
});
const facts = (policy: Partial<Policy> = {}, recipients: Recipient[] = [self]) => ({
  policy: { ...usualPolicy, ...policy },
  zone,
  recipients,
});
const brief = (plans: ReturnType<typeof planReminders>) =>
  plans.map(({ channel, step, dueAt, reason }) => [step, channel, dueAt.toISOString(), reason]);

describe('the reminders of a visit', () => {
  it('leave on the days and at the hours that the practice set, by its clock', () => {
    expect(brief(planReminders(visit(), facts()))).toEqual([
      ['P7D', 'email', '2026-12-01T09:00:00.000Z', undefined],
      ['P2D', 'sms', '2026-12-07T07:00:00.000Z', undefined],
      ['P1D', 'email', '2026-12-07T09:00:00.000Z', undefined],
    ]);
  });

  it('are those of its type of appointment, where that has its own', () => {
    const byType = [
      { appointmentTypeIds: [typeId], reminders: [{ channel: 'sms' as const, daysBefore: 1, at: '12:00' }] },
    ];
    expect(brief(planReminders(visit(), facts({ byType })))).toEqual([
      ['P1D', 'sms', '2026-12-07T11:00:00.000Z', undefined],
    ]);
  });

  it('leave ten minutes after a late booking, the last of each channel that has not just confirmed it', () => {
    const since = new Date('2026-12-07T15:00:00+01:00');
    expect(brief(planReminders(visit({ since }), facts()))).toEqual([
      ['P7D', 'email', '2026-12-01T09:00:00.000Z', 'past'],
      ['P2D', 'sms', '2026-12-07T14:10:00.000Z', undefined],
      ['P1D', 'email', '2026-12-07T09:00:00.000Z', 'past'],
    ]);
    const unconfirmed = facts({ confirmation: { channels: [] } });
    expect(brief(planReminders(visit({ since }), unconfirmed)).map(([step, , , reason]) => [step, reason])).toEqual([
      ['P7D', 'past'],
      ['P2D', undefined],
      ['P1D', undefined],
    ]);
  });

  it('do not leave when the visit has begun by then', () => {
    const since = new Date('2026-12-08T09:25:00+01:00');
    const plans = planReminders(visit({ since }), facts());
    expect(plans.map(({ reason }) => reason)).toEqual(['past', 'past', 'past']);
  });

  it('are not sent to guardians from whom a minor keeps the visit', () => {
    const plans = planReminders(visit({ keptFromGuardians: true }), facts({}, [self, guardian]));
    expect(plans.filter(({ recipientId }) => recipientId === 'paul').map(({ reason }) => reason)).toEqual([
      'minors-secret',
      'minors-secret',
      'minors-secret',
    ]);
    expect(plans.filter(({ recipientId }) => recipientId === 'claire').every(({ reason }) => !reason)).toBe(true);
  });
});

describe('news of a visit', () => {
  it('are told at once when it is booked, and after ten minutes of quiet when it is moved or cancelled', () => {
    const due = (kind: Parameters<typeof planNews>[1]) =>
      planNews(visit(), kind, facts()).map(({ channel, dueAt }) => [channel, dueAt.toISOString()]);
    expect(due('confirmation')).toEqual([['email', '2026-11-20T10:00:00.000Z']]);
    expect(due('moved')).toEqual([
      ['email', '2026-11-20T10:10:00.000Z'],
      ['sms', '2026-11-20T10:10:00.000Z'],
    ]);
  });

  it('wait for the end of quiet hours, and are not told when that is too late', () => {
    const since = new Date('2026-11-20T22:00:00+01:00');
    const sms = (start: string) =>
      planNews(visit({ since, start: new Date(start) }), 'cancelled', facts()).find(({ channel }) => channel === 'sms');
    expect(sms('2026-11-25T09:00:00+01:00')).toMatchObject({ dueAt: new Date('2026-11-21T08:00:00+01:00') });
    expect(sms('2026-11-21T07:30:00+01:00')).toMatchObject({ reason: 'quiet-hours' });
  });
});

const zones = fc.constantFrom(
  'Europe/Paris',
  'Indian/Reunion',
  'America/Martinique',
  'Australia/Lord_Howe',
  'America/Santiago',
);
// Both nights on which the clocks change are in it.
const instants = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2028, 0) });
const times = fc
  .integer({ min: 0, max: 1_439 })
  .map((n) => `${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`);
const channels = fc.constantFrom('email' as const, 'sms' as const, 'push' as const);
const rules = fc.array(fc.record({ channel: channels, daysBefore: fc.integer({ min: 0, max: 30 }), at: times }), {
  maxLength: 6,
});
const quietHours = fc.record({
  channels: fc.uniqueArray(channels, { maxLength: 3 }),
  from: times,
  until: times,
  days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 6 }),
});

describe('whatever the policy, the zone and the season', () => {
  it('no reminder is planned before its visit was known, after it begins, in quiet hours, or twice', () => {
    fc.assert(
      fc.property(
        rules,
        quietHours,
        zones,
        instants,
        fc.integer({ min: -60 * 24, max: 40 * 24 * 60 }),
        (reminders, quiet, its, since, ahead) => {
          const start = since + ahead * minute;
          const policy = { ...usualPolicy, reminders, quietHours: quiet };
          const its_ = {
            appointmentTypeId: typeId,
            start: new Date(start),
            since: new Date(since),
            keptFromGuardians: false,
          };
          const plans = planReminders(its_, { policy, zone: its, recipients: [self] });
          for (const { dueAt, expiresAt, channel } of plans.filter(({ reason }) => !reason)) {
            expect(dueAt.getTime()).toBeGreaterThanOrEqual(since);
            expect(dueAt.getTime()).toBeLessThan(start);
            expect(expiresAt.getTime()).toBeGreaterThan(dueAt.getTime());
            expect(expiresAt.getTime()).toBeLessThanOrEqual(start);
            expect(isQuiet(dueAt.getTime(), channel, quiet, its)).toBe(false);
          }
          const keys = plans.map(({ step, channel, recipientId }) => `${step} ${channel} ${recipientId}`);
          expect(new Set(keys).size).toBe(keys.length);
          expect(plans.every(({ expiresAt, dueAt }) => expiresAt >= dueAt)).toBe(true);
        },
      ),
    );
  });

  it('a reminder leaves at its hour of its day, unless the clocks skip that hour', () => {
    fc.assert(
      fc.property(zones, instants, times, fc.integer({ min: 0, max: 30 }), (its, start, at, daysBefore) => {
        const time = timeOf({ channel: 'email', daysBefore, at }, start, its);
        const date = daysAfter(dateIn(start, its), -daysBefore);
        const shown = clockMinutes(time, its);
        const isSkipped = shown !== minutesOf(at);
        if (!isSkipped) expect(dateIn(time, its)).toBe(date);
        // Clocks jump by three hours at most, and then to a time after the one they skip.
        else
          expect([clockMinutes(time - minute, its) < minutesOf(at) || shown < 180, time - start < day]).toEqual([
            true,
            true,
          ]);
      }),
    );
  });

  it('quiet ends where it is quiet no longer, and not before', () => {
    fc.assert(
      fc.property(quietHours, zones, instants, channels, (quiet, its, at, channel) => {
        const end = endOfQuiet(at, channel, quiet, its);
        if (!isQuiet(at, channel, quiet, its)) expect(end).toBe(at);
        else if (end !== undefined) {
          expect([end > at, isQuiet(end, channel, quiet, its), end - at <= 9 * day]).toEqual([true, false, true]);
          for (let ms = at; ms < end; ms += hour) expect(isQuiet(ms, channel, quiet, its)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is of no use for long after it was due', () => {
    expect([0, 1, 2, 7].map((days) => reminderUsefulMs(days) / hour)).toEqual([5, 5, 12, 24]);
  });
});
