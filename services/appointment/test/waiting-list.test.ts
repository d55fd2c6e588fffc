import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { whileHolding } from '../../../tests/support/database.ts';
import { type Answer, type Caller, until } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

const now = '2026-11-20T10:00:00Z';
const quick = { offersEveryMs: 50 };

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice(now, quick);
  secretary = await practice.as({ roles: ['secretary'] });
});
beforeEach(async () => {
  practice.clock.set(new Date(now));
  // So that rounds stay as short as the test needs them.
  await practice.sql.query(`update waiting set status = 'cancelled' where status in ('waitlist', 'proposed')`);
});
afterAll(() => practice?.stop());

type Practitioner = Awaited<ReturnType<typeof buildPractitioner>>;

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

/** A practitioner who receives only on the Monday, from nine, for so many half hours. */
async function buildBusy(slots: number): Promise<Practitioner & { booked: string[] }> {
  const who = await buildPractitioner(practice);
  const endTime = `${String(9 + Math.floor(slots / 2)).padStart(2, '0')}:${slots % 2 ? '30' : '00'}`;
  await setSchedule(who, { hours: hoursOf(who, endTime) }, 1);
  const booked: string[] = [];
  for (let nth = 0; nth < slots; nth += 1) {
    const start = new Date(Date.parse(monday('09:00')) + nth * 30 * 60_000).toISOString();
    booked.push((await book(who, start)).body.id);
  }
  return { ...who, booked };
}

const hoursOf = ({ placeId }: Practitioner, endTime: string) => [
  {
    placeId,
    daysOfWeek: ['mon'],
    startTime: '09:00',
    endTime,
    validFrom: '2026-11-23',
    validUntil: '2026-11-23',
  },
];

const setSchedule = ({ practitionerId }: Practitioner, body: object, version: number) =>
  secretary('PUT', `/api/schedules/${practitionerId}`, body, { 'if-match': `"v${version}"` });

const book = ({ practitionerId, typeId }: Practitioner, start: string, patientId: string = randomUUID()) =>
  secretary('POST', '/api/appointments', { patientId, practitionerId, appointmentTypeId: typeId, start });

const cancel = (id: string | undefined) => secretary('POST', `/api/appointments/${id}/cancel`, { reason: 'Called' });

async function join({ practitionerId, typeId }: Practitioner, more: object = {}, as = secretary) {
  practice.clock.advanceBy(1);
  return as('POST', '/api/waiting-list', {
    patientId: randomUUID(),
    wants: [{ practitionerId, appointmentTypeId: typeId }],
    fromDate: '2026-11-20',
    untilDate: '2026-12-31',
    ...more,
  });
}

const read = async (id: string, as = secretary) => (await as('GET', `/api/waiting-list/${id}`)).body;
/** @param ifMatch the entry as it was seen; `*` for whatever is offered now */
const answer = (id: string, how: 'accept' | 'refuse' | 'withdraw', as = secretary, ifMatch = '*') =>
  as('POST', `/api/waiting-list/${id}/${how}`, undefined, how === 'withdraw' ? {} : { 'if-match': ifMatch });
const hasOffer = async (id: string) => (await read(id)).status === 'proposed';

/** Resolves after a round that began when this was called, or later: it has ended when the next one makes an offer. */
async function aRoundLater(zone = 'Europe/Paris'): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    const who = await buildPractitioner(practice, { places: [{ id: randomUUID(), zone }] });
    const { id } = (await join(who)).body;
    await until(() => hasOffer(id));
    await answer(id, 'withdraw');
  }
}

/** Both begin, one after the other, while the entry itself is out of their reach. */
async function bothAtOnce(id: string, first: () => Promise<Answer>, second: () => Promise<Answer>) {
  const locks = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return whileHolding(practice.sql, ['select from waiting where id = $1 for update', id], async (letGo) => {
    const waitForLocks = (count: number) =>
      until(async () => ((await practice.sql.query(locks)).rowCount ?? 0) >= count);
    const one = first();
    await waitForLocks(1);
    const other = second();
    await Promise.race([other, waitForLocks(2)]);
    await letGo();
    return Promise.all([one, other]);
  });
}

const told = (id: string) =>
  practice.published
    .filter(({ data }) => (data as { appointmentId: string }).appointmentId === id)
    .map(({ type, data }) => [type, (data as { status: string }).status]);

const status = async (id: string) =>
  (await practice.sql.query('select status from appointment where id = $1', [id])).rows[0]?.status;

describe('a slot that becomes free', () => {
  it('is offered to the next when nothing can be stored for the first', async () => {
    const who = await buildBusy(1);
    const [first, second] = [(await join(who)).body, (await join(who)).body];
    await practice.sql.query('insert into patient_deceased values ($1)', [first.patientId]);
    await cancel(who.booked[0]);
    await until(() => hasOffer(second.id));
    expect(await hasOffer(first.id)).toBe(false);
  });

  it('is offered to the first whom it suits, kept for them, and told; staff see why others were passed over', async () => {
    const who = await buildBusy(1);
    const tuesdays = (await join(who, { times: [{ daysOfWeek: ['tue'], startTime: '08:00', endTime: '20:00' }] })).body;
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    const first = (await join(who, { patientId }, alice)).body;
    const second = (await join(who)).body;
    expect(first.status).toBe('waitlist');
    await cancel(who.booked[0]);
    await until(() => hasOffer(first.id));

    const { offers } = await read(first.id);
    expect(offers).toMatchObject([
      {
        status: 'open',
        start: monday('09:00'),
        endsAt: '2026-11-20T12:00:00+01:00',
        passedOver: [{ waitingId: tuesdays.id, code: 'OTHER_TIMES' }],
      },
    ]);
    expect((await read(first.id, alice)).offers[0].passedOver).toBeUndefined();
    expect((await book(who, monday('09:00'))).status).toBe(409);
    // It is none of the three holds that a patient may have.
    const elsewhere = await buildPractitioner(practice);
    for (const [time, expected] of [
      ['10:00', 201],
      ['10:30', 201],
      ['11:00', 201],
      ['11:30', 429],
    ] as const) {
      const { practitionerId, typeId } = elsewhere;
      const wanted = { patientId, practitionerId, appointmentTypeId: typeId, start: monday(time) };
      expect((await alice('POST', '/api/appointments/holds', wanted)).status).toBe(expected);
    }
    await until(() => told(offers[0].appointmentId).length > 0);
    expect(told(offers[0].appointmentId)).toEqual([['appointment.offered', 'proposed']]);
    await aRoundLater();
    expect(await hasOffer(second.id)).toBe(false);

    const accepted = await answer(first.id, 'accept', alice);
    expect([accepted.status, accepted.body]).toMatchObject([
      200,
      { status: 'booked', offers: [{ status: 'accepted' }] },
    ]);
    expect(await status(offers[0].appointmentId)).toBe('booked');
    await until(() => told(offers[0].appointmentId).length === 2);
    expect(told(offers[0].appointmentId)[1]).toEqual(['appointment.booked', 'booked']);
    expect((await answer(first.id, 'accept', alice)).body.code).toBe('WAITING.OFFER_ENDED');
  });

  it('goes to the next when it is refused, and who refused keeps their place for another', async () => {
    const who = await buildBusy(2);
    const [first, second] = [(await join(who)).body, (await join(who)).body];
    await cancel(who.booked[0]);
    await until(() => hasOffer(first.id));
    expect((await answer(first.id, 'refuse')).body).toMatchObject({
      status: 'waitlist',
      offers: [{ status: 'refused' }],
    });
    await until(() => hasOffer(second.id));
    expect((await read(second.id)).offers[0].passedOver).toEqual([{ waitingId: first.id, code: 'OFFERED_BEFORE' }]);
    await cancel(who.booked[1]);
    await until(() => hasOffer(first.id));
    expect((await read(first.id)).offers.map(({ start }: { start: string }) => start)).toEqual([
      monday('09:30'),
      monday('09:00'),
    ]);
  });

  it('goes to the next when nobody answers within an hour, and then it is too late to accept', async () => {
    const who = await buildBusy(1);
    const [first, second] = [(await join(who)).body, (await join(who)).body];
    await cancel(who.booked[0]);
    await until(() => hasOffer(first.id));
    practice.clock.set(new Date('2026-11-20T11:00:01Z'));
    await until(() => hasOffer(second.id));
    expect(await read(first.id)).toMatchObject({ status: 'waitlist', offers: [{ status: 'lapsed' }] });
    expect((await answer(first.id, 'accept')).body.code).toBe('WAITING.OFFER_ENDED');
    expect((await answer(second.id, 'accept')).body.status).toBe('booked');
  });

  it('is answered by who has seen it: not the one that came in its place, nor without saying which', async () => {
    const who = await buildBusy(2);
    const { id } = (await join(who)).body;
    await cancel(who.booked[0]);
    await until(() => hasOffer(id));
    const seen = `"v${(await read(id)).version}"`;
    practice.clock.set(new Date('2026-11-20T11:00:01Z'));
    await cancel(who.booked[1]);
    await until(async () => (await read(id)).offers.length === 2);
    const before = await read(id);
    for (const how of ['accept', 'refuse'] as const) {
      const { status, body } = await answer(id, how, secretary, seen);
      expect([status, body.code]).toEqual([412, 'REQUEST.STALE_VERSION']);
      const unsaid = await secretary('POST', `/api/waiting-list/${id}/${how}`);
      expect([unsaid.status, unsaid.body.code]).toEqual([428, 'REQUEST.IF_MATCH_REQUIRED']);
    }
    expect(await read(id)).toEqual(before);
    expect(before.offers).toMatchObject([{ status: 'open' }, { status: 'lapsed' }]);
    expect((await answer(id, 'accept', secretary, `"v${before.version}"`)).body.status).toBe('booked');
  });

  it('is offered to nobody at night, and no offer of the evening ends at night', async () => {
    const who = await buildBusy(2);
    const [first, second] = [(await join(who)).body, (await join(who)).body];
    practice.clock.set(new Date('2026-11-20T20:45:00+01:00'));
    await cancel(who.booked[0]);
    await until(() => hasOffer(first.id));
    expect((await read(first.id)).offers[0].endsAt).toBe('2026-11-21T08:45:00+01:00');
    practice.clock.set(new Date('2026-11-21T03:00:00+01:00'));
    await cancel(who.booked[1]);
    // A round in which an offer is made by day in another zone has been at this practitioner too.
    await aRoundLater('Pacific/Noumea');
    expect(await hasOffer(first.id)).toBe(true);
    expect(await hasOffer(second.id)).toBe(false);
    practice.clock.set(new Date('2026-11-21T08:00:00+01:00'));
    await until(() => hasOffer(second.id));
    expect(await hasOffer(first.id)).toBe(true);
  });

  it('goes by priority first', async () => {
    const who = await buildBusy(1);
    const [routine, urgent] = [(await join(who)).body, (await join(who, { priority: 'urgent' })).body];
    const listed = await secretary('GET', `/api/waiting-list?practitionerId=${who.practitionerId}`);
    expect(listed.body.items.map(({ id }: { id: string }) => id)).toEqual([urgent.id, routine.id]);
    await cancel(who.booked[0]);
    await until(() => hasOffer(urgent.id));
    expect(await hasOffer(routine.id)).toBe(false);
  });

  it.each([
    [
      'moving an appointment away',
      async (who: Practitioner & { booked: string[] }) => {
        await setSchedule(who, { hours: hoursOf(who, '10:00') }, 2);
        await book(who, monday('09:30')).then(({ body }) => cancel(body.id));
        expect(
          (await secretary('POST', `/api/appointments/${who.booked[0]}/move`, { start: monday('09:30') })).status,
        ).toBe(200);
      },
      '09:00',
    ],
    [
      'an extra opening',
      (who: Practitioner) =>
        setSchedule(
          who,
          {
            hours: hoursOf(who, '09:30'),
            extraOpenings: [{ date: '2026-11-23', placeId: who.placeId, startTime: '18:00', endTime: '18:30' }],
          },
          2,
        ),
      '18:00',
    ],
  ])('is offered when it does by %s', async (_, free, time) => {
    const who = await buildBusy(1);
    const times = [{ daysOfWeek: ['mon'], startTime: time, endTime: time.replace(':00', ':30') }];
    const { id } = (await join(who, { times })).body;
    await free(who);
    await until(() => hasOffer(id));
    expect((await read(id)).offers[0].start).toBe(monday(time));
  });

  it('is offered when an absence is withdrawn, or a hold ends', async () => {
    const who = await buildPractitioner(practice);
    const absences = [{ startDate: '2026-11-23', endDate: '2026-11-23' }];
    await setSchedule(who, { hours: hoursOf(who, '09:30'), absences }, 1);
    const { id } = (await join(who)).body;
    await aRoundLater();
    expect(await hasOffer(id)).toBe(false);
    await setSchedule(who, { hours: hoursOf(who, '09:30'), absences: [] }, 2);
    await until(() => hasOffer(id));

    const other = await buildPractitioner(practice);
    await setSchedule(other, { hours: hoursOf(other, '09:30') }, 1);
    const body = { patientId: randomUUID(), practitionerId: other.practitionerId, appointmentTypeId: other.typeId };
    const held = await secretary('POST', '/api/appointments/holds', { ...body, start: monday('09:00'), minutes: 5 });
    expect(held.status).toBe(201);
    const next = (await join(other)).body;
    await aRoundLater();
    expect(await hasOffer(next.id)).toBe(false);
    practice.clock.advanceBy(6 * 60_000);
    await until(() => hasOffer(next.id));
  });
});

describe('an offer', () => {
  it('that is accepted cancels the appointment that it replaces, in the same step', async () => {
    const who = await buildBusy(2);
    const patientId = randomUUID();
    const old = (await practice.sql.query('select id from appointment where id = $1', [who.booked[1]])).rows[0].id;
    await practice.sql.query('update appointment set patient_id = $1 where id = $2', [patientId, old]);
    const { id } = (await join(who, { patientId, replaces: old })).body;
    await cancel(who.booked[0]);
    await until(() => hasOffer(id));
    expect((await answer(id, 'accept')).body.status).toBe('booked');
    expect(await status(old)).toBe('cancelled');
    await until(() => told(old).some(([type]) => type === 'appointment.cancelled'));
  });

  it('is booked once however many accept, refuse and confirm it at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const who = await buildBusy(1);
      const { id } = (await join(who)).body;
      await cancel(who.booked[0]);
      await until(() => hasOffer(id));
      const { appointmentId } = (await read(id)).offers[0];
      const answers = await Promise.all([
        ...Array.from({ length: 6 }, () => answer(id, 'accept')),
        ...Array.from({ length: 3 }, () => answer(id, 'refuse')),
        secretary('POST', `/api/appointments/${appointmentId}/confirm`),
      ]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.every(({ status }) => [200, 409, 412].includes(status))).toBe(true);
      const isBooked = (await status(appointmentId)) === 'booked';
      expect(answers.find(({ status }) => status === 200)?.body.status).toBe(isBooked ? 'booked' : 'waitlist');
      await until(async () => (await read(id)).status === (isBooked ? 'booked' : 'waitlist'));
    }
  });

  it.each(['accept', 'refuse'] as const)('is answered whole, or not at all, when %s meets withdraw', async (how) => {
    const who = await buildBusy(1);
    const { id } = (await join(who)).body;
    await cancel(who.booked[0]);
    await until(() => hasOffer(id));
    const { appointmentId } = (await read(id)).offers[0];
    const [first, second] = await bothAtOnce(
      id,
      () => answer(id, 'withdraw'),
      () => answer(id, how),
    );

    const [one, other] = [first.status, second.status].sort();
    expect([one, [409, 412].includes(other as number)]).toEqual([200, true]);
    const { status: entry, ended, offers } = await read(id);
    const left = { entry: 'cancelled', ended: 'withdrawn', offer: 'refused', visit: 'cancelled' };
    const stays =
      how === 'accept'
        ? { entry: 'booked', ended: undefined, offer: 'accepted', visit: 'booked' }
        : { entry: 'waitlist', ended: undefined, offer: 'refused', visit: 'cancelled' };
    expect({ entry, ended, offer: offers[0].status, visit: await status(appointmentId) }).toEqual(
      first.status === 200 ? left : stays,
    );
    expect((first.status === 200 ? first : second).body.status).toBe(entry);
  });

  it('that is confirmed as the appointment that it is takes the patient off the list', async () => {
    const who = await buildBusy(1);
    const { id } = (await join(who)).body;
    await cancel(who.booked[0]);
    await until(() => hasOffer(id));
    const { appointmentId } = (await read(id)).offers[0];
    expect((await secretary('POST', `/api/appointments/${appointmentId}/confirm`)).status).toBe(200);
    expect(await read(id)).toMatchObject({ status: 'booked', offers: [{ status: 'accepted' }] });
  });

  it('goes to the next when the patient leaves the list, and does so by itself once its dates are over', async () => {
    const who = await buildBusy(1);
    const [first, second] = [(await join(who)).body, (await join(who, { untilDate: '2026-11-24' })).body];
    await cancel(who.booked[0]);
    await until(() => hasOffer(first.id));
    expect((await answer(first.id, 'withdraw')).body).toMatchObject({ status: 'cancelled', ended: 'withdrawn' });
    expect((await answer(first.id, 'withdraw')).status).toBe(409);
    await until(() => hasOffer(second.id));
    practice.clock.set(new Date('2026-11-27T10:00:00Z'));
    await until(async () => (await read(second.id)).status === 'cancelled');
    expect((await read(second.id)).ended).toBe('over');
  });
});

describe('an offer in the agenda of one of two who are waited for', () => {
  it('is accepted, refused and given back by that one, not by the other', async () => {
    const [away, free] = [await buildBusy(1), await buildBusy(1)];
    const [drAway, drFree] = await Promise.all(
      [away, free].map(({ practitionerId }) => practice.as({ roles: ['practitioner'], practitionerId })),
    );
    const wants = [away, free].map(({ practitionerId, typeId }) => ({ practitionerId, appointmentTypeId: typeId }));
    const { id } = (await join(away, { wants })).body;
    await cancel(free.booked[0]);
    await until(() => hasOffer(id));
    const { offers, version } = await read(id, drAway);
    expect(offers).toMatchObject([{ status: 'open', practitionerId: free.practitionerId }]);
    for (const how of ['accept', 'refuse', 'withdraw'] as const) {
      const refused = await answer(id, how, drAway);
      expect([refused.status, refused.body.code]).toEqual([403, 'ACCESS.NOT_YOUR_APPOINTMENT']);
    }
    expect(await read(id)).toMatchObject({ status: 'proposed', version });
    expect(await status(offers[0].appointmentId)).toBe('pending');
    expect((await answer(id, 'accept', drFree)).body.status).toBe('booked');
    expect(await status(offers[0].appointmentId)).toBe('booked');
  });
});

describe('several processes', () => {
  it('offer each slot once, in order of coming, and go on where one of them has stopped', async () => {
    const others = await Promise.all([1, 2].map(() => startPractice(now, { ...quick, beside: practice })));
    const who = await buildBusy(6);
    const ids: string[] = [];
    for (let nth = 0; nth < 9; nth += 1) ids.push((await join(who)).body.id);
    await Promise.all(who.booked.slice(0, 5).map(cancel));
    await until(async () => (await Promise.all(ids.slice(0, 5).map(hasOffer))).every(Boolean));
    await aRoundLater();
    const { rows } = await practice.sql.query(
      `select a."start", count(*)::int as times from waiting_offer o join appointment a on a.id = o.appointment_id
       where practitioner_id = $1 group by a."start"`,
      [who.practitionerId],
    );
    expect(rows.map(({ times }) => times)).toEqual(Array(5).fill(1));
    expect(await Promise.all(ids.map(hasOffer))).toEqual([...Array(5).fill(true), ...Array(4).fill(false)]);

    // What the first two did stands in the database: a third that has seen nothing of it goes on.
    await Promise.all(others.map((each) => each.stop()));
    const restarted = await startPractice(now, { ...quick, beside: practice });
    practice.clock.advanceBy(61 * 60_000);
    await until(async () => (await Promise.all(ids.slice(5).map(hasOffer))).every(Boolean));
    await restarted.stop();
  });
});

describe('the waiting list', () => {
  it('refuses what cannot be waited for, on the field', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    const refused = async (more: object, as = secretary) => {
      const { status, body } = await join(who, more, as);
      return [status, body.fields?.[0]?.path];
    };
    expect(await refused({ fromDate: '2026-02-30' })).toEqual([422, 'fromDate']);
    expect(await refused({ untilDate: '2026-11-19', fromDate: '2026-11-19' })).toEqual([422, 'untilDate']);
    expect(await refused({ untilDate: '2029-01-01' })).toEqual([422, 'untilDate']);
    expect(await refused({ fromDate: '2026-12-02', untilDate: '2026-12-01' })).toEqual([422, 'untilDate']);
    expect(await refused({ wants: [{ practitionerId: who.practitionerId, appointmentTypeId: randomUUID() }] })).toEqual(
      [422, 'wants[0].appointmentTypeId'],
    );
    const backwards = [{ daysOfWeek: ['mon'], startTime: '18:00', endTime: '14:00' }];
    expect(await refused({ times: backwards })).toEqual([422, 'times[0].endTime']);
    expect(await refused({ patientId, priority: 'stat' }, alice)).toEqual([422, 'priority']);
    expect(await refused({ replaces: randomUUID() })).toEqual([404, undefined]);
    expect(await refused({}, alice)).toEqual([403, undefined]);
  });

  it('has a patient once for the same, five times at most, and shows others nothing of it', async () => {
    const patientId = randomUUID();
    const alice = await practice.as({ roles: ['patient'], patientId });
    const who = await buildBusy(1);
    const { id } = (await join(who, { patientId }, alice)).body;
    expect((await join(who, { patientId }, alice)).body.code).toBe('WAITING.ALREADY');
    for (let nth = 0; nth < 4; nth += 1)
      expect((await join(await buildBusy(1), { patientId }, alice)).status).toBe(201);
    expect((await join(await buildBusy(1), { patientId }, alice)).body.code).toBe('WAITING.TOO_MANY');
    const page = await alice('GET', '/api/waiting-list?limit=3');
    expect(page.body.items).toHaveLength(3);
    const rest = await alice('GET', `/api/waiting-list?limit=3&cursor=${page.body.nextCursor}`);
    expect(rest.body.items).toHaveLength(2);

    const bruno = await practice.as({ roles: ['patient'], patientId: randomUUID() });
    expect((await bruno('GET', `/api/waiting-list/${id}`)).status).toBe(404);
    expect((await answer(id, 'withdraw', bruno)).status).toBe(404);
    expect((await bruno('GET', '/api/waiting-list')).body.items).toEqual([]);
  });

  it('has a patient once for the same, and five times at most, however many ask at once', async () => {
    const who = await buildBusy(1);
    const patientId = randomUUID();
    const equal = await Promise.all(Array.from({ length: 6 }, () => join(who, { patientId })));
    expect(equal.map(({ status }) => status).sort()).toEqual([201, ...Array(5).fill(409)]);
    expect(new Set(equal.flatMap(({ body }) => body.code ?? []))).toEqual(new Set(['WAITING.ALREADY']));

    const elsewhere = await Promise.all(Array.from({ length: 7 }, () => buildPractitioner(practice)));
    const more = await Promise.all(elsewhere.map((each) => join(each, { patientId })));
    expect(more.map(({ status }) => status).sort()).toEqual([...Array(4).fill(201), ...Array(3).fill(429)]);
    expect((await secretary('GET', `/api/waiting-list?patientId=${patientId}`)).body.items).toHaveLength(5);
  });

  it('follows a patient who is merged, and forgets one who is erased, without telling of offers that nobody knew of', async () => {
    const who = await buildBusy(1);
    const [patientId, into] = [randomUUID(), randomUUID()];
    const { id } = (await join(who, { patientId })).body;
    await tell('patient.merged', { patientId, mergedIntoPatientId: into });
    expect((await read(id)).patientId).toBe(into);
    await cancel(who.booked[0]);
    await until(() => hasOffer(id));
    const { appointmentId } = (await read(id)).offers[0];
    await tell('patient.erased', { patientId: into });
    expect(await read(id)).toMatchObject({ status: 'cancelled', ended: 'erased' });
    expect(await status(appointmentId)).toBe('cancelled');
    await aRoundLater();
    expect(told(appointmentId).map(([type]) => type)).toEqual(['appointment.offered']);
  });
});

async function tell(type: string, data: object) {
  const event = { id: randomUUID(), type, source: 'patient', specversion: '1.0', data: { version: 2, ...data } };
  expect((await practice.hear('patient', event)).status).toBe(200);
}

const codeOf = ({ status, body }: Answer) => [status, body.code];

describe('what an accepted offer replaces', () => {
  it('is a visit that the caller may cancel, when joining and when accepting', async () => {
    const [bernard, two] = [await buildPractitioner(practice), await buildPractitioner(practice)];
    const patientId = randomUUID();
    const patient = await practice.as({ roles: ['patient'], patientId });
    const drTwo = await practice.as({ roles: ['practitioner'], practitionerId: two.practitionerId });
    const replaces = (await book(bernard, monday('09:30'), patientId)).body.id;
    const wanted = {
      patientId,
      wants: [{ practitionerId: two.practitionerId, appointmentTypeId: two.typeId }],
      fromDate: '2026-11-24',
      untilDate: '2026-12-01',
      replaces,
    };
    expect(codeOf(await drTwo('POST', '/api/waiting-list', wanted))).toEqual([404, 'APPOINTMENT.NOT_FOUND']);
    const { id } = (await patient('POST', '/api/waiting-list', wanted)).body;
    await until(async () => (await patient('GET', `/api/waiting-list/${id}`)).body.status === 'proposed');
    const refused = await answer(id, 'accept', drTwo);
    expect(codeOf(refused)).toEqual([403, 'ACCESS.NOT_YOUR_APPOINTMENT']);
    expect((await patient('GET', `/api/appointments/${replaces}`)).body.status).toBe('booked');
    expect((await answer(id, 'accept', patient)).body.status).toBe('booked');
    expect((await patient('GET', `/api/appointments/${replaces}`)).body.status).toBe('cancelled');
  });
});
