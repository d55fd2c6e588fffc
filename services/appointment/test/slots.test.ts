import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;
const thatDay = { from: monday('00:00'), to: monday('23:59') };

const search = async (query: Record<string, string>, as = secretary) =>
  as('GET', `/api/slots?${new URLSearchParams({ ...thatDay, ...query })}`);

/** Practitioners of a speciality of their own, each with a half-hour type of the same name. */
async function buildTeam(size: number) {
  const speciality = randomUUID();
  const team = await Promise.all(
    Array.from({ length: size }, () =>
      buildPractitioner(practice, { appointmentTypes: [{ id: randomUUID(), name: 'Consultation', minutes: 30 }] }),
    ),
  );
  for (const { practitionerId } of team) practice.people.specialities.set(practitionerId, speciality);
  return { speciality, team: team.sort((a, b) => (a.practitionerId < b.practitionerId ? -1 : 1)) };
}

const book = ({ practitionerId, typeId }: { practitionerId: string; typeId: string }, start: string) =>
  secretary('POST', '/api/appointments', {
    patientId: randomUUID(),
    practitionerId,
    appointmentTypeId: typeId,
    start,
  });

describe('GET /api/slots', () => {
  it('finds slots of any practitioner of a speciality, in order of time, each with zone and offset', async () => {
    const { speciality, team } = await buildTeam(3);
    await buildTeam(1);
    const { body } = await search({ speciality, appointmentType: 'consultation' });
    expect(body.items).toHaveLength(3 * 12);
    expect(body.items.slice(0, 3)).toEqual(
      team.map(({ practitionerId, typeId, placeId }) => ({
        start: monday('09:00'),
        end: monday('09:30'),
        practitionerId,
        appointmentTypeId: typeId,
        placeId,
        zone: 'Europe/Paris',
      })),
    );
    const starts = body.items.map(({ start }: { start: string }) => start);
    expect(starts).toEqual(starts.toSorted());
  });

  it('gives each one’s first, the soonest in front', async () => {
    const { speciality, team } = await buildTeam(3);
    const [busy, busier, free] = team as [(typeof team)[0], (typeof team)[0], (typeof team)[0]];
    await book(busy, monday('09:00'));
    for (const time of ['09:00', '09:30']) await book(busier, monday(time));
    const { body } = await search({ speciality, appointmentType: 'Consultation', first: 'true' });
    expect(body.items.map(({ practitionerId, start }: never) => [practitionerId, start])).toEqual([
      [free.practitionerId, monday('09:00')],
      [busy.practitionerId, monday('09:30')],
      [busier.practitionerId, monday('10:00')],
    ]);
    const soonest = await search({ speciality, appointmentType: 'Consultation', first: 'true', limit: '1' });
    expect(soonest.body.items).toEqual(body.items.slice(0, 1));
    const next = await search({
      speciality,
      appointmentType: 'Consultation',
      first: 'true',
      limit: '1',
      cursor: soonest.body.nextCursor,
    });
    expect(next.body.items).toEqual(body.items.slice(1, 2));
  });

  it('goes through all pages without losing or repeating a slot', async () => {
    const { speciality } = await buildTeam(3);
    const query = { speciality, appointmentType: 'Consultation' };
    const all = (await search(query)).body.items;
    const seen = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const { body }: Awaited<ReturnType<Caller>> = await search({ ...query, limit: '5', ...(cursor && { cursor }) });
      seen.push(...body.items);
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(all);
  });

  it('refuses what can be no speciality as a fault of that field', async () => {
    const { status, body } = await search({ speciality: '%', appointmentType: 'Consultation' });
    expect([status, body.fields]).toMatchObject([422, [{ path: 'speciality', code: 'NO_NAME' }]]);
  });

  it('finds those at one place only', async () => {
    const { speciality, team } = await buildTeam(2);
    const { body } = await search({ appointmentType: 'Consultation', placeId: team[1]?.placeId as string });
    expect(new Set(body.items.map(({ practitionerId }: never) => practitionerId))).toEqual(
      new Set([team[1]?.practitionerId]),
    );
    expect(speciality).toBeDefined();
  });

  it('looks into the agenda that is asked about, and not through the appointments of all', async () => {
    const { practitionerId, typeId } = await buildPractitioner(practice);
    await practice.sql.query(
      `insert into appointment (id, status, patient_id, practitioner_id, appointment_type_id, place_id, zone, "start", "end",
         created_at, created_by)
       select gen_random_uuid(), 'booked', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'Europe/Paris',
         $1, $1::timestamptz + interval '15 minutes', now(), 'test'
       from generate_series(1, 10000)`,
      [monday('09:00')],
    );
    await practice.sql.query('analyze appointment');
    const looks = async () => {
      const { rows } = await practice.sql.query(
        `select seq_tup_read::int as rows_read, idx_scan::int as by_index from pg_stat_user_tables where relname = 'appointment'`,
      );
      return rows[0] as { rows_read: number; by_index: number };
    };
    const before = await looks();
    // The database tells of them a second later.
    await until(async () => {
      await search({ practitionerId, appointmentTypeId: typeId });
      return (await looks()).by_index > before.by_index;
    });
    expect((await looks()).rows_read - before.rows_read).toBeLessThan(10_000);
  });

  it('shows each place in its own zone', async () => {
    const { practitionerId, typeId } = await buildPractitioner(practice, {
      places: [{ id: randomUUID(), zone: 'Asia/Kolkata' }],
    });
    const { body } = await search({ practitionerId, appointmentTypeId: typeId });
    expect(body.items[0]).toMatchObject({ start: '2026-11-23T09:00:00+05:30', zone: 'Asia/Kolkata' });
  });

  it.each<[string, Record<string, string>, string]>([
    ['without a type', { appointmentTypeId: '' }, 'appointmentTypeId'],
    ['for a type that the practitioner does not offer', { appointmentTypeId: randomUUID() }, 'appointmentTypeId'],
    ['that ends before it begins', { to: monday('00:00') }, 'to'],
    ['of more than 92 days', { to: '2027-02-24T00:00:00+01:00' }, 'to'],
    ['at times without offset', { from: '2026-11-23T00:00:00' }, 'from'],
    ['with a cursor of another list', { cursor: 'WzFd' }, 'cursor'],
  ])('refuses a search %s, naming the field', async (_, change, path) => {
    const { practitionerId, typeId } = await buildPractitioner(practice);
    const query = Object.entries({ practitionerId, appointmentTypeId: typeId, ...change }).filter(([, text]) => text);
    const { status, body } = await search(Object.fromEntries(query));
    expect([status, body.fields.map((field: { path: string }) => field.path)]).toEqual([422, [path]]);
  });

  it('offers what is free, and a cancelled slot again', async () => {
    const { practitionerId, typeId } = await buildPractitioner(practice);
    const { id } = (await book({ practitionerId, typeId }, monday('09:30'))).body;
    const search = `/api/slots?${new URLSearchParams({
      practitionerId,
      appointmentTypeId: typeId,
      from: monday('09:00'),
      to: monday('10:30'),
    })}`;
    const starts = async () => (await secretary('GET', search)).body.items.map(({ start }: { start: string }) => start);
    expect(await starts()).toEqual([monday('09:00'), monday('10:00')]);
    await secretary('POST', `/api/appointments/${id}/cancel`, { reason: 'Feels better' });
    expect(await starts()).toEqual([monday('09:00'), monday('09:30'), monday('10:00')]);
  });

  it('pages', async () => {
    const { practitionerId, typeId } = await buildPractitioner(practice);
    const query = { practitionerId, appointmentTypeId: typeId, from: monday('00:00'), to: monday('18:00'), limit: '5' };
    const first = await secretary('GET', `/api/slots?${new URLSearchParams(query)}`);
    const second = await secretary(
      'GET',
      `/api/slots?${new URLSearchParams({ ...query, cursor: first.body.nextCursor })}`,
    );
    const third = await secretary(
      'GET',
      `/api/slots?${new URLSearchParams({ ...query, cursor: second.body.nextCursor })}`,
    );
    const all = [first, second, third].flatMap(({ body }) => body.items.map(({ start }: { start: string }) => start));
    expect(all).toHaveLength(12);
    expect(new Set(all).size).toBe(12);
    expect(third.body.nextCursor).toBeUndefined();
  });

  it.each([
    ['an end before its start', { to: monday('08:00') }, 'to'],
    ['a range of a year', { to: '2027-11-23T09:00:00+01:00' }, 'to'],
    ['an unknown type', { appointmentTypeId: randomUUID() }, 'appointmentTypeId'],
  ])('refuses %s', async (_, change, field) => {
    const { practitionerId, typeId } = await buildPractitioner(practice);
    const query = { practitionerId, appointmentTypeId: typeId, from: monday('09:00'), to: monday('10:30'), ...change };
    const answer = await secretary('GET', `/api/slots?${new URLSearchParams(query)}`);
    expect([answer.status, answer.body.fields[0].path]).toEqual([422, field]);
  });
});

describe('a day', () => {
  it('is that of each place, to its end', async () => {
    const name = `Vaccination ${randomUUID()}`;
    const buildIn = (zone: string) =>
      buildPractitioner(practice, {
        places: [{ id: randomUUID(), zone }],
        appointmentTypes: [{ id: randomUUID(), name, minutes: 60 }],
      });
    await buildIn('Europe/Paris');
    await buildIn('Pacific/Noumea');
    const query = new URLSearchParams({ appointmentType: name, from: '2026-11-24', to: '2026-11-24' });
    const { body } = await secretary('GET', `/api/slots?${query}`);
    const starts = body.items.map(({ start }: { start: string }) => start);
    expect(starts).toHaveLength(12);
    expect([starts[0], starts.at(-1)]).toEqual(['2026-11-24T09:00:00+11:00', '2026-11-24T16:00:00+01:00']);
    const backwards = new URLSearchParams({ appointmentType: name, from: '2026-11-24', to: '2026-11-23' });
    const refused = await secretary('GET', `/api/slots?${backwards}`);
    expect([refused.status, refused.body.fields[0].path]).toEqual([422, 'to']);
  });
});

describe('GET /api/slots/explain', () => {
  const explain = async (who: { practitionerId: string; typeId: string }, at: string, as = secretary) =>
    as(
      'GET',
      `/api/slots/explain?${new URLSearchParams({ practitionerId: who.practitionerId, appointmentTypeId: who.typeId, at })}`,
    );

  it('says that a free slot is offered', async () => {
    const who = await buildPractitioner(practice);
    const { body } = await explain(who, '2026-11-23T08:30:00Z');
    expect(body).toMatchObject({
      isOffered: true,
      reasons: [],
      start: monday('09:30'),
      zone: 'Europe/Paris',
    });
  });

  it('names the neighbour, to patients without saying which appointment it is', async () => {
    const who = await buildPractitioner(practice);
    const { body: neighbour } = await book(who, monday('09:30'));
    const alice = await practice.as({ roles: ['patient'], patientId: randomUUID() });
    const reason = { code: 'APPOINTMENT.SLOT_TAKEN', from: monday('09:30'), until: monday('10:00') };
    const forStaff = (await explain(who, monday('09:30'))).body;
    expect(forStaff.reasons).toMatchObject([{ ...reason, appointmentId: neighbour.id }]);
    const forPatients = (await explain(who, monday('09:30'), alice)).body;
    expect(forPatients).toMatchObject({ isOffered: false, reasons: [reason] });
    expect(forPatients.nextFreeSlots[0].start).toBe(monday('10:00'));
    expect(JSON.stringify(forPatients)).not.toContain(neighbour.id);
    expect(JSON.stringify(forPatients)).not.toContain(neighbour.patientId);
  });

  it('names every rule in the way, and a booking is refused for the first of them', async () => {
    const who = await buildPractitioner(practice);
    const { practitionerId, typeId, placeId } = who;
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    await secretary(
      'PUT',
      `/api/schedules/${practitionerId}`,
      {
        hours: [{ placeId, daysOfWeek: ['mon'], startTime: '09:00', endTime: '12:00' }],
        absences: [{ startDate: '2026-11-23', endDate: '2026-11-23', startTime: '11:00' }],
        rules: [{ appointmentTypeId: typeId, noticeMinutes: 7 * 24 * 60 }],
      },
      { 'if-match': '"v1"' },
    );
    const { body } = await explain(who, monday('11:00'), alice);
    expect(body.reasons).toMatchObject([
      { code: 'APPOINTMENT.NOTICE_TOO_SHORT', message: 'is less than 10080 minutes ahead' },
      { code: 'APPOINTMENT.PRACTITIONER_ABSENT', from: monday('11:00'), until: '2026-11-24T00:00:00+01:00' },
    ]);
    const request = { patientId, practitionerId, appointmentTypeId: typeId, start: monday('11:00') };
    expect((await alice('POST', '/api/appointments', request)).body.code).toBe(body.reasons[0].code);
    expect((await explain(who, monday('11:00'))).body.reasons).toMatchObject([
      { code: 'APPOINTMENT.PRACTITIONER_ABSENT' },
    ]);
  });

  it('knows a type that is not offered', async () => {
    const { practitionerId } = await buildPractitioner(practice);
    const { status, body } = await explain({ practitionerId, typeId: randomUUID() }, monday('09:30'));
    expect([status, body.code]).toEqual([422, 'APPOINTMENT.TYPE_UNKNOWN']);
  });
});
