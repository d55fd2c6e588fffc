import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, caller, until } from '../../../tests/support/http.ts';
import { appApiToken } from '../../../tests/support/service.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;
let admin: Caller;

beforeAll(async () => {
  practice = await startPractice('2026-11-20T10:00:00Z', { offersEveryMs: 50 });
  secretary = await practice.as({ roles: ['secretary'] });
  admin = await practice.as({ roles: ['admin'] });
});
afterAll(() => practice?.stop());

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

/** Leaves a key as a process does that dies between storing and answering, a minute ago. */
const lose = (key: string) =>
  practice.sql.query(
    `update idempotency_key set answer = null, claimed_at = claimed_at - interval '61 seconds' where key = $1`,
    [key],
  );

interface Asking<T> {
  status?: number;
  headers?: Record<string, string>;
  /** Called before the repeat. */
  look?: () => Promise<T>;
}

/** Asks, loses the answer, and asks again. */
async function askedTwice<T>(as: Caller, path: string, body?: object, { status = 201, headers, look }: Asking<T> = {}) {
  const key = { 'idempotency-key': randomUUID(), ...headers };
  const first = await as('POST', path, body, key);
  expect([path, first.status, first.body.code]).toEqual([path, status, undefined]);
  await lose(key['idempotency-key']);
  const seen = await look?.();
  return [first, await as('POST', path, body, key), seen] as const;
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

  it('as a place on the waiting list is given once', async () => {
    const [first, again] = await askedTwice(secretary, '/api/waiting-list', await waitingFor());
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
  });
});

async function waitingFor() {
  const { practitionerId, typeId } = await buildPractitioner(practice);
  const wants = [{ practitionerId, appointmentTypeId: typeId }];
  return { patientId: randomUUID(), wants, fromDate: '2026-11-20', untilDate: '2026-12-31' };
}

async function created(path: string, body: object) {
  const answer = await secretary('POST', path, body);
  expect([path, answer.status]).toEqual([path, 201]);
  return answer.body;
}

/** Something that a request changes. */
interface Thing {
  path: string;
  practitionerId: string;
}

/** On the Monday at nine. */
async function visit(path = '/api/appointments', more: object = {}) {
  const { practitionerId, typeId } = await buildPractitioner(practice);
  const people = { practitionerId, appointmentTypeId: typeId, patientId: randomUUID() };
  const { id, appointments } = await created(path, { ...people, start: monday('09:00'), ...more });
  return { ...people, path: `/api/appointments/${appointments ? appointments[1].id : id}` };
}

const hold = () => visit('/api/appointments/holds');
const secondOfThree = () => visit('/api/appointments/series', { rule: 'FREQ=WEEKLY;COUNT=3' });

async function begun() {
  const it = await visit();
  practice.clock.set(new Date(monday('09:10')));
  return it;
}

async function ended() {
  const it = await begun();
  expect((await secretary('POST', `${it.path}/complete`)).status).toBe(200);
  return it;
}

/** One slot alone, so that nothing else is offered to who refuses it. */
const mondayAtNine = {
  ...{ fromDate: '2026-11-23', untilDate: '2026-11-23' },
  times: [{ daysOfWeek: ['mon'], startTime: '09:00', endTime: '09:30' }],
};

async function offered() {
  const { id, wants } = await created('/api/waiting-list', { ...(await waitingFor()), ...mondayAtNine });
  const path = `/api/waiting-list/${id}`;
  await until(async () => (await secretary('GET', path)).body.status === 'proposed');
  return { path, practitionerId: wants[0].practitionerId };
}

const reason = { reason: 'Test' };

/** What each is done to and what with: every POST with an Idempotency-Key and If-Match that the service has. */
const changes: [operation: string, thing: () => Promise<Thing>, body?: object][] = [
  ['appointments.move', visit, { start: monday('10:00') }],
  ['appointments.cancel', visit, reason],
  // Nobody was told of it, so nobody is told.
  ['appointments.cancel', hold, reason],
  ['appointments.confirm', hold],
  ['appointments.arrive', begun],
  ['appointments.complete', begun],
  ['appointments.miss', begun],
  ['appointments.reopen', ended, reason],
  ['series.moveFollowing', secondOfThree, { start: '2026-12-01T10:00:00+01:00' }],
  ['series.cancelFollowing', secondOfThree, reason],
  ['waitingList.accept', offered],
  ['waitingList.refuse', offered],
  ['waitingList.withdraw', offered],
  ['appointments.keepFromGuardians', visit, { keptFromGuardians: true }],
  ['waitingList.keepFromGuardians', offered, { keptFromGuardians: true }],
];

/** What was told of visits to a practitioner, once all is told. */
async function toldOf(practitionerId: string) {
  await until(async () => (await count('outbox')) === 0);
  return practice.published
    .filter(({ data }) => (data as { practitionerId: string }).practitionerId === practitionerId)
    .map(({ type }) => type);
}

describe('what is changed again when a process died between storing and answering', () => {
  it.each(changes)('by %s is changed once, and told once', async (operation, prepare, body) => {
    const now = practice.clock.now();
    try {
      const { path, practitionerId } = await prepare();
      const etagOf = async () => (await secretary('GET', path)).headers.get('etag') as string;
      const etag = await etagOf();
      const action = operation.replace(/^.*\./, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      const change = { status: 200, headers: { 'if-match': etag } };
      const [first, again, told] = await askedTwice(secretary, `${path}/${action}`, body, {
        ...change,
        look: () => toldOf(practitionerId),
      });
      expect([again.status, again.body, again.headers.get('etag')]).toEqual([
        200,
        first.body,
        first.headers.get('etag'),
      ]);
      expect(await etagOf()).not.toBe(etag);
      expect(await toldOf(practitionerId)).toEqual(told);
    } finally {
      practice.clock.set(now);
    }
  });

  it.each([
    ['visitAnswers.answer', { says: 'cancel' }],
    ['visitAnswers.answer', { says: 'accept' }],
    ['visitAnswers.answer', { says: 'move', start: monday('10:00') }],
  ])('by a link in a message is changed once, and told once: %s %o', async (_operation, says) => {
    const { path, practitionerId, patientId } = await visit();
    const service = caller(practice.base, { 'dapr-caller-app-id': 'notification', 'dapr-api-token': appApiToken });
    const at = path.replace('/appointments/', '/appointments/answers/');
    const [first, again, told] = await askedTwice(
      service,
      at,
      { by: patientId, as: 'patient', ...says },
      { status: 200, headers: { 'if-match': '"v1"' }, look: () => toldOf(practitionerId) },
    );
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(first.body.version).toBe(2);
    expect(await toldOf(practitionerId)).toEqual(told);
  });

  it('by an absence is changed once, and told once', async () => {
    const { practitionerId } = await visit();
    const path = `/api/schedules/${practitionerId}/absences`;
    const plan = { startDate: '2026-11-23', endDate: '2026-11-23', action: 'move' };
    const { token } = (await secretary('POST', `${path}/preview`, plan)).body;
    const look = () => toldOf(practitionerId);
    const [first, again, told] = await askedTwice(secretary, path, { ...plan, token, ...reason }, { look });
    expect(first.body.appointments).toMatchObject([{ version: 2 }]);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(await toldOf(practitionerId)).toEqual(told);
  });

  it('is answered as it is now, when somebody else has changed it since', async () => {
    const { path } = await visit();
    const headers = { 'if-match': '"v1"' };
    const look = () => secretary('POST', `${path}/cancel`, reason);
    const [, again] = await askedTwice(
      secretary,
      `${path}/move`,
      { start: monday('10:00') },
      { status: 200, headers, look },
    );
    expect([again.status, again.body]).toMatchObject([
      200,
      { status: 'cancelled', version: 3, start: monday('10:00') },
    ]);
  });

  it('takes off the lists of some alone, and says so again to whom nobody waits any more', async () => {
    const [one, other] = [await buildPractitioner(practice), await buildPractitioner(practice)];
    const { id } = (
      await secretary('POST', '/api/waiting-list', {
        ...(await waitingFor()),
        wants: [one, other].map(({ practitionerId, typeId }) => ({ practitionerId, appointmentTypeId: typeId })),
        reason: 'Chest pain',
        // Nothing is offered.
        times: [{ daysOfWeek: ['mon'], startTime: '03:00', endTime: '03:10' }],
      })
    ).body;
    const sub = randomUUID();
    const worksFor = (practitioners: string[]) =>
      practice.as({
        roles: ['secretary'],
        sub,
        delegated: practitioners.map((practitioner) => ({ practitioner, as: 'secretary', scopes: ['agenda'] })),
      });
    const path = `/api/waiting-list/${id}/withdraw`;
    const key = { 'idempotency-key': randomUUID() };
    const theirs = await worksFor([one.practitionerId]);
    const first = await theirs('POST', path, undefined, key);
    await lose(key['idempotency-key']);
    const again = await theirs('POST', path, undefined, key);
    const said = { id, status: 'cancelled', ended: 'withdrawn' };
    expect([first.status, first.body, again.status, again.body]).toMatchObject([200, said, 200, said]);
    expect(JSON.stringify(again.body)).not.toMatch(new RegExp(`Chest|${other.practitionerId}`));
    await lose(key['idempotency-key']);
    expect((await (await worksFor([]))('POST', path, undefined, key)).status).toBe(404);
    expect((await secretary('GET', `/api/waiting-list/${id}`)).body).toMatchObject({
      status: 'waitlist',
      wants: [{ practitionerId: other.practitionerId }],
    });
  });

  it('is shown to nobody who has lost access to it since', async () => {
    const { path, patientId } = await visit();
    const sub = randomUUID();
    const patient = await practice.as({ sub, roles: ['patient'], patientId });
    const other = await practice.as({ sub, roles: ['patient'], patientId: randomUUID() });
    const key = { 'idempotency-key': randomUUID(), 'if-match': '"v1"' };
    expect((await patient('POST', `${path}/cancel`, reason, key)).status).toBe(200);
    await lose(key['idempotency-key']);
    expect((await other('POST', `${path}/cancel`, reason, key)).status).toBe(404);
  });
});
