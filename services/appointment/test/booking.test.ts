import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, caller, until } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

async function bookable(overrides = {}) {
  const { practitionerId, typeId, placeId } = await buildPractitioner(practice);
  const request = {
    patientId: randomUUID(),
    practitionerId,
    appointmentTypeId: typeId,
    start: monday('09:30'),
    ...overrides,
  };
  return { request, practitionerId, typeId, placeId };
}

const stored = async (practitionerId: string) =>
  (await practice.sql.query('select * from appointment where practitioner_id = $1 order by "start"', [practitionerId]))
    .rows;

const told = (appointmentId: string) =>
  practice.published.filter((event) => (event.data as { appointmentId: string }).appointmentId === appointmentId);

describe('POST /api/appointments', () => {
  it('books a free slot, stores it and tells it once', async () => {
    const { request, practitionerId, placeId } = await bookable({ reason: 'A cough' });
    const answer = await secretary('POST', '/api/appointments', request);

    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      status: 'booked',
      version: 1,
      placeId,
      start: '2026-11-23T09:30:00+01:00',
      end: '2026-11-23T10:00:00+01:00',
      zone: 'Europe/Paris',
    });
    expect(answer.headers.get('etag')).toBe('"v1"');
    expect(answer.headers.get('location')).toBe(`/api/appointments/${answer.body.id}`);
    expect(await stored(practitionerId)).toHaveLength(1);
    await until(async () => told(answer.body.id).length > 0);
    expect(told(answer.body.id)).toHaveLength(1);
    expect(told(answer.body.id)[0]).toMatchObject({
      type: 'appointment.booked',
      source: 'appointment',
      data: { version: 1 },
    });
    expect(JSON.stringify(told(answer.body.id))).not.toContain('cough');
  });

  it('gives the slot to exactly one of a hundred who want it, and the others the next free ones', async () => {
    const { request, practitionerId } = await bookable();
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        secretary('POST', '/api/appointments', { ...request, patientId: randomUUID() }),
      ),
    );

    const booked = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 409);
    expect([booked.length, refused.length]).toEqual([1, 99]);
    expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(['APPOINTMENT.SLOT_TAKEN']));
    expect(refused[0]?.body.nextFreeSlots[0].start).toBe('2026-11-23T10:00:00+01:00');
    // In the form in which slots are told elsewhere, so that one can be taken just so.
    const query = `practitionerId=${practitionerId}&appointmentTypeId=${request.appointmentTypeId}&from=2026-11-23&to=2026-11-24`;
    const { body } = await secretary('GET', `/api/slots?${query}`);
    expect(body.items).toEqual(expect.arrayContaining(refused[0]?.body.nextFreeSlots.slice(0, 2)));
    expect(await stored(practitionerId)).toHaveLength(1);
    await until(async () => told(booked[0]?.body.id).length > 0);
    expect(
      practice.published.filter(({ data }) => (data as { practitionerId?: string }).practitionerId === practitionerId),
    ).toHaveLength(1);
  });

  it('refuses a patient who is elsewhere at that time, and stores nothing', async () => {
    const one = await bookable();
    const other = await bookable({ patientId: one.request.patientId, start: monday('09:00') });
    expect((await secretary('POST', '/api/appointments', one.request)).status).toBe(201);
    const overlapping = { ...other.request, start: monday('09:30') };
    const answer = await secretary('POST', '/api/appointments', overlapping);
    expect([answer.status, answer.body.code]).toEqual([409, 'APPOINTMENT.PATIENT_BUSY']);
    expect(await stored(other.practitionerId)).toEqual([]);
  });

  it.each([
    ['outside the working hours', { start: monday('12:00') }, 'APPOINTMENT.OUTSIDE_WORKING_HOURS'],
    ['reaching beyond their end', { start: monday('11:45') }, 'APPOINTMENT.OUTSIDE_WORKING_HOURS'],
    ['in the past', { start: '2026-11-20T10:30:00+01:00' }, 'APPOINTMENT.IN_THE_PAST'],
    ['not on a whole minute', { start: '2026-11-23T09:30:30+01:00' }, 'APPOINTMENT.NOT_A_SLOT'],
    ['for a type that is not offered', { appointmentTypeId: randomUUID() }, 'APPOINTMENT.TYPE_UNKNOWN'],
    ['with a practitioner who is unknown', { practitionerId: randomUUID() }, 'APPOINTMENT.PRACTITIONER_UNKNOWN'],
    ['at a time that does not exist', { start: '2026-11-31T09:30:00+01:00' }, 'REQUEST.INVALID'],
    ['at a time without offset', { start: '2026-11-23T09:30:00' }, 'REQUEST.INVALID'],
    ['for no patient', { patientId: undefined }, 'REQUEST.INVALID'],
    ['with an id that is none', { patientId: 'alice' }, 'REQUEST.INVALID'],
    ['with a reason of 10,000 characters', { reason: 'x'.repeat(10_000) }, 'REQUEST.INVALID'],
    ['with a NUL in the reason', { reason: 'a\u0000b' }, 'REQUEST.CONTROL_CHARACTER'],
    ['with a field that is not known', { colour: 'red' }, 'REQUEST.INVALID'],
  ])('refuses a booking %s with 422, naming the field, and stores nothing', async (_, change, code) => {
    const { request, practitionerId } = await bookable();
    const answer = await secretary('POST', '/api/appointments', { ...request, ...change });
    expect([answer.status, answer.body.code]).toEqual([422, code]);
    expect(answer.body.fields.map(({ path }: { path: string }) => path)).toEqual([Object.keys(change)[0]]);
    expect(await stored(practitionerId)).toEqual([]);
  });

  it('refuses 02:30 in the night when the clocks jump over it', async () => {
    const { request, practitionerId, placeId } = await bookable({ start: '2027-03-28T02:30:00+01:00' });
    await practice.sql.query('update schedule set hours = $1 where practitioner_id = $2', [
      JSON.stringify([{ placeId, daysOfWeek: ['sun'], startTime: '00:00', endTime: '24:00' }]),
      practitionerId,
    ]);
    const answer = await secretary('POST', '/api/appointments', request);
    expect(answer.status).toBe(422);
    expect(answer.body.fields).toMatchObject([{ path: 'start', code: 'TIME_SKIPPED' }]);
    expect(await stored(practitionerId)).toEqual([]);
  });

  it('refuses patients and practitioners who are no longer active', async () => {
    const { request, practitionerId } = await bookable();
    practice.people.patients.set(request.patientId, { id: request.patientId, active: false });
    const inactivePatient = await secretary('POST', '/api/appointments', request);
    expect(inactivePatient.body.code).toBe('APPOINTMENT.PATIENT_INACTIVE');
    const facts = practice.people.practitioners.get(practitionerId);
    practice.people.practitioners.set(practitionerId, facts && { ...facts, active: false });
    const inactivePractitioner = await secretary('POST', '/api/appointments', { ...request, patientId: randomUUID() });
    expect(inactivePractitioner.body.code).toBe('APPOINTMENT.PRACTITIONER_INACTIVE');
    expect(await stored(practitionerId)).toEqual([]);
  });

  it('books nothing on trust while a neighbour cannot be asked, and works again when it can', async () => {
    const { request, practitionerId } = await bookable();
    practice.people.isReachable = false;
    const answer = await secretary('POST', '/api/appointments', request);
    practice.people.isReachable = true;
    expect([answer.status, answer.body.code]).toEqual([503, 'NEIGHBOUR.UNAVAILABLE']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await stored(practitionerId)).toEqual([]);
    expect((await secretary('POST', '/api/appointments', request)).status).toBe(201);
  });

  it('gives the first answer again for the same Idempotency-Key, and books once', async () => {
    const { request, practitionerId } = await bookable();
    const key = { 'idempotency-key': randomUUID() };
    const first = await secretary('POST', '/api/appointments', request, key);
    const again = await secretary('POST', '/api/appointments', request, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('etag')).toBe('"v1"');
    expect(await stored(practitionerId)).toHaveLength(1);
    const other = await secretary('POST', '/api/appointments', { ...request, start: monday('10:00') }, key);
    expect([other.status, other.body.code]).toEqual([422, 'REQUEST.IDEMPOTENCY_KEY_REUSED']);
  });

  it.each([
    ['malformed JSON', '{"patientId":', { 'content-type': 'application/json' }, 400, 'REQUEST.MALFORMED_JSON'],
    ['a body that is no object', '"hello"', { 'content-type': 'application/json' }, 400, 'REQUEST.MALFORMED_JSON'],
    ['another content type', 'a=b', { 'content-type': 'text/plain' }, 415, 'REQUEST.NOT_JSON'],
    [
      'a huge body',
      `{"reason":"${'x'.repeat(300_000)}"}`,
      { 'content-type': 'application/json' },
      413,
      'REQUEST.TOO_LARGE',
    ],
  ])('refuses %s', async (_, body, headers, status, code) => {
    const answer = await secretary('POST', '/api/appointments', body, headers);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
  });
});

describe('who may book', () => {
  it('lets patients take offered slots for themselves only', async () => {
    const { request, practitionerId } = await bookable();
    const alice = await practice.as({ roles: ['patient'], patientId: request.patientId });
    const offGrid = await alice('POST', '/api/appointments', { ...request, start: monday('09:10') });
    expect([offGrid.status, offGrid.body.code]).toEqual([422, 'APPOINTMENT.NOT_A_SLOT']);
    const forAnother = await alice('POST', '/api/appointments', { ...request, patientId: randomUUID() });
    expect([forAnother.status, forAnother.body.code]).toEqual([403, 'ACCESS.NOT_YOUR_APPOINTMENT']);
    expect(await stored(practitionerId)).toEqual([]);
    expect((await alice('POST', '/api/appointments', request)).status).toBe(201);
  });

  it('keeps people from seeing or cancelling the appointments of others', async () => {
    const { request, practitionerId } = await bookable();
    const { body: appointment } = await secretary('POST', '/api/appointments', request);
    const mallory = await practice.as({ roles: ['patient'], patientId: randomUUID() });
    const path = `/api/appointments/${appointment.id}`;
    expect((await mallory('GET', path)).status).toBe(404);
    expect((await mallory('POST', `${path}/cancel`, { reason: 'mine now' })).status).toBe(404);
    expect((await mallory('GET', `/api/appointments?patientId=${request.patientId}`)).status).toBe(403);
    expect((await mallory('GET', '/api/appointments')).body.items).toEqual([]);
    const admin = await practice.as({ roles: ['admin'] });
    expect((await admin('GET', path)).status).toBe(403);
    expect((await stored(practitionerId))[0].status).toBe('booked');
  });

  it.each([
    ['no token', async () => undefined],
    ['an expired token', () => practice.bearer({ roles: ['secretary'], expiresIn: -60 })],
    ['a token with alg none', async () => `Bearer ${unsigned()}.`],
    ['a token signed with another key', async () => `${await forged()}`],
    [
      'a token without a signature',
      async () =>
        `Bearer ${(await practice.bearer({ roles: ['secretary'] })).split('.').slice(0, 2).join('.').slice(7)}.`,
    ],
    ['no token but the name of a service', async () => undefined],
  ])('refuses %s with 401', async (name, authorization) => {
    const headers: Record<string, string> = name.includes('service')
      ? { 'dapr-caller-app-id': 'record', 'dapr-api-token': 'a-guess' }
      : {};
    const answer = await caller(practice.base, await authorization())('GET', '/api/appointments', undefined, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });
});

const unsigned = () =>
  [
    { alg: 'none', typ: 'at+jwt' },
    { sub: 'x', roles: ['secretary'], iss: 'cabinet', aud: 'cabinet', iat: 1, exp: 9_999_999_999 },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');

async function forged(): Promise<string> {
  const { startTokenIssuer } = await import('../../../tests/support/tokens.ts');
  const other = await startTokenIssuer();
  const token = await other.bearer({ roles: ['secretary'] });
  await other.stop();
  return token;
}
