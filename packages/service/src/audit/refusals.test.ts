import { SettableClock } from '@cabinet/kit/clock';
import { createLogger } from '@cabinet/kit/observe/log';
import { expect, it } from 'vitest';
import { type AuditEvent, keptFromGuardians } from './chain.js';
import { Refusals } from './refusals.js';

const refusal = (actor: string, more: Partial<AuditEvent> = {}): AuditEvent => ({
  at: new Date(0),
  actor,
  roles: ['patient'],
  action: 'GET /api/records/:patientId',
  subjects: ['somebody'],
  outcome: 403,
  requestId: 'r',
  ...more,
});

function start() {
  const told: AuditEvent[] = [];
  const clock = new SettableClock(new Date('2026-11-22T10:00:00Z'));
  const trail = { append: async (event: AuditEvent) => void told.push(event) };
  return { told, clock, refusals: new Refusals(trail, createLogger('test', 'silent'), clock) };
}

it('one actor is told of one by one up to a bound, and then as one event of a kind and minute that says how many', () => {
  const { told, clock, refusals } = start();
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

it('an event that stands for many has all whom they concerned, and there are more of them when these are very many', async () => {
  const { told, refusals } = start();
  const patients = Array.from({ length: 150 }, (_, nth) => `patient-${nth}`);
  for (let nth = 0; nth < 60; nth += 1) refusals.areMany(refusal('mallory'));
  for (const each of patients) expect(refusals.areMany(refusal('mallory', { subjects: [each] }))).toBe(true);
  await refusals.tellAll();
  expect(told).toHaveLength(2);
  expect(told.map(({ times }) => times)).toEqual([100, 50]);
  expect(new Set(told.flatMap(({ subjects }) => subjects))).toEqual(new Set(patients));
  await refusals.tellAll();
  expect(told).toHaveLength(2);
});

it('an event that stands for many says of each whom it concerns what was tried of them, and for whom', async () => {
  const { told, refusals } = start();
  for (let nth = 0; nth < 60; nth += 1) refusals.areMany(refusal('camille'));
  const record = { action: 'GET /api/records/:patientId' };
  const visits = { action: 'GET /api/appointments', onBehalfOf: 'quentin' };
  const tried: Partial<AuditEvent>[] = [
    { ...record, subjects: ['ana'] },
    { ...visits, subjects: ['ben'] },
    { ...record, subjects: ['cem'] },
    { ...record, subjects: ['tom', keptFromGuardians] },
    { ...visits, onBehalfOf: 'rosa', subjects: ['ben'] },
    { ...record, purpose: 'ETREAT', subjects: ['dora'] },
  ];
  for (const each of tried) expect(refusals.areMany(refusal('camille', each))).toBe(true);
  await refusals.tellAll();
  expect(told.map(({ action, onBehalfOf, subjects, times }) => [action, onBehalfOf, subjects, times])).toEqual([
    ['GET /api/records/:patientId', undefined, ['ana', 'cem'], 2],
    ['GET /api/appointments', 'quentin', ['ben'], 1],
    ['GET /api/records/:patientId', undefined, [keptFromGuardians, 'tom'].sort(), 1],
    ['GET /api/appointments', 'rosa', ['ben'], 1],
    ['GET /api/records/:patientId', undefined, ['dora'], 1],
  ]);
});

it('an actor who is refused in ever other ways fills nothing: what is one too many is told without what differs', async () => {
  const { told, refusals } = start();
  for (let nth = 0; nth < 60; nth += 1) refusals.areMany(refusal('mallory'));
  for (let nth = 0; nth < 50; nth += 1) refusals.areMany(refusal('mallory', { action: `GET /nothing/${nth}` }));
  const others: Partial<AuditEvent>[] = [
    { action: 'GET /api/records/:patientId', onBehalfOf: 'quentin', purpose: 'TREAT', subjects: ['ana'] },
    { action: 'GET /api/appointments', onBehalfOf: 'rosa', subjects: ['ben'] },
    { action: 'POST /api/appointments', subjects: ['cem'] },
    { action: 'GET /api/appointments', subjects: ['tom', keptFromGuardians] },
    { action: 'GET /nothing/0', subjects: ['dora'] },
  ];
  for (const each of others) expect(refusals.areMany(refusal('mallory', each))).toBe(true);
  expect(told).toEqual([]);
  await refusals.tellAll();
  const shown = told.map(({ action, onBehalfOf, purpose, subjects, times }) => [
    [action, onBehalfOf, purpose].filter(Boolean).join(' '),
    subjects,
    times,
  ]);
  expect(shown).toHaveLength(53);
  expect(shown[0]).toEqual(['GET /nothing/0', ['dora', 'somebody'], 2]);
  expect(shown.slice(50)).toEqual([
    ['GET *', ['ana', 'ben'], 2],
    ['POST *', ['cem'], 1],
    ['GET *', [keptFromGuardians, 'tom'].sort(), 1],
  ]);
});

it('very many people of one kind of refusal have that kind told of, and no other', async () => {
  const { told, refusals } = start();
  for (let nth = 0; nth < 60; nth += 1) refusals.areMany(refusal('mallory'));
  for (let nth = 0; nth < 20; nth += 1) refusals.areMany(refusal('mallory', { action: `GET /nothing/${nth}` }));
  for (let nth = 0; nth < 100; nth += 1) refusals.areMany(refusal('mallory', { subjects: [`patient-${nth}`] }));
  await expect.poll(() => told).toMatchObject([{ action: 'GET /api/records/:patientId', times: 100 }]);
});

it.each([409, 412, 503])(
  'a %i, whose answer may say what somebody did not know, is always told of by itself',
  (outcome) => {
    const { refusals } = start();
    for (let nth = 0; nth < 60; nth += 1) refusals.areMany(refusal('mallory'));
    expect(refusals.areMany(refusal('mallory'))).toBe(true);
    expect(refusals.areMany(refusal('mallory', { outcome }))).toBe(false);
  },
);
