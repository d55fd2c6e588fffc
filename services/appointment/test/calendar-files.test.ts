import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, caller } from '../../../tests/support/http.ts';
import { readIcs } from '../src/data/calendars/ics/read-ics.js';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice('2026-11-20T10:00:00Z', { settings: { PUBLIC_URL: 'https://practice.example' } });
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;
const window = { start: Date.parse(monday('00:00')), end: Date.parse(monday('23:00')) };

type Practitioner = Awaited<ReturnType<typeof buildPractitioner>>;

const book = async ({ practitionerId, typeId }: Practitioner, start: string, patientId = randomUUID()) => {
  const request = { patientId, practitionerId, appointmentTypeId: typeId, start, reason: 'Chest pain' };
  return (await secretary('POST', '/api/appointments', request)).body;
};
const give = async ({ practitionerId }: Practitioner, as = secretary) => {
  const { status, body } = await as('PUT', `/api/calendars/feeds/${practitionerId}`);
  expect([status, body.url]).toEqual([
    200,
    expect.stringMatching(/^https:\/\/practice.example\/api\/calendars\/feeds\/[\w-]{43}\.ics$/),
  ]);
  return new URL(body.url).pathname;
};
const read = (path: string, headers: Record<string, string> = {}) => caller(practice.base, headers)('GET', path);

describe('a private calendar address', () => {
  it('shows the agenda to whoever has it, without anything about patients', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    practice.people.names.set(patientId, 'PETIT Claire');
    const { id } = await book(who, monday('09:00'), patientId);
    const gone = await book(who, monday('10:00'));
    await secretary('POST', `/api/appointments/${gone.id}/cancel`, { reason: 'x' });
    const { status, headers, body } = await read(await give(who));
    expect([status, headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
    expect(body).toContain('SUMMARY:Consultation');
    expect(body).not.toMatch(/PETIT|Chest/);
    expect(body).not.toContain(patientId);
    const start = Date.parse(monday('09:00'));
    expect(readIcs(body, { window, zone: 'UTC' })).toEqual({
      busy: [{ start, end: start + 30 * 60_000, appointmentId: id }],
      problems: [],
    });
  });

  it('says that nothing has changed, until something has', async () => {
    const who = await buildPractitioner(practice);
    const { id } = await book(who, monday('09:00'));
    const path = await give(who);
    const etag = (await read(path)).headers.get('etag') ?? '';
    const same = await read(path, { 'if-none-match': etag });
    expect([same.status, same.body]).toEqual([304, '']);
    await secretary('POST', `/api/appointments/${id}/move`, { start: monday('09:30') });
    expect((await read(path, { 'if-none-match': etag })).status).toBe(200);
  });

  it('is ended by a new one, and on request, and nobody can find one out', async () => {
    const who = await buildPractitioner(practice);
    const first = await give(who);
    const second = await give(who);
    expect([(await read(first)).status, (await read(second)).status]).toEqual([404, 200]);
    const { rows } = await practice.sql.query('select * from private_feed');
    expect(JSON.stringify(rows)).not.toContain(second.split('/').at(-1)?.replace('.ics', ''));
    expect((await secretary('DELETE', `/api/calendars/feeds/${who.practitionerId}`)).status).toBe(204);
    for (const path of [second, '/api/calendars/feeds/x', '/api/calendars/feeds/..%2f..']) {
      expect((await read(path)).body.code).toBe('CALENDAR.FEED_NOT_FOUND');
    }
  });

  it('is for practitioners who receive: none is given to others, and what they had opens nothing', async () => {
    const who = await buildPractitioner(practice);
    const path = await give(who);
    const refused = async () => {
      const { status, body } = await secretary('PUT', `/api/calendars/feeds/${who.practitionerId}`);
      return [status, body.code];
    };
    practice.people.practitioners.set(who.practitionerId, { ...who.practitioner, active: false });
    expect((await read(path)).body.code).toBe('CALENDAR.FEED_NOT_FOUND');
    expect(await refused()).toEqual([422, 'APPOINTMENT.PRACTITIONER_INACTIVE']);
    practice.people.practitioners.delete(who.practitionerId);
    expect((await read(path)).body.code).toBe('CALENDAR.FEED_NOT_FOUND');
    expect(await refused()).toEqual([422, 'APPOINTMENT.PRACTITIONER_UNKNOWN']);
    practice.people.practitioners.set(who.practitionerId, who.practitioner);
    expect((await read(path)).status).toBe(200);
  });

  it('is on record each time it is read', async () => {
    const who = await buildPractitioner(practice);
    const path = await give(who);
    await read(path, { 'x-forwarded-for': '192.0.2.7' });
    await read('/api/calendars/feeds/x.ics');
    const { rows } = await practice.sql.query(
      'select actor, action, outcome, address, at from audit_event where subjects @> $1 and action like $2',
      [[who.practitionerId], 'GET %'],
    );
    expect(rows).toEqual([
      {
        actor: 'private-feed',
        action: 'GET /api/calendars/feeds/:file',
        outcome: 200,
        address: '192.0.2.7',
        at: practice.clock.now(),
      },
    ]);
  });

  it('is for the practitioner concerned and the practice', async () => {
    const who = await buildPractitioner(practice);
    await give(who, await practice.as({ roles: ['practitioner'], practitionerId: who.practitionerId }));
    const other = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID() });
    const { practitionerId } = who;
    expect((await other('PUT', `/api/calendars/feeds/${practitionerId}`)).status).toBe(403);
    expect((await other('DELETE', `/api/calendars/feeds/${practitionerId}`)).status).toBe(403);
  });
});

describe('GET /api/appointments/{id}/calendar.ics', () => {
  it('gives the appointment as a file, which follows when it is moved and cancelled', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    const { id } = await book(who, monday('09:00'), patientId);
    const alice = await practice.as({ roles: ['patient'], patientId });
    const file = async () => (await alice('GET', `/api/appointments/${id}/calendar.ics`)).body.split('\r\n');
    expect(await file()).toEqual(
      expect.arrayContaining([
        'METHOD:PUBLISH',
        `UID:${id}@appointment.cabinet`,
        'SEQUENCE:0',
        'DTSTART:20261123T080000Z',
      ]),
    );
    await alice('POST', `/api/appointments/${id}/move`, { start: monday('09:30') });
    expect(await file()).toEqual(expect.arrayContaining(['SEQUENCE:1', 'DTSTART:20261123T083000Z']));
    await alice('POST', `/api/appointments/${id}/cancel`, { reason: 'x' });
    expect(await file()).toEqual(expect.arrayContaining(['METHOD:CANCEL', 'SEQUENCE:2', 'STATUS:CANCELLED']));
  });

  it('is for the people of the appointment, and on record', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    const { id } = await book(who, monday('09:00'), patientId);
    const other = await practice.as({ roles: ['patient'], patientId: randomUUID() });
    const path = `/api/appointments/${id}/calendar.ics`;
    expect((await other('GET', path)).body.code).toBe('APPOINTMENT.NOT_FOUND');
    expect((await read(path)).status).toBe(401);
    expect((await secretary('GET', path)).status).toBe(200);
    const { rows } = await practice.sql.query(
      'select outcome from audit_event where subjects @> $1 and action like $2',
      [[patientId], '%calendar.ics'],
    );
    expect(rows.map(({ outcome }) => outcome).sort()).toEqual([200, 404]);
  });

  it('says where a video appointment takes place', async () => {
    const who = await buildPractitioner(practice);
    await secretary(
      'PUT',
      `/api/schedules/${who.practitionerId}`,
      {
        hours: [{ placeId: who.placeId, daysOfWeek: ['mon'], startTime: '09:00', endTime: '12:00' }],
        rules: [{ appointmentTypeId: who.typeId, modes: ['video'], videoLink: 'https://video.example/bernard' }],
      },
      { 'if-match': '"v1"' },
    );
    const { id } = await book(who, monday('09:00'));
    expect((await secretary('GET', `/api/appointments/${id}/calendar.ics`)).body).toContain(
      'URL:https://video.example/bernard',
    );
  });
});
