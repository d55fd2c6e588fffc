import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whileHolding } from '../../../tests/support/database.ts';
import { type Caller, until } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

type Practitioner = Awaited<ReturnType<typeof buildPractitioner>>;

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;
const tuesday = (time: string) => `2026-11-24T${time}:00+01:00`;
const wednesday = (time: string) => `2026-11-25T${time}:00+01:00`;

const mondayOff = { startDate: '2026-11-23', endDate: '2026-11-23', action: 'move' };

async function book({ practitionerId, typeId }: Practitioner, start: string, patientId: string = randomUUID()) {
  const body = { patientId, practitionerId, appointmentTypeId: typeId, start };
  const answer = await secretary('POST', '/api/appointments', body);
  expect(answer.status).toBe(201);
  return answer.body as { id: string; patientId: string };
}

const preview = ({ practitionerId }: Practitioner, plan: object = mondayOff, as = secretary) =>
  as('POST', `/api/schedules/${practitionerId}/absences/preview`, plan);
const makeAbsent = ({ practitionerId }: Practitioner, token: string, plan: object = mondayOff, as = secretary) =>
  as('POST', `/api/schedules/${practitionerId}/absences`, { ...plan, token, reason: 'Training' });

interface Touched {
  appointment: { id: string };
  becomes: string;
  newStart?: string;
}
const said = (touched: Touched[]) =>
  touched.map(({ appointment, becomes, newStart }) => [appointment.id, becomes, newStart]);

const stored = async ({ practitionerId }: Practitioner) =>
  (
    await practice.sql.query(
      'select id, status, version, "start", cancellation from appointment where practitioner_id = $1 order by id',
      [practitionerId],
    )
  ).rows;

const told = (id: string) =>
  practice.published
    .filter(({ data }) => (data as { appointmentId: string }).appointmentId === id)
    .map(({ type }) => type);

describe('an absence', () => {
  it('is previewed without changing anything: each goes to the next slot that is left, at which the patient is free', async () => {
    const [who, other] = [await buildPractitioner(practice), await buildPractitioner(practice)];
    const nine = await book(who, monday('09:00'));
    const ten = await book(who, monday('10:00'));
    const late = await book(who, monday('16:30'));
    await book(who, tuesday('09:30'));
    await book(other, tuesday('10:00'), ten.patientId);
    const before = await stored(who);
    const answer = await preview(who);
    expect([answer.status, said(answer.body.touched)]).toEqual([
      200,
      [
        [nine.id, 'moved', tuesday('09:00')],
        // At ten the patient is with somebody else, and half past nine is taken.
        [ten.id, 'moved', tuesday('10:30')],
        [late.id, 'moved', tuesday('10:00')],
      ],
    ]);
    expect(await stored(who)).toEqual(before);
    expect((await secretary('GET', `/api/schedules/${who.practitionerId}`)).body.absences).toEqual([]);
  });

  it('does exactly what was previewed, in one step, and tells each patient once', async () => {
    const who = await buildPractitioner(practice);
    const hours = [
      { placeId: who.placeId, daysOfWeek: ['mon'], startTime: '09:00', endTime: '12:00' },
      { placeId: who.placeId, daysOfWeek: ['tue'], startTime: '09:00', endTime: '09:30' },
    ];
    await secretary('PUT', `/api/schedules/${who.practitionerId}`, { hours }, { 'if-match': '"v1"' });
    const [first, second] = [await book(who, monday('09:00')), await book(who, monday('09:30'))];
    const plan = { ...mondayOff, withinDays: 3 };
    const { touched, token } = (await preview(who, plan)).body;
    expect(said(touched)).toEqual([
      [first.id, 'moved', tuesday('09:00')],
      [second.id, 'cancelled', undefined],
    ]);
    const done = await makeAbsent(who, token, plan);
    expect([done.status, done.body]).toMatchObject([
      201,
      {
        scheduleVersion: 3,
        appointments: [
          { id: first.id, version: 2, status: 'booked', start: tuesday('09:00') },
          { id: second.id, version: 2, status: 'cancelled', cancellation: { reason: 'Training', code: 'prov' } },
        ],
      },
    ]);
    expect(await stored(who)).toMatchObject([
      { status: 'booked', version: 2, start: new Date(tuesday('09:00')) },
      { status: 'cancelled', version: 2, cancellation: { code: 'prov' } },
    ]);
    await until(() => told(first.id).length === 2 && told(second.id).length === 2);
    expect([told(first.id), told(second.id)]).toEqual([
      ['appointment.booked', 'appointment.moved'],
      ['appointment.booked', 'appointment.cancelled'],
    ]);
    const query = new URLSearchParams({
      practitionerId: who.practitionerId,
      appointmentTypeId: who.typeId,
      at: monday('09:00'),
    });
    const explained = (await secretary('GET', `/api/slots/explain?${query}`)).body;
    expect(explained.reasons[0].code).toBe('APPOINTMENT.PRACTITIONER_ABSENT');
    expect((await makeAbsent(who, token, plan)).status).toBe(409);
  });

  it('can cancel all that it touches, of a part of a day too, and ends holds without a word', async () => {
    const who = await buildPractitioner(practice);
    const [morning, noon] = [await book(who, monday('09:00')), await book(who, monday('14:00'))];
    const body = { patientId: randomUUID(), practitionerId: who.practitionerId, appointmentTypeId: who.typeId };
    const held = await secretary('POST', '/api/appointments/holds', { ...body, start: monday('15:00') });
    const plan = { startDate: '2026-11-23', endDate: '2026-11-23', startTime: '14:15', action: 'cancel' };
    const { touched, token } = (await preview(who, plan)).body;
    expect(said(touched)).toEqual([
      [noon.id, 'cancelled', undefined],
      [held.body.id, 'cancelled', undefined],
    ]);
    expect((await makeAbsent(who, token, plan)).status).toBe(201);
    expect((await stored(who)).map(({ status }) => status)).toEqual(['booked', 'cancelled', 'cancelled']);
    await until(() => told(noon.id).length === 2);
    expect([told(morning.id), told(held.body.id)]).toEqual([['appointment.booked'], []]);
  });

  it('is not made when anything has changed since the preview, and says what', async () => {
    const who = await buildPractitioner(practice);
    const [kept, gone] = [await book(who, monday('09:00')), await book(who, monday('10:00'))];
    const { token } = (await preview(who)).body;
    await secretary('POST', `/api/appointments/${gone.id}/cancel`, { reason: 'Called' });
    const added = await book(who, monday('11:00'));
    await book(who, tuesday('09:00'));
    const refused = await makeAbsent(who, token);
    expect([refused.status, refused.body.code]).toEqual([409, 'ABSENCE.CHANGED']);
    expect(refused.body.changed).toEqual([
      {
        appointmentId: kept.id,
        was: { becomes: 'moved', start: '2026-11-24T08:00:00.000Z' },
        is: { becomes: 'moved', start: '2026-11-24T08:30:00.000Z' },
      },
      { appointmentId: gone.id, was: { becomes: 'moved', start: '2026-11-24T08:30:00.000Z' } },
      { appointmentId: added.id, is: { becomes: 'moved', start: '2026-11-24T09:00:00.000Z' } },
    ]);
    expect((await secretary('GET', `/api/schedules/${who.practitionerId}`)).body.absences).toEqual([]);
    expect((await stored(who)).map(({ version }) => version)).toEqual([1, 2, 1, 1]);
    expect((await makeAbsent(who, (await preview(who)).body.token)).status).toBe(201);
  });

  it('is made once when two make it at once while others book: nobody is left without a slot of their own', async () => {
    for (let round = 0; round < 5; round += 1) {
      const who = await buildPractitioner(practice);
      const ids = [];
      for (const time of ['09:00', '09:30', '10:00', '10:30']) ids.push((await book(who, monday(time))).id);
      const { token } = (await preview(who)).body;
      const body = { practitionerId: who.practitionerId, appointmentTypeId: who.typeId, start: tuesday('09:30') };
      const answers = await Promise.all([
        makeAbsent(who, token),
        makeAbsent(who, token),
        secretary('POST', '/api/appointments', { ...body, patientId: randomUUID() }),
      ]);
      const [isMade, isBooked] = [
        answers.slice(0, 2).filter(({ status }) => status === 201).length,
        answers[2]?.status,
      ];
      expect(answers.every(({ status }) => [201, 409, 412].includes(status))).toBe(true);
      expect([isMade, isBooked]).toEqual(isMade ? [1, 409] : [0, 201]);
      const starts = (await stored(who)).map(({ start }) => start.toISOString());
      expect(new Set(starts).size).toBe(starts.length);
      const days = new Set(starts.slice(0, ids.length).map((start) => start.slice(0, 10)));
      expect([...days]).toEqual([isMade ? '2026-11-24' : '2026-11-23']);
    }
  });

  it('declines what patients have asked for within it, and tells them', async () => {
    const who = await buildPractitioner(practice);
    const { practitionerId, typeId, placeId } = who;
    const hours = [{ placeId, daysOfWeek: ['mon'], startTime: '09:00', endTime: '12:00' }];
    const rules = [{ appointmentTypeId: typeId, needsConfirmation: true }];
    await secretary('PUT', `/api/schedules/${practitionerId}`, { hours, rules }, { 'if-match': '"v1"' });
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    const order = { patientId, practitionerId, appointmentTypeId: typeId, start: monday('09:00') };
    const asked = (await alice('POST', '/api/appointments', order)).body;
    expect(asked.status).toBe('pending');
    const plan = { ...mondayOff, action: 'cancel' };
    const { token } = (await preview(who, plan)).body;
    expect((await makeAbsent(who, token, plan)).body.appointments).toMatchObject([
      { id: asked.id, status: 'cancelled' },
    ]);
    await until(() => told(asked.id).length > 0);
    expect(told(asked.id)).toEqual(['appointment.declined']);
  });

  describe('that is made while somebody books within it', () => {
    /** Both have decided, and wait for the agenda: first the one, then the other. */
    async function inTurn<A, B>(who: Practitioner, first: () => Promise<A>, second: () => Promise<B>): Promise<[A, B]> {
      const locks = `select from pg_locks where locktype = 'advisory' and not granted and database =
        (select oid from pg_database where datname = current_database())`;
      const waiting = (count: number) => until(async () => (await practice.sql.query(locks)).rowCount === count);
      const turn = 'select pg_advisory_xact_lock(1, hashtext($1))';
      return whileHolding(practice.sql, [turn, who.practitionerId], async (letGo) => {
        const one = first();
        await waiting(1);
        const other = second();
        await waiting(2);
        await letGo();
        return [await one, await other];
      });
    }

    const wanted = ({ practitionerId, typeId }: Practitioner, start: string) => ({
      ...{ patientId: randomUUID(), practitionerId, appointmentTypeId: typeId, start },
    });
    const absences = async ({ practitionerId }: Practitioner) =>
      (await secretary('GET', `/api/schedules/${practitionerId}`)).body.absences;

    it('has nothing booked in it that was decided before, in either order', async () => {
      const who = await buildPractitioner(practice);
      await book(who, monday('09:00'));
      const { token } = (await preview(who)).body;
      const [made, late] = await inTurn(
        who,
        () => makeAbsent(who, token),
        () => secretary('POST', '/api/appointments', wanted(who, monday('10:00'))),
      );
      expect([made.status, late.status, late.body.code]).toEqual([201, 422, 'APPOINTMENT.PRACTITIONER_ABSENT']);
      expect((await stored(who)).map(({ start }) => start)).toEqual([new Date(tuesday('09:00'))]);

      const other = await buildPractitioner(practice);
      const before = (await preview(other)).body.token;
      const [booked, refused] = await inTurn(
        other,
        () => secretary('POST', '/api/appointments', wanted(other, monday('10:00'))),
        () => makeAbsent(other, before),
      );
      expect([booked.status, refused.status, refused.body.code]).toEqual([201, 409, 'ABSENCE.CHANGED']);
      expect(refused.body.changed).toMatchObject([{ appointmentId: booked.body.id, is: { becomes: 'moved' } }]);
      expect(await absences(other)).toEqual([]);
    });

    it('has nothing moved into it', async () => {
      const who = await buildPractitioner(practice);
      const { id } = await book(who, wednesday('09:00'));
      const { token } = (await preview(who)).body;
      const [made, late] = await inTurn(
        who,
        () => makeAbsent(who, token),
        () => secretary('POST', `/api/appointments/${id}/move`, { start: monday('10:00') }, { 'if-match': '"v1"' }),
      );
      expect([made.status, late.status, late.body.code]).toEqual([201, 422, 'APPOINTMENT.PRACTITIONER_ABSENT']);
      expect((await stored(who)).map(({ start }) => start)).toEqual([new Date(wednesday('09:00'))]);
    });

    it('is made when what is booked meanwhile is beside it', async () => {
      const who = await buildPractitioner(practice);
      const { token } = (await preview(who)).body;
      const [booked, made] = await inTurn(
        who,
        () => secretary('POST', '/api/appointments', wanted(who, tuesday('10:00'))),
        () => makeAbsent(who, token),
      );
      expect([booked.status, made.status]).toEqual([201, 201]);
      expect(await absences(who)).toHaveLength(1);
    });
  });

  it('is for the practitioner and the practice; what is asked amiss is refused on its field', async () => {
    const who = await buildPractitioner(practice);
    const alice = await practice.as({ roles: ['patient'], patientId: randomUUID() });
    const other = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID() });
    const self = await practice.as({ roles: ['practitioner'], practitionerId: who.practitionerId });
    expect((await preview(who, mondayOff, alice)).status).toBe(403);
    expect((await preview(who, mondayOff, other)).status).toBe(403);
    expect((await preview(who, mondayOff, self)).status).toBe(200);
    const later = (await preview(who, { ...mondayOff, startDate: '2026-11-22' })).body.token;
    const backwards = await preview(who, { ...mondayOff, endDate: '2026-11-20' });
    expect([backwards.status, backwards.body.fields[0].path]).toEqual([422, 'endDate']);
    for (const [plan, code] of [
      [{ ...mondayOff, endDate: '2127-11-23' }, 'TOO_LONG'],
      [{ ...mondayOff, startDate: '2126-11-23', endDate: '2126-11-23' }, 'TOO_FAR'],
    ] as const) {
      for (const answer of [await preview(who, plan), await makeAbsent(who, later, plan)]) {
        expect([answer.status, answer.body.fields]).toMatchObject([422, [{ path: 'endDate', code }]]);
      }
    }
    const nonsense = await makeAbsent(who, 'nonsense');
    expect([nonsense.status, nonsense.body.fields[0].path]).toEqual([422, 'token']);
    expect((await makeAbsent(who, later)).status).toBe(409);
  });

  it('moves an occurrence of a series alone, and leaves what has passed as it was', async () => {
    const who = await buildPractitioner(practice);
    const body = { patientId: randomUUID(), practitionerId: who.practitionerId, appointmentTypeId: who.typeId };
    const series = await secretary('POST', '/api/appointments/series', {
      ...body,
      start: tuesday('09:00'),
      rule: 'FREQ=DAILY;COUNT=3',
    });
    const plan = { startDate: '2026-11-01', endDate: '2026-11-24', action: 'move' };
    const { touched, token } = (await preview(who, plan)).body;
    const [first] = series.body.appointments;
    // The patient is there on Wednesday at nine already.
    expect(said(touched)).toEqual([[first.id, 'moved', wednesday('09:30')]]);
    expect((await makeAbsent(who, token, plan)).body.appointments[0]).toMatchObject({
      seriesId: series.body.id,
      occurrence: tuesday('09:00'),
      start: wednesday('09:30'),
    });
  });
});
