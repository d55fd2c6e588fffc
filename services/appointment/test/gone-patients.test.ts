import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { whileHolding } from '../../../tests/support/database.ts';
import { type Caller, until } from '../../../tests/support/http.ts';
import { type RadicaleServer, startRadicale } from '../../../tests/support/radicale.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let radicale: RadicaleServer;
let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  radicale = await startRadicale();
  practice = await startPractice('2026-11-20T10:00:00Z', { settings: { CALENDAR_PRIVATE_HOSTS: ['127.0.0.1'] } });
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(async () => {
  await practice?.stop();
  await radicale?.stop();
});

type Practitioner = Awaited<ReturnType<typeof buildPractitioner>>;

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

async function made(path: string, body: object, as = secretary) {
  const answer = await as('POST', path, body);
  expect([path, answer.status, answer.body.code]).toEqual([path, 201, undefined]);
  return answer.body;
}

const book = ({ practitionerId, typeId }: Practitioner, patientId: string, start: string, more: object = {}) =>
  made('/api/appointments', { patientId, practitionerId, appointmentTypeId: typeId, start, ...more });

const wait = ({ practitionerId, typeId }: Practitioner, patientId: string, more: object = {}) =>
  made('/api/waiting-list', {
    patientId,
    wants: [{ practitionerId, appointmentTypeId: typeId }],
    fromDate: '2026-12-01',
    untilDate: '2027-01-31',
    // When nobody receives, so that nothing is offered.
    times: [{ daysOfWeek: ['sun'], startTime: '09:00', endTime: '10:00' }],
    ...more,
  });

async function tell(type: string, data: object) {
  const event = { id: randomUUID(), type, source: 'patient', data: { version: 2, ...data } };
  expect((await practice.hear('patient', event)).body.statuses).toMatchObject([{ status: 'SUCCESS' }]);
}
const merge = (patientId: string, into: string) => tell('patient.merged', { patientId, mergedIntoPatientId: into });

const idsAt = async (path: string) =>
  (await secretary('GET', path)).body.items.map(({ id }: { id: string }) => id).sort();

describe('an old id of a patient who was merged', () => {
  it('leads on to the appointments and the waiting list of the one they turned out to be', async () => {
    const who = await buildPractitioner(practice);
    const [first, second, last] = [randomUUID(), randomUUID(), randomUUID()];
    const booked = [await book(who, first, monday('09:00')), await book(who, last, monday('10:00'))];
    const waits = await wait(who, second);
    await merge(first, second);
    await merge(second, last);
    const self = await practice.as({ roles: ['patient'], patientId: last });
    for (const patientId of [first, second, last]) {
      const seen = (await self('GET', `/system/accesses/${patientId}`)).body.items;
      expect(seen.filter(({ action }: { action: string }) => action.startsWith('POST'))).toHaveLength(3);
      expect(await idsAt(`/api/appointments?patientId=${patientId}`)).toEqual(booked.map(({ id }) => id).sort());
      expect(await idsAt(`/api/waiting-list?patientId=${patientId}`)).toEqual([waits.id]);
    }
  });

  it('leads on in whatever order the merges are heard', async () => {
    const who = await buildPractitioner(practice);
    const [first, second, last] = [randomUUID(), randomUUID(), randomUUID()];
    const { id } = await book(who, first, monday('09:00'));
    await merge(second, last);
    await merge(first, second);
    expect(await idsAt(`/api/appointments?patientId=${last}`)).toEqual([id]);
  });

  it('waits for the same only once, where they are further in front', async () => {
    const who = await buildPractitioner(practice);
    const elsewhere = await buildPractitioner(practice);
    const [left, kept] = [randomUUID(), randomUUID()];
    const behind = await wait(who, kept);
    const front = await wait(who, left, { priority: 'urgent' });
    const other = await wait(elsewhere, left);
    await merge(left, kept);
    expect((await secretary('GET', `/api/waiting-list/${behind.id}`)).body).toMatchObject({
      status: 'cancelled',
      ended: 'merged',
    });
    expect(await idsAt(`/api/waiting-list?patientId=${kept}&status=waitlist`)).toEqual([front.id, other.id].sort());
  });
});

describe('two offers of the same, to one who turned out to be the same person', () => {
  /** An entry that has an offer, as a round makes it. */
  async function offered(who: Practitioner, patientId: string, start: string, more: object = {}) {
    const { id } = await wait(who, patientId, more);
    const { practitionerId, typeId: appointmentTypeId } = who;
    const of = { patientId, practitionerId, appointmentTypeId, start };
    const { id: holdId } = await made('/api/appointments/holds', of);
    await practice.sql.query(
      `insert into waiting_offer (appointment_id, waiting_id, status, offered_at, ends_at, passed_over)
       select id, $2, 'open', created_at, held_until, '[]' from appointment where id = $1`,
      [holdId, id],
    );
    await practice.sql.query(`update waiting set status = 'proposed', version = version + 1 where id = $1`, [id]);
    return { id, holdId };
  }
  const statusOf = async (path: string) => (await secretary('GET', `/api/${path}`)).body.status;

  it('leave the one that is further in front; the other ends with its hold', async () => {
    const who = await buildPractitioner(practice);
    const [left, kept] = [randomUUID(), randomUUID()];
    const behind = await offered(who, kept, monday('09:00'));
    const front = await offered(who, left, monday('10:00'), { priority: 'urgent' });
    await merge(left, kept);
    expect((await secretary('GET', `/api/waiting-list/${behind.id}`)).body).toMatchObject({
      status: 'cancelled',
      ended: 'merged',
      offers: [{ status: 'refused' }],
    });
    expect(await statusOf(`appointments/${behind.holdId}`)).toBe('cancelled');
    expect(await statusOf(`waiting-list/${front.id}`)).toBe('proposed');
    expect(await statusOf(`appointments/${front.holdId}`)).toBe('pending');
    expect(
      await secretary('POST', `/api/waiting-list/${front.id}/accept`, undefined, { 'if-match': '*' }),
    ).toMatchObject({ status: 200 });
    // The slot of the other is free for somebody else.
    await book(who, randomUUID(), monday('09:00'));
  });

  it('leave the one that still stands when both are at the same time', async () => {
    const [who, colleague] = [await buildPractitioner(practice), await buildPractitioner(practice)];
    const [left, kept] = [randomUUID(), randomUUID()];
    const wants = [who, colleague].map(({ practitionerId, typeId }) => ({ practitionerId, appointmentTypeId: typeId }));
    const stands = await offered(who, kept, monday('09:00'), { wants });
    const falls = await offered(colleague, left, monday('09:00'), { wants, priority: 'urgent' });
    await merge(left, kept);
    expect(await statusOf(`waiting-list/${falls.id}`)).toBe('cancelled');
    expect(await statusOf(`appointments/${falls.holdId}`)).toBe('cancelled');
    expect(await statusOf(`waiting-list/${stands.id}`)).toBe('proposed');
  });
});

describe('an old id, in what somebody asks for', () => {
  it('is refused with the id of the one they turned out to be', async () => {
    const { practitionerId, typeId: appointmentTypeId } = await buildPractitioner(practice);
    const [patientId, mergedInto] = [randomUUID(), randomUUID()];
    practice.people.patients.set(patientId, { id: patientId, active: false, mergedInto });
    const booking = { patientId, practitionerId, appointmentTypeId, start: monday('09:00') };
    const entry = {
      patientId,
      wants: [{ practitionerId, appointmentTypeId }],
      fromDate: '2026-12-01',
      untilDate: '2027-01-31',
    };
    for (const [path, body] of [
      ['/api/appointments', booking],
      ['/api/appointments/holds', booking],
      ['/api/waiting-list', entry],
    ] as const) {
      const answer = await secretary('POST', path, body);
      expect([path, answer.status, answer.body.code]).toEqual([path, 422, 'APPOINTMENT.PATIENT_MERGED']);
      expect(answer.body.fields).toMatchObject([{ path: 'patientId', message: expect.stringContaining(mergedInto) }]);
    }
  });
});

describe('what is stored while its patient is merged or erased', () => {
  /** Both begin while somebody else has the patient's turn: first what is told of the patient, then what a secretary does. */
  async function atOnce<T>(patientId: string, told: () => Promise<void>, done: () => Promise<T>): Promise<T> {
    const waiting = async (count: number) => {
      const locks = `select from pg_locks where locktype = 'advisory' and not granted and database =
        (select oid from pg_database where datname = current_database())`;
      await until(async () => (await practice.sql.query(locks)).rowCount === count);
    };
    const turn = 'select pg_advisory_xact_lock(2, hashtext($1))';
    return whileHolding(practice.sql, [turn, patientId], async (letGo) => {
      const hearing = told();
      await waiting(1);
      const doing = done();
      await waiting(2);
      await letGo();
      await hearing;
      return doing;
    });
  }

  it('is of the one they turned out to be', async () => {
    const who = await buildPractitioner(practice);
    const [left, kept] = [randomUUID(), randomUUID()];
    const booked = await atOnce(
      left,
      () => merge(left, kept),
      () => book(who, left, monday('09:00')),
    );
    expect((await secretary('GET', `/api/appointments/${booked.id}`)).body.patientId).toBe(kept);

    const [also, last] = [randomUUID(), randomUUID()];
    const waits = await atOnce(
      also,
      () => merge(also, last),
      () => wait(who, also),
    );
    expect((await secretary('GET', `/api/waiting-list/${waits.id}`)).body.patientId).toBe(last);
  });

  it('is refused, and kept nowhere, when they are erased', async () => {
    const who = await buildPractitioner(practice);
    const mark = `zzmark because of ${randomUUID()}`;
    const [first, second] = [randomUUID(), randomUUID()];
    const appointment = {
      patientId: first,
      practitionerId: who.practitionerId,
      appointmentTypeId: who.typeId,
      start: monday('09:00'),
      reason: mark,
    };
    const booked = await atOnce(
      first,
      () => tell('patient.erased', { patientId: first }),
      () => secretary('POST', '/api/appointments', appointment),
    );
    expect([booked.status, booked.body.code]).toEqual([422, 'APPOINTMENT.PATIENT_UNKNOWN']);
    const entry = {
      patientId: second,
      wants: [{ practitionerId: who.practitionerId, appointmentTypeId: who.typeId }],
      fromDate: '2026-12-01',
      untilDate: '2027-01-31',
      reason: mark,
    };
    const waits = await atOnce(
      second,
      () => tell('patient.erased', { patientId: second }),
      () => secretary('POST', '/api/waiting-list', entry),
    );
    expect([waits.status, waits.body.code]).toEqual([422, 'APPOINTMENT.PATIENT_UNKNOWN']);
    expect(await storedWith(mark)).toEqual([]);
  });
});

describe('a patient who is erased', () => {
  it('leaves no word that somebody wrote about them', async () => {
    const who = await buildPractitioner(practice);
    const [patientId, old] = [randomUUID(), randomUUID()];
    const mark = `zzmark because of ${randomUUID()}`;
    const overbook = { reason: mark };
    const doctor = await practice.as({ roles: ['practitioner'], practitionerId: who.practitionerId });
    const { id } = await book(who, patientId, monday('09:00'), { reason: mark });
    await book(who, old, monday('20:00'), { reason: mark, overbook });
    const key = { 'idempotency-key': randomUUID() };
    const cancelled = await secretary('POST', `/api/appointments/${id}/cancel`, { reason: mark }, key);
    expect(cancelled.status).toBe(200);
    // Whoever wrote a reason is shown it, so it is in the answer that is kept for them.
    expect(cancelled.body.cancellation.reason).toBe(mark);
    const waits = await wait(who, patientId, { reason: mark });
    await made('/api/appointments/holds', {
      patientId,
      practitionerId: who.practitionerId,
      appointmentTypeId: who.typeId,
      start: monday('11:00'),
      reason: mark,
    });
    expect(await storedWith(mark)).not.toEqual([]);
    await merge(old, patientId);
    await tell('patient.erased', { patientId });
    await tell('patient.erased', { patientId: old });
    expect(await storedWith(mark)).toEqual([]);
    // What happened stays readable, without why.
    const { body } = await doctor('GET', `/api/appointments/${id}`);
    expect(body).toMatchObject({ status: 'cancelled', cancellation: { by: expect.any(String) } });
    expect(body.cancellation).not.toHaveProperty('reason');
    expect((await secretary('GET', `/api/waiting-list/${waits.id}`)).body).toMatchObject({ ended: 'erased' });
  });

  it('leaves none either when the merge is heard after it', async () => {
    const who = await buildPractitioner(practice);
    const [patientId, old] = [randomUUID(), randomUUID()];
    const mark = `zzmark because of ${randomUUID()}`;
    await book(who, old, monday('09:00'), { reason: mark });
    await tell('patient.erased', { patientId });
    await merge(old, patientId);
    expect(await storedWith(mark)).toEqual([]);
  });

  it('is taken out of the calendars elsewhere that showed their name', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    practice.people.names.set(patientId, 'PETIT Claire');
    // What was over before the calendar was connected never comes there.
    const { id: old } = await book(who, patientId, monday('10:00'));
    await practice.sql.query(
      `update appointment set status = 'fulfilled', "start" = "start" - interval '60 days', "end" = "end" - interval '60 days'
       where id = $1`,
      [old],
    );
    await radicale.makeCalendar(patientId);
    const { username, password } = radicale;
    const path = `/${username}/${patientId}/`;
    await made('/api/calendars', {
      practitionerId: who.practitionerId,
      kind: 'caldav',
      name: 'Own calendar',
      url: `http://${radicale.host}${path}`,
      username,
      password,
      writes: true,
      showsPatients: true,
    });
    const { id } = await book(who, patientId, monday('09:00'));
    // One that took place stays there.
    await practice.sql.query(`update appointment set status = 'fulfilled', version = version + 1 where id = $1`, [id]);
    const written = async () => (await radicale.ask('GET', `${path}${id}.ics`)).body as string;
    const passes = () => practice.clock.advanceBy(60_000);
    await until(async () => {
      passes();
      return (await written()).includes('PETIT Claire');
    });
    practice.people.names.delete(patientId);
    await tell('patient.erased', { patientId });
    await until(async () => {
      passes();
      return (await written()).includes('SUMMARY:Consultation');
    });
    expect(await written()).not.toContain('PETIT');
    const entriesOfOld = await practice.sql.query('select from calendar_entry where appointment_id = $1', [old]);
    expect(entriesOfOld.rowCount).toBe(0);
  });
});

describe('what somebody read before a patient went', () => {
  /** Happens while the next change is on its way, between its reading and its writing. */
  /** When the service next asks about this practitioner; others are asked about all the time. */
  const meanwhile = ({ practitionerId }: Practitioner, happens: () => Promise<void>) => {
    const { people } = practice;
    const asked = vi.spyOn(people, 'practitioner').mockImplementation(async (id) => {
      if (id === practitionerId) {
        asked.mockRestore();
        await happens();
      }
      return people.practitioners.get(id);
    });
  };
  const stale = (answer: { status: number; body: { code: string } }, status = 409) =>
    expect([answer.status, answer.body.code]).toEqual([status, 'REQUEST.STALE_VERSION']);

  it('writes no word back of one who was erased', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    const mark = `zzmark because of ${randomUUID()}`;
    const of = { patientId, practitionerId: who.practitionerId, appointmentTypeId: who.typeId, reason: mark };
    const series = await made('/api/appointments/series', {
      ...of,
      start: monday('15:00'),
      rule: 'FREQ=WEEKLY;COUNT=2',
    });
    const [first] = series.appointments;
    meanwhile(who, () => tell('patient.erased', { patientId }));
    stale(await secretary('POST', `/api/appointments/${first.id}/move-following`, { start: monday('16:00') }));
    expect(await storedWith(mark)).toEqual([]);
  });

  it('writes no word back of a visit either that is not cancelled, since its time has come', async () => {
    const who = await buildPractitioner(practice);
    const patientId = randomUUID();
    const mark = `zzmark because of ${randomUUID()}`;
    const { id } = await book(who, patientId, monday('09:00'), { reason: mark });
    await practice.sql.query(`update appointment set status = 'arrived' where id = $1`, [id]);
    const isWaiting = async (begin: string) => {
      const waiting = `select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query ~ ('^\\s*' || $1)`;
      return (await practice.sql.query(waiting, [begin])).rowCount === 1;
    };
    // What is forgotten of visits comes before what is forgotten of the waiting list.
    await whileHolding(practice.sql, ['lock table waiting in exclusive mode'], async (letGo) => {
      const erased = tell('patient.erased', { patientId });
      await until(() => isWaiting('update waiting set version = version \\+ 1, reason = null'));
      const late = secretary('POST', `/api/appointments/${id}/cancel`, { reason: 'They left' });
      await until(() => isWaiting('update "appointment"'));
      await letGo();
      await erased;
      stale(await late);
    });
    expect(await storedWith(mark)).toEqual([]);
  });

  it('tells and stores nothing of one who was merged under their old id', async () => {
    const who = await buildPractitioner(practice);
    const [left, kept] = [randomUUID(), randomUUID()];
    const { id } = await book(who, left, monday('09:00'));
    const waits = await wait(who, left);
    meanwhile(who, () => merge(left, kept));
    stale(await secretary('POST', `/api/appointments/${id}/move`, { start: monday('10:00') }));
    stale(await secretary('POST', `/api/waiting-list/${waits.id}/withdraw`, undefined, { 'if-match': '"v1"' }), 412);
    expect((await secretary('POST', `/api/appointments/${id}/move`, { start: monday('10:00') })).status).toBe(200);
    await until(() => told(id).length === 2);
    expect(told(id)).toEqual([
      ['appointment.booked', left],
      ['appointment.moved', kept],
    ]);
  });

  it('is not booked, held or waited for, for one who was erased', async () => {
    const who = await buildPractitioner(practice);
    const mark = `zzmark because of ${randomUUID()}`;
    const of = {
      practitionerId: who.practitionerId,
      appointmentTypeId: who.typeId,
      start: monday('09:00'),
      reason: mark,
    };
    const wants = [{ practitionerId: who.practitionerId, appointmentTypeId: who.typeId }];
    const dates = { fromDate: '2026-12-01', untilDate: '2027-01-31' };
    for (const [path, body] of [
      ['/appointments', of],
      ['/appointments/holds', of],
      ['/appointments/series', { ...of, rule: 'FREQ=WEEKLY;COUNT=2' }],
      ['/waiting-list', { wants, ...dates, reason: mark }],
    ] as const) {
      const patientId = randomUUID();
      meanwhile(who, () => tell('patient.erased', { patientId }));
      const answer = await secretary('POST', `/api${path}`, { ...body, patientId });
      expect([path, answer.status, answer.body.code]).toEqual([path, 422, 'APPOINTMENT.PATIENT_UNKNOWN']);
    }
    expect(await storedWith(mark)).toEqual([]);
  });
});

const told = (id: string) =>
  practice.published.flatMap(({ type, data }) => {
    const { appointmentId, patientId } = data as { appointmentId: string; patientId: string };
    return appointmentId === id ? [[type, patientId]] : [];
  });

/** Tables that have the text anywhere. */
async function storedWith(text: string): Promise<string[]> {
  const { rows } = await practice.sql.query(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  expect(rows.length).toBeGreaterThan(10);
  const found: string[] = [];
  for (const { name } of rows) {
    const having = `select from "${name}" t where strpos(t::text, $1) > 0 limit 1`;
    if ((await practice.sql.query(having, [text])).rowCount) found.push(name);
  }
  return found;
}
