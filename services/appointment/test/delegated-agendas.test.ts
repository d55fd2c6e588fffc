import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Caller, until } from '../../../tests/support/http.ts';
import type { TokenClaims } from '../../../tests/support/tokens.ts';
import { bookBy, buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let desk: Caller;

beforeAll(async () => {
  practice = await startPractice();
  desk = await practice.as({ roles: ['secretary'], sub: randomUUID() });
});
afterAll(() => practice?.stop());

type Doctor = Awaited<ReturnType<typeof buildPractitioner>>;
type Delegated = NonNullable<TokenClaims['delegated']>[number];

const worksFor = (
  doctors: Pick<Doctor, 'practitionerId'>[],
  more: Partial<Delegated> = {},
  claims: Partial<TokenClaims> = {},
): Promise<Caller> =>
  practice.as({
    roles: ['secretary'],
    sub: randomUUID(),
    ...claims,
    delegated: doctors.map(({ practitionerId }) => ({
      practitioner: practitionerId,
      as: 'secretary',
      scopes: ['agenda'],
      ...more,
    })),
  });
const seconds = (time: string) => Date.parse(time) / 1_000;
const term = { since: seconds('2026-11-20T09:00:00Z'), until: seconds('2026-11-28T00:00:00Z') };
const standsInFor = (doctor: Doctor, claims: Partial<TokenClaims> = {}, more: Partial<Delegated> = term) =>
  worksFor([doctor], { as: 'locum', ...more }, { roles: ['practitioner'], practitionerId: randomUUID(), ...claims });
const forAll: Delegated = { practitioner: 'all', as: 'secretary', scopes: ['agenda'] };
/** As in a small practice, under its first rule. */
const standsInAndIsSecretary = ({ practitionerId }: Doctor, claims: Partial<TokenClaims> = {}) =>
  practice.as({
    roles: ['practitioner', 'secretary'],
    practitionerId: randomUUID(),
    sub: randomUUID(),
    delegated: [forAll, { practitioner: practitionerId, as: 'locum', scopes: ['agenda'], ...term }],
    ...claims,
  });

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;
const visitOf = ({ practitionerId, typeId }: Doctor, start: string, more: object = {}) => ({
  patientId: randomUUID(),
  practitionerId,
  appointmentTypeId: typeId,
  start,
  reason: 'Chest pain',
  ...more,
});
const wantOf = ({ practitionerId, typeId }: Doctor) => ({ practitionerId, appointmentTypeId: typeId });
const waitingFor = (doctors: Doctor[], more: object = {}) => ({
  patientId: randomUUID(),
  wants: doctors.map(wantOf),
  fromDate: '2026-11-23',
  untilDate: '2026-11-27',
  times: [{ daysOfWeek: ['mon'], startTime: '03:00', endTime: '03:10' }],
  ...more,
});
const anyTime = { times: undefined, noticeMinutes: 0 };
const idsOf = ({ body }: Answer) => body.items.map(({ id }: { id: string }) => id);
const why = { reason: 'No longer needed' };

/** Whose word an appointment rests on is what record asks for. */
const isTreated = async (patientId: string, { practitionerId }: Doctor) => {
  const path = `/api/appointments/care-relation?patientId=${patientId}&practitionerId=${practitionerId}`;
  return (await practice.sidecar('GET', path)).body.exists;
};

describe('a secretary to whom one practitioner has delegated', () => {
  it('books, moves, cancels and lists for them, as a secretary of all does', async () => {
    const doctor = await buildPractitioner(practice);
    const secretary = await worksFor([doctor]);
    const booked = await secretary('POST', '/api/appointments', visitOf(doctor, monday('09:00')));
    const { id, patientId } = booked.body;
    expect([booked.status, await isTreated(patientId, doctor)]).toEqual([201, true]);
    const path = `/api/appointments/${id}`;
    expect((await secretary('POST', `${path}/move`, { start: monday('10:00') })).body.start).toBe(monday('10:00'));
    expect((await secretary('GET', `${path}/calendar.ics`)).status).toBe(200);
    for (const filter of ['', `?practitionerId=${doctor.practitionerId}`, `?patientId=${patientId}`]) {
      expect(idsOf(await secretary('GET', `/api/appointments${filter}`))).toEqual([id]);
    }
    const series = await secretary('POST', '/api/appointments/series', {
      ...visitOf(doctor, monday('09:00')),
      rule: 'FREQ=DAILY;COUNT=2',
    });
    expect((await secretary('GET', `/api/appointments/series/${series.body.id}`)).body.appointments).toHaveLength(2);
    const entry = await secretary('POST', '/api/waiting-list', waitingFor([doctor], { priority: 'urgent' }));
    expect(idsOf(await secretary('GET', '/api/waiting-list'))).toEqual([entry.body.id]);
    const hours = { hours: [] };
    const schedule = `/api/schedules/${doctor.practitionerId}`;
    expect((await secretary('PUT', schedule, hours, { 'if-match': '"v1"' })).status).toBe(200);
    expect((await secretary('POST', `${path}/cancel`, why)).body.status).toBe('cancelled');
  });

  it('finds nobody else’s agenda there, whatever they ask', async () => {
    const [doctor, other] = [await buildPractitioner(practice), await buildPractitioner(practice)];
    const secretary = await worksFor([doctor]);
    const { path, practitionerId } = await bookBy(practice, desk, monday('09:00'), other);
    const code = async (...asked: Parameters<Caller>) => {
      const { status, body } = await secretary(...asked);
      return [status, body?.code];
    };
    const notThere = [404, 'APPOINTMENT.NOT_FOUND'];
    const notYours = [403, 'ACCESS.NOT_YOUR_APPOINTMENT'];
    expect(await code('GET', path)).toEqual(notThere);
    for (const [action, body] of [
      ['move', { start: monday('10:00') }],
      ['cancel', why],
      ['keep-from-guardians', { keptFromGuardians: true }],
    ] as const) {
      expect([action, ...(await code('POST', `${path}/${action}`, body))]).toEqual([action, ...notThere]);
    }
    expect(await code('GET', `/api/appointments?practitionerId=${practitionerId}`)).toEqual(notYours);
    expect(await code('GET', `/api/waiting-list?practitionerId=${practitionerId}`)).toEqual(notYours);
    expect(await code('POST', '/api/appointments', visitOf(other, monday('11:00')))).toEqual(notYours);
    expect(await code('POST', '/api/appointments/holds', visitOf(other, monday('11:00')))).toEqual(notYours);
    expect(await code('POST', '/api/waiting-list', waitingFor([doctor, other]))).toEqual(notYours);
    const schedule = `/api/schedules/${practitionerId}`;
    expect(await code('PUT', schedule, { hours: [] }, { 'if-match': '"v1"' })).toEqual([
      403,
      'ACCESS.NOT_YOUR_SCHEDULE',
    ]);
    const absence = { startDate: '2026-11-23', endDate: '2026-11-23', action: 'cancel' };
    expect(await code('POST', `${schedule}/absences/preview`, absence)).toEqual([403, 'ACCESS.NOT_YOUR_SCHEDULE']);
    expect((await secretary('GET', '/api/appointments')).body.items).toEqual([]);
  });

  it('gives nobody what would outlast the delegation', async () => {
    const doctor = await buildPractitioner(practice);
    const secretary = await worksFor([doctor]);
    const { practitionerId } = doctor;
    const calendar = { practitionerId, kind: 'ics', name: 'Home', url: 'https://x.example/a.ics' };
    const feed = `/api/calendars/feeds/${practitionerId}`;
    for (const { status, body } of [
      await secretary('PUT', feed),
      await secretary('POST', '/api/calendars', calendar),
    ]) {
      expect([status, body.code]).toEqual([403, 'ACCESS.NOT_YOUR_CALENDARS']);
    }
    expect((await desk('PUT', feed)).status).toBe(200);
    expect((await secretary('GET', `/api/calendars?practitionerId=${doctor.practitionerId}`)).status).toBe(200);
  });

  it('sees of who waits for others as well what concerns their own', async () => {
    const [doctor, other] = [await buildPractitioner(practice), await buildPractitioner(practice)];
    const patientId = randomUUID();
    const { id: replaces } = await bookBy(practice, desk, monday('09:00'), { ...other, patientId });
    const entry = await desk('POST', '/api/waiting-list', waitingFor([other, doctor], { patientId, replaces }));
    const secretary = await worksFor([doctor]);
    const seen = await secretary('GET', `/api/waiting-list/${entry.body.id}`);
    expect([seen.body.wants, seen.body.replaces]).toEqual([[wantOf(doctor)], undefined]);
    expect((await desk('GET', `/api/waiting-list/${entry.body.id}`)).body).toMatchObject({
      wants: [wantOf(other), wantOf(doctor)],
      replaces,
    });
  });

  it('ends for who waits for others as well what concerns their own alone, and answers no offer of theirs', async () => {
    const [doctor, other] = [await buildPractitioner(practice), await buildPractitioner(practice)];
    const secretary = await worksFor([doctor]);
    const schedule = `/api/schedules/${doctor.practitionerId}`;
    expect((await desk('PUT', schedule, { hours: [] }, { 'if-match': '"v1"' })).status).toBe(200);
    const joined = async (doctors: Doctor[], more: object = {}) => {
      const { body } = await desk('POST', '/api/waiting-list', waitingFor(doctors, { ...anyTime, ...more }));
      const entry = `/api/waiting-list/${body.id}`;
      await until(async () => (await desk('GET', entry)).body.status === 'proposed');
      return entry;
    };
    const theirs = await joined([doctor, other], { keptFromGuardians: true });
    for (const how of ['accept', 'refuse']) {
      const { status, body } = await secretary('POST', `${theirs}/${how}`, undefined, { 'if-match': '*' });
      expect([status, body.code]).toEqual([409, 'WAITING.OFFER_ENDED']);
    }
    const { offers } = (await desk('POST', `${theirs}/accept`, undefined, { 'if-match': '*' })).body;
    const keep = (keptFromGuardians: boolean) =>
      secretary('POST', `${theirs}/keep-from-guardians`, { keptFromGuardians });
    expect((await keep(false)).body.code).toBe('ACCESS.NOT_YOURS_TO_KEEP');
    expect((await keep(true)).status).toBe(200);
    const visit = await desk('GET', `/api/appointments/${offers[0].appointmentId}`);
    expect(visit.body).toMatchObject({ practitionerId: other.practitionerId, keptFromGuardians: true });

    const receiving = await buildPractitioner(practice);
    const own = await worksFor([receiving]);
    const entry = await joined([receiving, doctor]);
    const ended = await own('POST', `${entry}/withdraw`);
    expect([ended.status, ended.body]).toMatchObject([
      200,
      { status: 'cancelled', ended: 'withdrawn', wants: [wantOf(receiving)], offers: [{ status: 'refused' }] },
    ]);
    expect((await own('GET', entry)).status).toBe(404);
    expect((await desk('GET', entry)).body).toMatchObject({ status: 'waitlist', wants: [wantOf(doctor)] });
  });

  it('is nobody in it once it has ended, for other work alone, or without the role', async () => {
    const doctor = await buildPractitioner(practice);
    const { path } = await bookBy(practice, desk, monday('09:00'), doctor);
    const end = Math.floor(practice.clock.now().getTime() / 1_000) + 60;
    const secretary = await worksFor([doctor], { until: end });
    expect((await secretary('GET', path)).status).toBe(200);
    const before = practice.clock.now();
    practice.clock.set(new Date(end * 1_000));
    expect([(await secretary('GET', path)).status, (await secretary('GET', '/api/appointments')).status]).toEqual([
      404, 403,
    ]);
    practice.clock.set(before);
    for (const nobody of [
      await worksFor([doctor], { since: end }),
      await worksFor([doctor], { scopes: ['letters', 'results'] }),
      await worksFor([doctor], {}, { roles: ['patient'], patientId: randomUUID() }),
      await worksFor([doctor], {}, { roles: ['practitioner'], practitionerId: randomUUID() }),
      await worksFor([doctor], { as: 'locum' }),
      await practice.as({ roles: ['secretary'], sub: randomUUID(), delegated: [] }),
    ]) {
      expect((await nobody('GET', path)).status).toBe(404);
    }
  });

  it('is on the trail with the practitioner for whom they do it', async () => {
    const [one, two] = [await buildPractitioner(practice), await buildPractitioner(practice)];
    const sub = randomUUID();
    const secretary = await worksFor([one, two], {}, { sub });
    const key = { 'idempotency-key': randomUUID() };
    const visit = visitOf(one, monday('09:00'));
    const { body } = await secretary('POST', '/api/appointments', visit, key);
    expect((await secretary('POST', '/api/appointments', visit, key)).body).toEqual(body);
    await secretary('POST', `/api/appointments/${body.id}/cancel`, why);
    await secretary('GET', `/api/appointments?practitionerId=${one.practitionerId}`);
    const all = randomUUID();
    await (await practice.as({ roles: ['secretary'], sub: all }))('GET', `/api/appointments/${body.id}`);
    const { rows } = await practice.sql.query(
      'select distinct actor, on_behalf_of, purpose from audit_event where actor = any($1)',
      [[sub, all]],
    );
    const line = { on_behalf_of: one.practitionerId, purpose: 'PATADMIN' };
    expect(rows).toEqual(
      expect.arrayContaining([
        { actor: sub, ...line },
        { actor: all, ...line },
      ]),
    );
    expect(rows).toHaveLength(2);
  });
});

describe('the trail', () => {
  const linesOf = async (sub: string) =>
    (await practice.sql.query('select on_behalf_of, purpose from audit_event where actor = $1', [sub])).rows;

  it('names nobody where a request is for several', async () => {
    const doctors = [await buildPractitioner(practice), await buildPractitioner(practice)];
    const sub = randomUUID();
    const secretary = await worksFor(doctors, {}, { sub });
    expect((await secretary('POST', '/api/waiting-list', waitingFor(doctors))).status).toBe(201);
    expect(await linesOf(sub)).toEqual([{ on_behalf_of: null, purpose: 'PATADMIN' }]);
  });

  it('names nobody where practitioners act for themselves, whatever else they are', async () => {
    const { practitionerId } = await bookBy(practice, desk, monday('09:00'));
    const sub = randomUUID();
    const dr = await practice.as({ roles: ['practitioner', 'secretary'], practitionerId, sub });
    expect((await dr('GET', `/api/appointments?practitionerId=${practitionerId}`)).status).toBe(200);
    expect(await linesOf(sub)).toEqual([{ on_behalf_of: null, purpose: 'TREAT' }]);
  });
});

describe('who stands in for a practitioner', () => {
  it('sees why patients come, and does in the agenda what its practitioner does', async () => {
    const doctor = await buildPractitioner(practice);
    const sub = randomUUID();
    const locum = await standsInFor(doctor, { sub });
    const { body } = await desk('POST', '/api/appointments', visitOf(doctor, monday('09:00')));
    const path = `/api/appointments/${body.id}`;
    expect((await locum('GET', path)).body).toMatchObject({ reason: 'Chest pain' });
    expect(idsOf(await locum('GET', `/api/appointments?practitionerId=${doctor.practitionerId}`))).toEqual([body.id]);
    expect((await locum('POST', `${path}/move`, { start: monday('10:00') })).status).toBe(200);
    const { rows } = await practice.sql.query('select on_behalf_of, purpose from audit_event where actor = $1', [sub]);
    expect(new Set(rows.map((row) => JSON.stringify(row)))).toEqual(
      new Set([JSON.stringify({ on_behalf_of: doctor.practitionerId, purpose: 'TREAT' })]),
    );
    const hours = await locum('PUT', `/api/schedules/${doctor.practitionerId}`, { hours: [] }, { 'if-match': '"v1"' });
    expect(hours.status).toBe(403);
  });

  it('lists their own agenda and that one together', async () => {
    const [doctor, own] = [await buildPractitioner(practice), await buildPractitioner(practice)];
    const locum = await standsInFor(doctor, { practitionerId: own.practitionerId });
    const [first, second] = [
      await bookBy(practice, desk, monday('09:00'), own),
      await bookBy(practice, desk, monday('10:00'), doctor),
    ];
    await bookBy(practice, desk, monday('09:30'), await buildPractitioner(practice));
    expect(idsOf(await locum('GET', '/api/appointments'))).toEqual([first.id, second.id]);
  });

  it('treats those who come in that time', async () => {
    const doctor = await buildPractitioner(practice);
    const { patientId } = await bookBy(practice, desk, monday('09:00'), doctor);
    const { practitionerId } = doctor;
    const within = async (from: string, to: string) => {
      const query = new URLSearchParams({ patientId, practitionerId, from, to });
      return (await practice.sidecar('GET', `/api/appointments/care-relation?${query}`)).body;
    };
    expect(await within(monday('08:00'), monday('12:00'))).toMatchObject({ exists: true });
    expect(await within(monday('08:00'), monday('09:00'))).toMatchObject({ exists: false });
    expect(await within(monday('09:00'), monday('12:00'))).toMatchObject({ exists: false });
    expect(await within('yesterday', monday('12:00'))).toMatchObject({ fields: [{ path: 'from' }] });
  });

  it('brings the practitioner into no record by what they book alone', async () => {
    const doctor = await buildPractitioner(practice);
    const locum = await standsInFor(doctor);
    const secretaryToo = await standsInAndIsSecretary(doctor);
    for (const [by, time] of [
      [locum, '09:00'],
      [secretaryToo, '09:30'],
    ] as const) {
      const { status, body } = await by('POST', '/api/appointments', visitOf(doctor, monday(time)));
      expect([status, await isTreated(body.patientId, doctor)]).toEqual([201, false]);
    }
    for (const [as, time] of [
      ['carer', '10:00'],
      ['guardian', '10:30'],
    ] as const) {
      const patient = randomUUID();
      const acts_for = [{ patient, as, sections: ['appointments' as const] }];
      const family = await standsInFor(doctor, {
        roles: ['practitioner', 'patient'],
        patientId: randomUUID(),
        acts_for,
      });
      const visit = visitOf(doctor, monday(time), { patientId: patient });
      const { status } = await family('POST', '/api/appointments', visit);
      expect([status, await isTreated(patient, doctor)]).toEqual([201, false]);
    }
  });

  it('gives no word to what was booked alone', async () => {
    const doctor = await buildPractitioner(practice);
    const alone = await practice.as({ roles: ['practitioner'], practitionerId: doctor.practitionerId });
    const { patientId, path } = await bookBy(practice, alone, monday('09:00'), doctor);
    const both = await standsInAndIsSecretary(doctor);
    await both('POST', `${path}/confirm`);
    expect((await both('POST', `${path}/move`, { start: monday('10:00') })).status).toBe(200);
    expect(await isTreated(patientId, doctor)).toBe(false);
  });

  it('brings nobody into that time, whoever booked them at another', async () => {
    const doctor = await buildPractitioner(practice);
    const later = (time: string) => `2026-12-07T${time}:00+01:00`;
    const treatedOnceMoved = async (by: Caller, path: string, body: object, patientId: string) => {
      expect((await by('POST', path, body)).status).toBe(200);
      return isTreated(patientId, doctor);
    };
    const locum = await standsInFor(doctor);
    const within = await bookBy(practice, desk, monday('09:00'), doctor);
    const start = monday('09:30');
    expect(await treatedOnceMoved(locum, `${within.path}/move`, { start }, within.patientId)).toBe(true);
    for (const [by, time] of [
      [locum, '10:00'],
      [await standsInAndIsSecretary(doctor), '10:30'],
    ] as const) {
      const { path, patientId } = await bookBy(practice, desk, later(time), doctor);
      expect(await treatedOnceMoved(by, `${path}/move`, { start: monday(time) }, patientId)).toBe(false);
      expect(await treatedOnceMoved(desk, `${path}/confirm`, {}, patientId)).toBe(true);
    }
    const rule = 'FREQ=DAILY;COUNT=2';
    const series = await desk('POST', '/api/appointments/series', { ...visitOf(doctor, later('11:00')), rule });
    const [{ id, patientId }] = series.body.appointments;
    const following = `/api/appointments/${id}/move-following`;
    expect(await treatedOnceMoved(locum, following, { start: monday('11:00') }, patientId)).toBe(false);
  });

  it('brings nobody into that time who came before it', async () => {
    const doctor = await buildPractitioner(practice);
    const before = practice.clock.now();
    const { path, patientId } = await bookBy(practice, desk, '2026-11-20T14:00:00+01:00', doctor);
    practice.clock.set(new Date('2026-11-20T13:00:00Z'));
    for (const how of ['arrive', 'complete']) expect((await desk('POST', `${path}/${how}`)).status).toBe(200);
    practice.clock.set(new Date('2026-11-23T07:00:00Z'));
    const locum = await standsInFor(doctor, {}, { ...term, since: seconds('2026-11-23T06:00:00Z') });
    expect((await locum('POST', `${path}/reopen`, why)).status).toBe(200);
    expect((await locum('POST', `${path}/move`, { start: '2026-11-24T09:00:00+01:00' })).status).toBe(200);
    expect(await isTreated(patientId, doctor)).toBe(false);
    practice.clock.set(before);
  });

  it('who is a secretary as well sees there why patients come, and keeps what secretaries of all keep', async () => {
    const doctor = await buildPractitioner(practice);
    const both = await standsInAndIsSecretary(doctor);
    const hours = `/api/schedules/${doctor.practitionerId}`;
    const named = await worksFor([doctor], {}, { roles: ['practitioner', 'secretary'], practitionerId: randomUUID() });
    const { body } = await desk('POST', '/api/appointments', visitOf(doctor, monday('09:00'), { reason: undefined }));
    const withReason = await desk('POST', '/api/appointments', visitOf(doctor, monday('10:00')));
    expect((await both('GET', `/api/appointments/${withReason.body.id}`)).body.reason).toBe('Chest pain');
    expect((await named('GET', `/api/appointments/${withReason.body.id}`)).body.reason).toBeUndefined();
    expect((await named('GET', `/api/appointments/${body.id}`)).status).toBe(200);
    expect((await both('PUT', hours, { hours: [] }, { 'if-match': '"v1"' })).status).toBe(200);
  });
});

describe('what is not in the agendas that are delegated', () => {
  const times = '09:00 09:30 10:00 10:30 11:00 11:30 14:00 14:30'.split(' ');
  const slot = fc.integer({ min: 0, max: times.length - 1 });
  const doctor = fc.integer({ min: 0, max: 1 });
  const patient = fc.integer({ min: 0, max: 2 });
  const deeds = fc.array(
    fc.oneof(
      fc.record({ does: fc.constantFrom('book' as const, 'hold' as const, 'cancel' as const), slot, doctor, patient }),
      fc.record({ does: fc.constant('repeat' as const), slot, doctor, patient }),
      fc.record({ does: fc.constant('wait' as const), slot, doctor: fc.integer({ min: 0, max: 2 }), patient }),
    ),
    { minLength: 3, maxLength: 10 },
  );

  it('leaves no trace in any list, count or search of a secretary', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(deeds, async (plan) => {
        const [own, other] = [await buildPractitioner(practice), await buildPractitioner(practice)];
        const patients = [randomUUID(), randomUUID(), randomUUID()];
        const [mine, hidden]: [Set<string>, Set<string>] = [new Set(), new Set([other.practitionerId])];
        for (const { does, slot: nth, doctor: whom, patient: who } of plan) {
          const to = whom === 1 ? other : own;
          const asked = visitOf(to, monday(times[nth] as string), { patientId: patients[who] });
          const both = does === 'wait' && whom === 2 ? [own, other] : [to];
          const made = await (does === 'repeat'
            ? desk('POST', '/api/appointments/series', { ...asked, rule: 'FREQ=WEEKLY;COUNT=2' })
            : does === 'wait'
              ? desk('POST', '/api/waiting-list', waitingFor(both, { patientId: patients[who] }))
              : desk('POST', `/api/appointments${does === 'hold' ? '/holds' : ''}`, asked));
          // What is refused of the plan leaves nothing anywhere.
          if (made.status !== 201) continue;
          if (does === 'cancel') await desk('POST', `/api/appointments/${made.body.id}/cancel`, why);
          const { id, appointments = [{ id }] } = made.body;
          const seen = both.includes(own) ? mine : hidden;
          for (const each of appointments) seen.add(each.id);
          if (seen === hidden) hidden.add(id);
        }
        const secretary = await worksFor([own]);
        const texts: string[] = [];
        const listed = new Set<string>();
        const read = async (path: string) => {
          for (let next: string | undefined = `${path}limit=2`; next; ) {
            const { status, body }: Answer = await secretary('GET', next);
            expect([path, status]).toEqual([path, 200]);
            texts.push(JSON.stringify(body));
            for (const { id } of body.items) listed.add(id);
            next = body.nextCursor && `${path}limit=2&cursor=${body.nextCursor}`;
          }
        };
        for (const list of ['/api/appointments?', '/api/waiting-list?']) {
          await read(list);
          for (const patientId of patients) await read(`${list}patientId=${patientId}&`);
        }
        for (const id of mine) texts.push(JSON.stringify((await secretary('GET', `/api/waiting-list/${id}`)).body));
        for (const id of hidden) expect(texts.join()).not.toContain(id);
        expect(listed).toEqual(mine);
        for (const id of hidden) {
          for (const path of ['/api/appointments/', '/api/appointments/series/', '/api/waiting-list/']) {
            expect((await secretary('GET', path + id)).status).toBe(404);
          }
        }
        // What is free is seen as by anybody who is signed in.
        const anybody = await practice.as({ roles: ['patient'], sub: randomUUID(), patientId: randomUUID() });
        const search = `/api/slots?practitionerId=${other.practitionerId}&appointmentTypeId=${other.typeId}&from=2026-11-23&to=2026-12-01`;
        expect((await secretary('GET', search)).body).toEqual((await anybody('GET', search)).body);
        for (const time of times) {
          const at = encodeURIComponent(monday(time));
          const explain = `/api/slots/explain?practitionerId=${other.practitionerId}&appointmentTypeId=${other.typeId}&at=${at}`;
          expect((await secretary('GET', explain)).body).toEqual((await anybody('GET', explain)).body);
        }
      }),
      { numRuns: 12 },
    );
  });
});
