import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

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

async function startsOf({ practitionerId, typeId }: Practitioner, date: string, as = secretary) {
  const query = `practitionerId=${practitionerId}&appointmentTypeId=${typeId}&from=${date}T00:00:00Z&to=${date}T23:00:00Z`;
  const answer = await as('GET', `/api/slots?${query}`);
  return answer.body.items.map(({ start }: { start: string }) => start.slice(11, 16));
}

const book = ({ practitionerId, typeId }: Practitioner, start: string, as = secretary, patientId = randomUUID()) =>
  as('POST', '/api/appointments', { patientId, practitionerId, appointmentTypeId: typeId, start });

const booked = async ({ practitionerId }: Practitioner) =>
  (
    await practice.sql.query(
      `select * from appointment where practitioner_id = $1 and status = 'booked' order by "start", seat, day_place`,
      [practitionerId],
    )
  ).rows;

describe('public holidays', () => {
  it.each([
    ['Europe/Paris', { country: 'FR' }, '2027-05-06', '2027-12-20'],
    ['Indian/Reunion', { country: 'FR', region: 'RE' }, '2027-12-20', '2027-05-27'],
    ['America/Martinique', { country: 'FR', region: 'MQ' }, '2028-05-22', '2027-12-20'],
    ['Pacific/Noumea', { country: 'NC' }, '2027-09-24', '2027-12-20'],
  ])('close a place in %s on those of its territory only', async (zone, calendar, closed, open) => {
    const who = await buildPractitioner(practice, { places: [{ id: randomUUID(), zone }] });
    await keep(who, { holidays: [{ placeId: who.placeId, ...calendar }] });
    const day = (date: string) => new Date(Date.parse(`${date}T12:00:00Z`) - 24 * 3_600_000).toISOString();
    const search = async (date: string) => {
      const to = `${date}T23:59:59Z`;
      const path = `/api/slots?practitionerId=${who.practitionerId}&appointmentTypeId=${who.typeId}&from=${day(date)}&to=${to}`;
      const { items } = (await secretary('GET', path)).body;
      return items.filter(({ start }: { start: string }) => start.startsWith(date)).length;
    };
    expect([await search(closed), (await search(open)) > 0]).toEqual([0, true]);
  });
});

describe('the rules of a type', () => {
  it('offer patients what they may book, and bookings are held to the same', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    await keep(who, rulesOf(who, { noticeMinutes: 3 * 24 * 60, horizonDays: 4 }));
    expect(await startsOf(who, '2026-11-23', alice)).toEqual([
      '11:00',
      '11:30',
      '14:00',
      '14:30',
      '15:00',
      '15:30',
      '16:00',
      '16:30',
    ]);
    expect(await startsOf(who, '2026-11-23')).toContain('09:00');
    expect(await startsOf(who, '2026-11-25', alice)).toEqual([]);
    expect((await book(who, monday('09:30'), alice, patientId)).body.code).toBe('APPOINTMENT.NOTICE_TOO_SHORT');
    const late = await book(who, '2026-11-25T09:30:00+01:00', alice, patientId);
    expect([late.status, late.body.code]).toEqual([422, 'APPOINTMENT.BEYOND_HORIZON']);
    expect(await booked(who)).toEqual([]);
    expect((await book(who, monday('09:30'))).status).toBe(201);
  });

  it('keep patients from booking what is for staff', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    await keep(who, rulesOf(who, { bookableBy: 'staff' }));
    expect(await startsOf(who, '2026-11-23', alice)).toEqual([]);
    expect((await book(who, monday('09:30'), alice, patientId)).body.code).toBe('APPOINTMENT.STAFF_ONLY');
  });

  it('book in a mode that is offered, the first if none is asked for', async () => {
    const who = await buildPractitioner(practice);
    await keep(who, rulesOf(who, { modes: ['video', 'home'] }));
    const request = { patientId: randomUUID(), practitionerId: who.practitionerId, appointmentTypeId: who.typeId };
    const inPerson = await secretary('POST', '/api/appointments', {
      ...request,
      start: monday('09:00'),
      mode: 'in-person',
    });
    expect([inPerson.status, inPerson.body.code]).toEqual([422, 'APPOINTMENT.MODE_NOT_OFFERED']);
    expect((await secretary('POST', '/api/appointments', { ...request, start: monday('09:00') })).body.mode).toBe(
      'video',
    );
    const atHome = { ...request, start: monday('10:00'), mode: 'home' };
    expect((await secretary('POST', '/api/appointments', atHome)).body.mode).toBe('home');
  });

  it('keep buffers free, also between bookings at the same moment', async () => {
    const who = await buildPractitioner(practice);
    await keep(who, rulesOf(who, { bufferBeforeMinutes: 5, bufferAfterMinutes: 10 }));
    const times = ['09:00', '09:30', '10:00', '10:30', '11:00', '11:30'];
    const answers = await Promise.all(times.map((time) => book(who, monday(time))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    const rows = await booked(who);
    for (const [index, row] of rows.slice(1).entries()) {
      expect(row.start.getTime() - rows[index].end.getTime()).toBeGreaterThanOrEqual(15 * 60_000);
    }
    const again = await book(who, new Date(rows[0].end.getTime() + 14 * 60_000).toISOString());
    expect([again.status, again.body.code]).toEqual([409, 'APPOINTMENT.TOO_CLOSE']);
  });

  it('let exactly as many into a group as it has seats, of all who want one', async () => {
    const who = await buildPractitioner(practice);
    await keep(who, rulesOf(who, { capacity: 7 }));
    const answers = await Promise.all(Array.from({ length: 40 }, () => book(who, monday('09:30'))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(7);
    expect(new Set(answers.filter(({ status }) => status !== 201).map(({ body }) => body.code))).toEqual(
      new Set(['APPOINTMENT.GROUP_FULL']),
    );
    expect((await booked(who)).map(({ seat }) => seat)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await startsOf(who, '2026-11-23')).not.toContain('09:30');
    expect((await book(who, monday('09:45'))).body.code).toBe('APPOINTMENT.SLOT_TAKEN');
  });

  it('give a seat to one patient once, and again when it is left', async () => {
    const who = await buildPractitioner(practice);
    await keep(who, rulesOf(who, { capacity: 2 }));
    const patientId = randomUUID();
    const first = await book(who, monday('09:30'), secretary, patientId);
    expect((await book(who, monday('09:30'), secretary, patientId)).body.code).toBe('APPOINTMENT.PATIENT_BUSY');
    expect((await book(who, monday('09:30'))).status).toBe(201);
    expect((await book(who, monday('09:30'))).body.code).toBe('APPOINTMENT.GROUP_FULL');
    await secretary('POST', `/api/appointments/${first.body.id}/cancel`, { reason: 'Better' });
    expect((await book(who, monday('09:30'))).status).toBe(201);
  });

  it('book no more on a day than its maximum, of all who want one', async () => {
    const who = await buildPractitioner(practice);
    await keep(who, rulesOf(who, { dailyMax: 3 }));
    const times = ['09:00', '09:30', '10:00', '10:30', '11:00', '14:00', '14:30', '15:00'];
    const answers = await Promise.all(times.map((time) => book(who, monday(time))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(new Set(answers.filter(({ status }) => status !== 201).map(({ body }) => body.code))).toEqual(
      new Set(['APPOINTMENT.DAY_FULL']),
    );
    expect(await startsOf(who, '2026-11-23')).toEqual([]);
    expect((await book(who, '2026-11-24T09:00:00+01:00')).status).toBe(201);
  });
});

describe('rooms and devices', () => {
  const addRoom = async (name: string) => (await secretary('POST', '/api/resources', { kind: 'room', name })).body.id;

  it('are kept, with a version', async () => {
    const added = await secretary('POST', '/api/resources', { kind: 'device', name: 'Échographe' });
    expect([added.status, added.body, added.headers.get('etag')]).toMatchObject([
      201,
      { active: true, version: 1 },
      '"v1"',
    ]);
    const path = `/api/resources/${added.body.id}`;
    expect((await secretary('PUT', path, { kind: 'device', name: 'Échographe', active: false })).status).toBe(428);
    const changed = { kind: 'device', name: 'Échographe 2', active: false };
    expect((await secretary('PUT', path, changed, { 'if-match': '"v1"' })).body).toMatchObject({
      ...changed,
      version: 2,
    });
    expect((await secretary('PUT', path, changed, { 'if-match': '"v1"' })).status).toBe(412);
    expect((await secretary('GET', '/api/resources')).body.items).toContainEqual((await secretary('GET', path)).body);
    expect((await secretary('GET', `/api/resources/${randomUUID()}`)).body.code).toBe('RESOURCE.NOT_FOUND');
    const alice = await practice.as({ roles: ['patient'], patientId: randomUUID() });
    expect((await alice('POST', '/api/resources', changed)).status).toBe(403);
  });

  it('are never taken twice, by whichever practitioner, of all who want them at once', async () => {
    const rooms = [await addRoom('Salle 1'), await addRoom('Salle 2')];
    const people = await Promise.all(Array.from({ length: 6 }, () => buildPractitioner(practice)));
    for (const who of people) await keep(who, rulesOf(who, { needs: [{ anyOf: rooms }], bufferAfterMinutes: 5 }));
    const answers = await Promise.all(people.map((who) => book(who, monday('10:00'))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(new Set(answers.filter(({ status }) => status !== 201).map(({ body }) => body.code))).toEqual(
      new Set(['APPOINTMENT.RESOURCE_TAKEN']),
    );
    const free = people.filter((_, index) => answers[index]?.status !== 201)[0] as Practitioner;
    // The rooms are taken until 10:35.
    expect((await startsOf(free, '2026-11-23')).slice(0, 4)).toEqual(['09:00', '11:00', '11:30', '14:00']);
    const cancelled = answers.find(({ status }) => status === 201)?.body.id;
    await secretary('POST', `/api/appointments/${cancelled}/cancel`, { reason: 'Better' });
    expect((await book(free, monday('10:00'))).status).toBe(201);
  });

  it('are named when a type needs them that there are not', async () => {
    const who = await buildPractitioner(practice);
    const answer = await keep(who, rulesOf(who, { needs: [{ anyOf: [randomUUID()] }] }));
    expect(answer.body.fields).toMatchObject([{ path: 'rules[0].needs[0].anyOf', code: 'UNKNOWN_RESOURCE' }]);
  });
});

describe('moving by the rules', () => {
  it('does not stand in its own way', async () => {
    const who = await buildPractitioner(practice);
    const room = (await secretary('POST', '/api/resources', { kind: 'room', name: 'Salle 9' })).body.id;
    await keep(who, rulesOf(who, { dailyMax: 1, needs: [{ anyOf: [room] }], bufferAfterMinutes: 20 }));
    const { body } = await book(who, monday('09:30'));
    const moved = await secretary('POST', `/api/appointments/${body.id}/move`, { start: monday('09:45') });
    expect([moved.status, moved.body.start]).toEqual([200, '2026-11-23T09:45:00+01:00']);
    expect(await booked(who)).toMatchObject([{ day_place: 1, busy_until: new Date(monday('10:35')) }]);
  });

  it('takes a seat elsewhere and frees the old one', async () => {
    const who = await buildPractitioner(practice);
    await keep(who, rulesOf(who, { capacity: 2 }));
    const [one] = await Promise.all([book(who, monday('09:00')), book(who, monday('09:00'))]);
    const other = await book(who, monday('10:00'));
    const moved = await secretary('POST', `/api/appointments/${one?.body.id}/move`, { start: monday('10:00') });
    expect(moved.status).toBe(200);
    const rows = await booked(who);
    const at10 = rows.filter(({ start }) => start.getTime() === Date.parse(monday('10:00')));
    expect(at10.map(({ seat }) => seat)).toEqual([1, 2]);
    expect(new Set(at10.map(({ session }) => session)).size).toBe(1);
    expect(other.status).toBe(201);
  });
});
