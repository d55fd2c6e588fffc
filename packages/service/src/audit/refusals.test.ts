import { SettableClock } from '@cabinet/kit/clock';
import { createLogger } from '@cabinet/kit/observe/log';
import { expect, it } from 'vitest';
import type { AuditEvent } from './chain.js';
import { Refusals } from './refusals.js';

const refusal = (actor: string): AuditEvent => ({
  at: new Date(0),
  actor,
  roles: ['patient'],
  action: 'GET /api/records/:patientId',
  subjects: ['somebody'],
  outcome: 403,
  requestId: 'r',
});

it('one actor is told of one by one up to a bound, and then as one event a minute that says how many', () => {
  const told: AuditEvent[] = [];
  const clock = new SettableClock(new Date('2026-11-22T10:00:00Z'));
  const trail = { append: async (event: AuditEvent) => void told.push(event) };
  const refusals = new Refusals(trail, createLogger('test', 'silent'), clock);
  const refuse = (actor: string, times: number) =>
    Array.from({ length: times }, () => refusals.areMany(refusal(actor))).filter(Boolean).length;
  expect(refuse('mallory', 500)).toBe(440);
  expect(refuse('alice', 5)).toBe(0);
  expect(told).toEqual([]);
  clock.advanceBy(61_000);
  expect(refuse('mallory', 1)).toBe(0);
  expect(told).toMatchObject([{ actor: 'mallory', outcome: 403, times: 440 }]);
  clock.advanceBy(61_000);
  refuse('mallory', 1);
  expect(told).toHaveLength(1);
});
