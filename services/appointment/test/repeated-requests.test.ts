import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;
let admin: Caller;

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'] });
  admin = await practice.as({ roles: ['admin'] });
});
afterAll(() => practice?.stop());

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

/** Asks, forgets the answer as a process does that dies between storing and answering, and asks again. */
async function askedTwice(as: Caller, path: string, body: object) {
  const key = { 'idempotency-key': randomUUID() };
  const first = await as('POST', path, body, key);
  expect([path, first.status, first.body.code]).toEqual([path, 201, undefined]);
  await practice.sql.query('update idempotency_key set answer = null where key = $1', [key['idempotency-key']]);
  const before = practice.clock.now();
  practice.clock.advanceBy(61_000);
  try {
    return [first, await as('POST', path, body, key)] as const;
  } finally {
    practice.clock.set(before);
  }
}

const count = async (table: string) => (await practice.sql.query(`select from ${table}`)).rowCount;

describe('what is asked for again when a process died between storing and answering', () => {
  it.each(['/api/appointments', '/api/appointments/holds'])('by %s is stored once', async (path) => {
    const { practitionerId, typeId } = await buildPractitioner(practice);
    const booking = { practitionerId, appointmentTypeId: typeId, patientId: randomUUID(), start: monday('09:00') };
    const stored = await count('appointment');
    const [first, again] = await askedTwice(secretary, path, booking);
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
    expect(await count('appointment')).toBe((stored ?? 0) + 1);
  });

  it('as a series is stored once', async () => {
    const { practitionerId, typeId } = await buildPractitioner(practice);
    const series = {
      practitionerId,
      appointmentTypeId: typeId,
      patientId: randomUUID(),
      start: monday('09:00'),
      rule: 'FREQ=WEEKLY;COUNT=3',
    };
    const stored = await count('appointment');
    const [first, again] = await askedTwice(secretary, '/api/appointments/series', series);
    const idsOf = ({ body }: typeof first) => body.appointments.map(({ id }: { id: string }) => id);
    expect([again.status, again.body.id, idsOf(again)]).toEqual([201, first.body.id, idsOf(first)]);
    expect(await count('appointment')).toBe((stored ?? 0) + 3);
  });

  it('as a resource is stored once', async () => {
    const [first, again] = await askedTwice(admin, '/api/resources', { kind: 'room', name: 'Salle 1' });
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
    expect(await count('resource')).toBe(1);
  });
});
