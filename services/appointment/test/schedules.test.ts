import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertCursorsAreChecked } from '../../../tests/support/cursors.ts';
import type { Caller } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

type Practitioner = Awaited<ReturnType<typeof buildPractitioner>>;

/** Weekdays from 9 to 12 and 14 to 17, with what else is given. */
async function keep({ practitionerId, placeId }: Practitioner, parts: object) {
  const daysOfWeek = ['mon', 'tue', 'wed', 'thu', 'fri'];
  const hours = [
    { placeId, daysOfWeek, startTime: '09:00', endTime: '12:00' },
    { placeId, daysOfWeek, startTime: '14:00', endTime: '17:00' },
  ];
  return secretary('PUT', `/api/schedules/${practitionerId}`, { hours, ...parts }, { 'if-match': '"v1"' });
}

const rulesOf = ({ typeId }: Practitioner, rules: object) => ({ rules: [{ appointmentTypeId: typeId, ...rules }] });

describe('PUT /api/schedules/{practitionerId}', () => {
  it('keeps all parts of a schedule, and leaves those that are left out as they are', async () => {
    const who = await buildPractitioner(practice);
    const { placeId } = who;
    const parts = {
      exceptions: [{ date: '2026-12-24', placeId, periods: [{ startTime: '09:00', endTime: '11:00' }] }],
      extraOpenings: [{ date: '2026-12-26', placeId, startTime: '09:00', endTime: '10:00' }],
      absences: [{ startDate: '2026-12-28', endDate: '2026-12-31', startTime: '12:00' }],
      holidays: [{ placeId, country: 'FR' }],
      ...rulesOf(who, { bufferAfterMinutes: 10, modes: ['in-person', 'video'], videoLink: 'https://video.test/salle' }),
    };
    expect((await keep(who, parts)).status).toBe(200);
    const again = await secretary('PUT', `/api/schedules/${who.practitionerId}`, { hours: [] }, { 'if-match': '"v2"' });
    expect(again.body).toMatchObject({ ...parts, version: 3, hours: [] });
    expect((await secretary('GET', `/api/schedules/${who.practitionerId}`)).body).toEqual(again.body);
  });

  it('gives the link of a video appointment to those whose it is, while it is ahead', async () => {
    const who = await buildPractitioner(practice);
    const videoLink = 'https://video.test/salle';
    expect((await keep(who, rulesOf(who, { modes: ['in-person', 'video'], videoLink }))).status).toBe(200);
    const body = { practitionerId: who.practitionerId, appointmentTypeId: who.typeId };
    const book = (time: string, mode: string) =>
      secretary('POST', '/api/appointments', {
        ...body,
        mode,
        patientId: randomUUID(),
        start: `2026-11-23T${time}:00+01:00`,
      });
    const [video, inPerson] = [await book('09:00', 'video'), await book('09:30', 'in-person')];
    expect([video.body.videoLink, inPerson.body.videoLink]).toEqual([videoLink, undefined]);
    const listed = await secretary('GET', `/api/appointments?practitionerId=${who.practitionerId}`);
    expect(listed.body.items.map((each: { videoLink?: string }) => each.videoLink)).toEqual([videoLink, undefined]);
    const series = await secretary('POST', '/api/appointments/series', {
      ...body,
      mode: 'video',
      patientId: randomUUID(),
      start: '2026-11-24T09:00:00+01:00',
      rule: 'FREQ=WEEKLY;COUNT=2',
    });
    expect(series.body.appointments.map((each: { videoLink?: string }) => each.videoLink)).toEqual([
      videoLink,
      videoLink,
    ]);
    const cancelled = await secretary('POST', `/api/appointments/${video.body.id}/cancel`, { reason: 'Called' });
    expect(cancelled.body.videoLink).toBeUndefined();
  });

  it('refuses countries and territories whose holidays it does not know', async () => {
    const who = await buildPractitioner(practice);
    for (const calendar of [{ country: 'XX' }, { country: 'FR', region: 'ZZ' }]) {
      const answer = await keep(who, { holidays: [{ placeId: who.placeId, ...calendar }] });
      expect([answer.status, answer.body.fields]).toMatchObject([
        422,
        [{ path: 'holidays[0]', code: 'UNKNOWN_CALENDAR' }],
      ]);
    }
    expect((await secretary('GET', `/api/schedules/${who.practitionerId}`)).body.version).toBe(1);
  });

  it.each([
    ['a date', { absences: [{ startDate: '2026-02-30', endDate: '2026-03-01' }] }, 'absences[0].startDate'],
    [
      'a buffer of a day',
      { rules: [{ appointmentTypeId: randomUUID(), bufferAfterMinutes: 1440 }] },
      'rules[0].bufferAfterMinutes',
    ],
    ['a type of nobody', { rules: [{ appointmentTypeId: randomUUID() }] }, 'rules[0].appointmentTypeId'],
    ['a capacity of none', { rules: [{ appointmentTypeId: randomUUID(), capacity: 0 }] }, 'rules[0].capacity'],
  ])('refuses %s, and stores nothing', async (_, parts, path) => {
    const who = await buildPractitioner(practice);
    const answer = await keep(who, parts);
    expect(answer.status).toBe(422);
    expect(answer.body.fields.map((field: { path: string }) => field.path.replace(/^body\./, ''))).toContain(path);
    expect((await secretary('GET', `/api/schedules/${who.practitionerId}`)).body.version).toBe(1);
  });

  it('needs If-Match (428) with the version last read (412)', async () => {
    const { practitionerId, placeId } = await buildPractitioner(practice);
    const hours = [{ placeId, daysOfWeek: ['mon'], startTime: '09:00', endTime: '10:00' }];
    const path = `/api/schedules/${practitionerId}`;
    expect((await secretary('PUT', path, { hours })).status).toBe(428);
    expect((await secretary('PUT', path, { hours }, { 'if-match': '"v0"' })).status).toBe(412);
    const answer = await secretary('PUT', path, { hours }, { 'if-match': '"v1"' });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"v2"']);
    expect((await secretary('GET', path)).body.hours).toEqual(hours);
  });

  it('refuses hours that end before they start, and keeps the old ones', async () => {
    const { practitionerId, placeId } = await buildPractitioner(practice);
    const path = `/api/schedules/${practitionerId}`;
    const hours = [{ placeId, daysOfWeek: ['mon'], startTime: '10:00', endTime: '09:00' }];
    const answer = await secretary('PUT', path, { hours }, { 'if-match': '"v1"' });
    expect([answer.status, answer.body.code, answer.body.fields[0].path]).toEqual([
      422,
      'SCHEDULE.INVALID_HOURS',
      'hours[0].endTime',
    ]);
    expect((await secretary('GET', path)).body.version).toBe(1);
  });

  it('is not for other practitioners', async () => {
    const { practitionerId } = await buildPractitioner(practice);
    const colleague = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID() });
    const answer = await colleague('PUT', `/api/schedules/${practitionerId}`, { hours: [] }, { 'if-match': '"v1"' });
    expect(answer.status).toBe(403);
  });
});

describe('GET /api/schedules/{practitionerId}/versions', () => {
  const pathOf = ({ practitionerId }: Practitioner) => `/api/schedules/${practitionerId}/versions`;

  it('says what was set, when and by whom, the newest first, also of an absence', async () => {
    const who = await buildPractitioner(practice);
    const set = await keep(who, rulesOf(who, { bufferAfterMinutes: 10 }));
    const plan = { startDate: '2027-02-01', endDate: '2027-02-05', action: 'cancel' };
    const preview = await secretary('POST', `/api/schedules/${who.practitionerId}/absences/preview`, plan);
    const wanted = { ...plan, token: preview.body.token, reason: 'Course' };
    const made = await secretary('POST', `/api/schedules/${who.practitionerId}/absences`, wanted);
    expect([preview.status, made.status]).toEqual([200, 201]);
    const { body } = await secretary('GET', pathOf(who));
    expect(body.items.map(({ version }: { version: number }) => version)).toEqual([3, 2, 1]);
    const { changedAt, changedBy, ...second } = body.items[1];
    expect(second).toEqual(set.body);
    expect(changedBy).toMatch(/^[\da-f-]{36}$/);
    expect(new Date(changedAt).toISOString()).toBe(changedAt);
    expect(body.items[0].absences).toEqual([{ startDate: '2027-02-01', endDate: '2027-02-05' }]);
    // It is set back by sending what was.
    const { hours, exceptions, extraOpenings, absences, holidays, rules } = second;
    const older = { hours, exceptions, extraOpenings, absences, holidays, rules };
    const back = await secretary('PUT', `/api/schedules/${who.practitionerId}`, older, { 'if-match': '"v3"' });
    expect(back.body).toMatchObject({ ...older, version: 4 });
  });

  it('keeps nothing of what was refused, and one of two that were sent at once', async () => {
    const who = await buildPractitioner(practice);
    const results = await Promise.all([keep(who, {}), keep(who, { absences: [] })]);
    expect(results.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect((await keep(who, { hours: [{ placeId: randomUUID() }] })).status).toBe(422);
    expect((await secretary('GET', pathOf(who))).body.items).toHaveLength(2);
  });

  it('comes in pages, and takes no cursor but its own', async () => {
    const who = await buildPractitioner(practice);
    await keep(who, {});
    const page = (query: string) => secretary('GET', `${pathOf(who)}?limit=1${query}`);
    const { body } = await page('');
    expect(body.items).toMatchObject([{ version: 2 }]);
    const next = await page(`&cursor=${encodeURIComponent(body.nextCursor)}`);
    expect(next.body.items).toMatchObject([{ version: 1 }]);
    expect(next.body.nextCursor).toBeUndefined();
    await assertCursorsAreChecked((cursor) => page(`&cursor=${encodeURIComponent(cursor)}`), body.nextCursor);
    expect((await secretary('GET', `${pathOf(who)}?limit=201`)).status).toBe(422);
  });

  it('is not for patients, nor for another practitioner', async () => {
    const who = await buildPractitioner(practice);
    const [patient, other] = await Promise.all([
      practice.as({ roles: ['patient'], patientId: randomUUID() }),
      practice.as({ roles: ['practitioner'], practitionerId: randomUUID() }),
    ]);
    for (const ask of [patient, other]) expect((await ask('GET', pathOf(who))).status).toBe(403);
  });
});
