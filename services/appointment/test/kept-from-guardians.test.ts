import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Caller, until } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

/**
 * The same practice twice, as the guardian of a minor meets it: in one the minor keeps things from them, in the other strangers have
 * these times. Whatever the guardian asks, both answer alike.
 */
let practice: Practice;
let desk: Caller;

beforeAll(async () => {
  practice = await startPractice();
  desk = await practice.as({ roles: ['secretary'], sub: randomUUID() });
});
afterAll(() => practice?.stop());

const minutes = 30;
const dayOf = (day: number) => `2026-11-${23 + day}`;
/** On a day of the week from Monday on: 9:00 to 12:00, 14:00 to 17:00. */
const times = [...'09:00 09:30 10:00 10:30 11:00 11:30 14:00 14:30 15:00 15:30 16:00 16:30'.split(' ')];
const at = (day: number, slot: number) => `${dayOf(day)}T${times[slot]}:00+01:00`;

interface Plan {
  visits: { slot: number; doctor: number; isKept: boolean; becomes: 'booked' | 'held' | 'cancelled' | 'kept later' }[];
  series: { slot: number; doctor: number; kept: 'all' | 'second' | 'none' }[];
  entries: { doctor: number; type: number; isKept: boolean }[];
  /** With a slot that is offered for it. */
  offers: { slot: number; doctor: number; isKept: boolean; isAccepted: boolean }[];
}

const slot = fc.integer({ min: 0, max: times.length - 1 });
const doctor = fc.integer({ min: 0, max: 1 });
const oncePer = { selector: (each: { slot: number }) => each.slot };
const plans: fc.Arbitrary<Plan> = fc.record({
  visits: fc.uniqueArray(
    fc.record({
      slot,
      doctor,
      isKept: fc.boolean(),
      becomes: fc.constantFrom<Plan['visits'][number]['becomes']>(
        'booked',
        'booked',
        'held',
        'cancelled',
        'kept later',
      ),
    }),
    { ...oncePer, minLength: 2, maxLength: 5 },
  ),
  series: fc.uniqueArray(
    fc.record({ slot, doctor, kept: fc.constantFrom<Plan['series'][number]['kept']>('all', 'second', 'none') }),
    { ...oncePer, maxLength: 2 },
  ),
  entries: fc.uniqueArray(fc.record({ doctor, type: fc.integer({ min: 0, max: 1 }), isKept: fc.boolean() }), {
    selector: (each) => `${each.doctor} ${each.type}`,
    maxLength: 3,
  }),
  // One at a time waits for the same, and nobody is offered two slots of one time.
  offers: fc
    .uniqueArray(fc.record({ slot, doctor, isKept: fc.boolean(), isAccepted: fc.boolean() }), {
      selector: (each) => each.doctor,
      maxLength: 2,
    })
    .map((offers) => offers.map((each) => ({ ...each, slot: (each.slot % 6) + 6 * each.doctor }))),
});

interface Doctor {
  practitionerId: string;
  types: string[];
}

/** One of the two practices; `secrets`: the minor has them there. */
interface World {
  child: string;
  guardian: Caller;
  doctors: Doctor[];
  speciality: string;
  /** What the guardian sees, in the order of the plan. */
  visits: string[];
  series: string[];
  entries: string[];
  /** What they do not; in the other practice there is nothing under these ids. */
  keptVisits: string[];
  keptSeries: string[];
  keptEntries: string[];
}

async function buildWorld(hasSecrets: boolean, plan: Plan): Promise<World> {
  const [child, speciality] = [randomUUID(), randomUUID()];
  const doctors: Doctor[] = [];
  for (let nth = 0; nth < 2; nth += 1) {
    const appointmentTypes = ['Consultation', 'Advice', 'Control'].map((name) => ({ id: randomUUID(), name, minutes }));
    const { practitionerId } = await buildPractitioner(practice, {
      // In the order in which they are listed when two slots begin at the same time.
      id: `0000000${nth}${randomUUID().slice(8)}`,
      appointmentTypes,
    });
    practice.people.specialities.set(practitionerId, speciality);
    doctors.push({ practitionerId, types: appointmentTypes.map(({ id }) => id) });
  }
  const guardian = await practice.as({
    roles: ['patient'],
    sub: randomUUID(),
    acts_for: [{ patient: child, as: 'guardian', sections: ['details', 'appointments', 'record', 'accesses'] }],
  });
  const world: World = {
    ...{ child, guardian, doctors, speciality },
    ...{ visits: [], series: [], entries: [], keptVisits: [], keptSeries: [], keptEntries: [] },
  };
  await plant(world, plan, hasSecrets);
  return world;
}

async function done(answer: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`not planted: ${status} ${JSON.stringify(body)}`);
  return body;
}

const secret = { keptFromGuardians: true };
const words = 'ZZSECRET';

const request = (world: World, nth: number, start: string, more: object = {}) => ({
  patientId: world.child,
  practitionerId: world.doctors[nth]?.practitionerId,
  appointmentTypeId: world.doctors[nth]?.types[0],
  start,
  ...more,
});

/** Somebody else has the time, at each doctor's. */
async function takenByStrangers(world: World, start: string): Promise<void> {
  for (const nth of world.doctors.keys()) {
    await done(desk('POST', '/api/appointments', request(world, nth, start, { patientId: randomUUID() })));
  }
}

async function plant(world: World, plan: Plan, hasSecrets: boolean): Promise<void> {
  for (const { slot, doctor, isKept, becomes } of plan.visits) {
    const start = at(0, slot);
    if (isKept && !hasSecrets) {
      if (becomes !== 'cancelled') await takenByStrangers(world, start);
      world.keptVisits.push(randomUUID());
      continue;
    }
    const mark = isKept ? { reason: words, ...(becomes !== 'kept later' && secret) } : {};
    const path = becomes === 'held' ? '/api/appointments/holds' : '/api/appointments';
    const { id } = await done(desk('POST', path, request(world, doctor, start, mark)));
    if (becomes === 'cancelled') await done(desk('POST', `/api/appointments/${id}/cancel`, { reason: 'Not needed' }));
    if (isKept && becomes === 'kept later')
      await done(desk('POST', `/api/appointments/${id}/keep-from-guardians`, secret));
    (isKept ? world.keptVisits : world.visits).push(id);
  }
  for (const { slot, doctor, kept } of plan.series) {
    const start = at(1, slot);
    if (kept === 'all' && !hasSecrets) {
      for (const day of [1, 2]) await takenByStrangers(world, at(day, slot));
      world.keptVisits.push(randomUUID(), randomUUID());
      world.keptSeries.push(randomUUID());
      continue;
    }
    // Where one of two is kept, the other practice has the series without it.
    const isWhole = kept !== 'second' || hasSecrets;
    const body = { ...request(world, doctor, start), rule: 'FREQ=DAILY;COUNT=2', skipImpossible: true };
    if (!isWhole) await takenByStrangers(world, at(2, slot));
    const mark = kept === 'all' ? { reason: words, ...secret } : {};
    const booked = await done(desk('POST', '/api/appointments/series', { ...body, ...mark }));
    const ids = booked.appointments.map((each: { id: string }) => each.id);
    if (kept === 'all') {
      world.keptSeries.push(booked.id);
      world.keptVisits.push(...ids);
      continue;
    }
    world.series.push(booked.id);
    world.visits.push(ids[0], ...(kept === 'none' ? [ids[1]] : []));
    if (kept === 'second') {
      if (hasSecrets) await done(desk('POST', `/api/appointments/${ids[1]}/keep-from-guardians`, secret));
      world.keptVisits.push(hasSecrets ? ids[1] : randomUUID());
    }
  }
  const waiting = (nth: number, type: number, more: object) => ({
    patientId: world.child,
    wants: [{ practitionerId: world.doctors[nth]?.practitionerId, appointmentTypeId: world.doctors[nth]?.types[type] }],
    fromDate: dayOf(0),
    untilDate: dayOf(4),
    times: [{ daysOfWeek: ['mon'], startTime: '03:00', endTime: '03:10' }],
    ...more,
  });
  for (const { doctor, type, isKept } of plan.entries) {
    if (isKept && !hasSecrets) {
      world.keptEntries.push(randomUUID());
      continue;
    }
    const more = isKept ? { reason: words, ...secret } : {};
    const { id } = await done(desk('POST', '/api/waiting-list', waiting(doctor, type, more)));
    (isKept ? world.keptEntries : world.entries).push(id);
  }
  for (const { slot, doctor, isKept, isAccepted } of plan.offers) {
    if (isKept && !hasSecrets) {
      await takenByStrangers(world, at(4, slot));
      world.keptEntries.push(randomUUID());
      world.keptVisits.push(randomUUID());
      continue;
    }
    const [startTime, endTime] = [times[slot], slot % 6 === 5 ? (slot === 5 ? '12:00' : '17:00') : times[slot + 1]];
    const more = {
      ...{ fromDate: dayOf(4), untilDate: dayOf(4), noticeMinutes: 0 },
      times: [{ daysOfWeek: ['fri'], startTime, endTime }],
      ...(isKept && { reason: words, ...secret }),
    };
    const { id } = await done(desk('POST', '/api/waiting-list', waiting(doctor, 2, more)));
    const path = `/api/waiting-list/${id}`;
    await until(async () => (await desk('GET', path)).body.status === 'proposed');
    const state = isAccepted
      ? await done(desk('POST', `${path}/accept`, undefined, { 'if-match': '*' }))
      : (await desk('GET', path)).body;
    (isKept ? world.keptEntries : world.entries).push(id);
    (isKept ? world.keptVisits : world.visits).push(state.offers[0].appointmentId);
  }
}

interface Asked {
  method: string;
  path: string;
  body?: object;
  headers?: Record<string, string>;
}

/** Each of a list in turn, of one page after another. */
async function pagesOf(call: Caller, path: string): Promise<Answer[]> {
  const pages: Answer[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; cursor = pages.at(-1)?.body.nextCursor) {
    pages.push(await call('GET', `${path}&limit=1${cursor && `&cursor=${cursor}`}`));
  }
  return pages;
}

const operations = Object.entries(
  (
    JSON.parse(readFileSync(join(import.meta.dirname, '../openapi.json'), 'utf8')) as {
      paths: Record<string, Record<string, { operationId: string; security?: object[] }>>;
    }
  ).paths,
).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { operationId, security = [] }]) => ({
    id: operationId,
    method: method.toUpperCase(),
    path,
    isForKnown: security.length > 0,
  })),
);

const cancelling = { reason: 'By the guardian' };
const range = `from=${dayOf(0)}&to=${dayOf(4)}`;

/** What of a list the guardian asks of each operation; of all others it is enough that they are asked at all. */
function requestsOf(id: string, path: string, method: string, world: World, plan: Plan): Asked[] {
  const { child, doctors, speciality } = world;
  const all = [...world.visits, ...world.keptVisits];
  const allSeries = [...world.series, ...world.keptSeries];
  const allEntries = [...world.entries, ...world.keptEntries];
  /** All that anything was planted at. */
  const everySlot = [
    ...plan.visits.map(({ slot }) => at(0, slot)),
    ...plan.series.flatMap(({ slot }) => [at(1, slot), at(2, slot)]),
    ...plan.offers.map(({ slot }) => at(4, slot)),
  ];
  const lists = [
    `patientId=${child}`,
    `patientId=${child}&${range}`,
    ...['booked', 'pending', 'cancelled'].map((status) => `patientId=${child}&status=${status}`),
    ...doctors.map(({ practitionerId }) => `patientId=${child}&practitionerId=${practitionerId}`),
  ];
  const ofEach = (ids: string[], body?: object, headers?: Record<string, string>): Asked[] =>
    ids.map((each) => ({ method, path: path.replace('{id}', each), body, headers }));
  const post = (body: object): Asked => ({ method, path, body });
  switch (id) {
    case 'appointments.list':
      return [...lists, ...allSeries.map((each) => `patientId=${child}&seriesId=${each}`)].map((query) => ({
        method,
        path: `${path}?${query}`,
      }));
    case 'waitingList.all':
      return [
        `patientId=${child}`,
        ...['waitlist', 'proposed', 'booked'].map((status) => `patientId=${child}&status=${status}`),
        ...doctors.map(({ practitionerId }) => `patientId=${child}&practitionerId=${practitionerId}`),
      ].map((query) => ({ method, path: `${path}?${query}` }));
    case 'slots.search':
      return [
        ...doctors.flatMap(({ practitionerId, types }) =>
          types.map((type) => `practitionerId=${practitionerId}&appointmentTypeId=${type}&${range}`),
        ),
        `speciality=${speciality}&appointmentType=Consultation&${range}`,
        `speciality=${speciality}&appointmentType=Consultation&first=true&${range}`,
      ].map((query) => ({ method, path: `${path}?${query}` }));
    case 'slots.explain':
      return doctors.flatMap(({ practitionerId, types }) =>
        everySlot.map((start) => ({
          method,
          path: `${path}?practitionerId=${practitionerId}&appointmentTypeId=${types[0]}&at=${encodeURIComponent(start)}`,
        })),
      );
    case 'appointments.careRelation':
      return [{ method, path: `${path}?patientId=${child}&practitionerId=${doctors[0]?.practitionerId}` }];
    case 'schedules.get':
      return doctors.map(({ practitionerId }) => ({ method, path: path.replace('{practitionerId}', practitionerId) }));
    case 'appointments.book':
      return [0, 1].flatMap((nth) => everySlot.map((start) => post(request(world, nth, start))));
    case 'appointments.hold':
      return [0, 1].flatMap((nth) => everySlot.map((start) => post(request(world, nth, start))));
    case 'series.book':
      return [0, 1].flatMap((nth) =>
        plan.series.flatMap(({ slot }) =>
          [false, true].map((skipImpossible) =>
            post({ ...request(world, nth, at(0, slot)), rule: 'FREQ=DAILY;COUNT=3', skipImpossible }),
          ),
        ),
      );
    case 'waitingList.join':
      return doctors.flatMap(({ practitionerId, types }) =>
        [...types, types[0]].map((appointmentTypeId) =>
          post({
            patientId: child,
            wants: [{ practitionerId, appointmentTypeId }],
            fromDate: dayOf(0),
            untilDate: dayOf(3),
            times: [{ daysOfWeek: ['mon'], startTime: '03:00', endTime: '03:10' }],
            replaces: appointmentTypeId === types[1] ? world.keptVisits[0] : undefined,
          }),
        ),
      );
    case 'appointments.move':
    case 'series.moveFollowing':
      return everySlot.filter((_, nth) => nth % 3 === 0).flatMap((start) => ofEach(all, { start }));
    case 'series.get':
      return ofEach(allSeries);
    case 'series.keepFromGuardians':
      return ofEach(allSeries, { keptFromGuardians: false });
    case 'appointments.keepFromGuardians':
      return ofEach(all, { keptFromGuardians: false });
    case 'waitingList.keepFromGuardians':
      return ofEach(allEntries, { keptFromGuardians: false });
    case 'waitingList.accept':
    case 'waitingList.refuse':
      return ofEach(allEntries, undefined, { 'if-match': '*' });
    case 'waitingList.get':
    case 'waitingList.withdraw':
      return ofEach(allEntries);
    default:
      if (path.startsWith('/api/appointments/{id}')) return ofEach(all, method === 'GET' ? undefined : cancelling);
      return [
        {
          method,
          path: path.replaceAll(/\{\w+\}/g, doctors[0]?.practitionerId as string),
          body: method === 'GET' || method === 'DELETE' ? undefined : {},
        },
      ];
  }
}

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Asks all of it, and says what was answered: each id by when it was first seen, and cursors not at all. */
async function walk(world: World, plan: Plan): Promise<string[]> {
  const answered: string[] = [];
  const seen = new Map<string, number>();
  const numbered = (text: string) =>
    text.replaceAll(uuids, (id) => {
      if (!seen.has(id)) seen.set(id, seen.size);
      return `#${seen.get(id)}`;
    });
  const note = ({ method, path }: Asked, { status, headers, body }: Answer) => {
    const { nextCursor, requestId: _, traceId: __, ...said } = typeof body === 'string' ? { text: body } : body;
    const whole = { ...said, more: nextCursor !== undefined };
    const kept = ['etag', 'location', 'retry-after', 'content-disposition'].map((name) => headers.get(name));
    const text = JSON.stringify([method, path, status, kept, whole]);
    for (const id of [...world.keptVisits, ...world.keptSeries, ...world.keptEntries]) {
      // Where the guardian asks by it, what is refused may say by what.
      if (!path.includes(id)) expect(text).not.toContain(id);
    }
    expect(text).not.toContain(words);
    expect(text).not.toContain('keptFromGuardians');
    answered.push(numbered(text));
  };
  const { guardian } = world;
  // What only looks comes first, and again when all that can be done was done.
  const [looks, deeds] = [true, false].map((isLook) =>
    operations.filter(({ method }) => (method === 'GET') === isLook),
  );
  // What frees or takes away comes last.
  const ends = ['cancel', 'refuse', 'withdraw', 'cancelFollowing', 'accept', 'confirm'];
  const inOrder = [...(deeds ?? [])].sort(
    (a, b) => ends.indexOf(a.id.split('.')[1] as string) - ends.indexOf(b.id.split('.')[1] as string),
  );
  for (const { id, method, path } of [...(looks ?? []), ...inOrder, ...(looks ?? [])]) {
    for (const [nth, asked] of requestsOf(id, path, method, world, plan).entries()) {
      const key: Record<string, string> = method === 'POST' ? { 'idempotency-key': randomUUID() } : {};
      const headers = { ...key, ...asked.headers };
      const answer = await guardian(asked.method, asked.path, asked.body, headers);
      note(asked, answer);
      if (nth === 0 && (id === 'appointments.list' || id === 'waitingList.all')) {
        for (const page of await pagesOf(guardian, asked.path)) note(asked, page);
      }
      if (id === 'appointments.book') note(asked, await guardian(asked.method, asked.path, asked.body, headers));
    }
  }
  return answered;
}

describe('what a minor keeps', () => {
  it('is in nothing that any operation answers to a guardian, and makes no difference but of times that are taken', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const [one, other] = [await buildWorld(true, plan), await buildWorld(false, plan)];
        const [answers, others] = [await walk(one, plan), await walk(other, plan)];
        // Guardians see something at all.
        expect(answers.length).toBeGreaterThan(operations.length);
        // Of thousands, the first that differs says what is wrong.
        const differs = answers.findIndex((each, nth) => each !== others[nth]);
        expect(answers[differs]).toEqual(others[differs]);
        expect(answers).toHaveLength(others.length);
      }),
      { numRuns: 4, endOnFailure: true },
    );
  }, 300_000);
});
