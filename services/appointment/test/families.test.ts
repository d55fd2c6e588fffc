import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, caller, until } from '../../../tests/support/http.ts';
import { appApiToken } from '../../../tests/support/service.ts';
import type { TokenClaims } from '../../../tests/support/tokens.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'], sub: randomUUID() });
});
afterAll(() => practice?.stop());

type Acting = NonNullable<TokenClaims['acts_for']>[number];
const sections: Acting['sections'] = ['details', 'appointments', 'record', 'accesses'];

/** Somebody with no appointments of their own. */
const actingFor = (patient: string, more: Partial<Acting> = {}, claims: Partial<TokenClaims> = {}) =>
  practice.as({
    roles: ['patient'],
    sub: randomUUID(),
    ...claims,
    acts_for: [{ patient, as: 'guardian', sections, ...more }],
  });

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

type Doctor = Awaited<ReturnType<typeof buildPractitioner>>;
const visitOf = (
  patientId: string,
  { practitionerId, typeId }: Doctor,
  start = monday('09:00'),
  more: object = {},
) => ({
  patientId,
  practitionerId,
  appointmentTypeId: typeId,
  start,
  ...more,
});
const waitingFor = (patientId: string, { practitionerId, typeId }: Doctor, more: object = {}) => ({
  patientId,
  wants: [{ practitionerId, appointmentTypeId: typeId }],
  fromDate: '2026-11-23',
  untilDate: '2026-11-27',
  ...more,
});
const never = { times: [{ daysOfWeek: ['mon'], startTime: '03:00', endTime: '03:10' }] };

const why = { reason: 'No longer needed' };

describe.each(['guardian', 'carer'] as const)('a %s', (as) => {
  it('books, moves, confirms and cancels for the patient, whom the practitioner then treats', async () => {
    const [child, doctor] = [randomUUID(), await buildPractitioner(practice)];
    const parent = await actingFor(child, { as });
    const booked = await parent('POST', '/api/appointments', visitOf(child, doctor));
    expect([booked.status, booked.body.status]).toEqual([201, 'booked']);
    const path = `/api/appointments/${booked.body.id}`;
    expect((await parent('GET', path)).body).toMatchObject({ patientId: child });
    expect((await parent('GET', `${path}/calendar.ics`)).status).toBe(200);
    expect((await parent('GET', `/api/appointments?patientId=${child}`)).body.items).toMatchObject([
      { id: booked.body.id },
    ]);
    const isTreated = await caller(practice.base)(
      'GET',
      `/api/appointments/care-relation?patientId=${child}&practitionerId=${doctor.practitionerId}`,
      undefined,
      { 'dapr-caller-app-id': 'record', 'dapr-api-token': appApiToken },
    );
    expect(isTreated.body.exists).toBe(true);
    const stored = await practice.sql.query('select booked_as from appointment where id = $1', [booked.body.id]);
    expect(stored.rows).toEqual([{ booked_as: as }]);
    expect((await parent('POST', `${path}/move`, { start: monday('10:00') })).body.start).toBe(monday('10:00'));
    const cancelled = await parent('POST', `${path}/cancel`, why);
    expect(cancelled.body).toMatchObject({ status: 'cancelled', cancellation: { ...why, code: 'pat' } });
    const held = await parent('POST', '/api/appointments/holds', visitOf(child, doctor));
    expect((await parent('POST', `/api/appointments/${held.body.id}/confirm`)).body.status).toBe('booked');
  });

  it('gives the patient’s word to what the practitioner booked alone', async () => {
    const [child, doctor] = [randomUUID(), await buildPractitioner(practice)];
    const dr = await practice.as({ roles: ['practitioner'], practitionerId: doctor.practitionerId, sub: randomUUID() });
    const { id } = (await dr('POST', '/api/appointments', visitOf(child, doctor))).body;
    const parent = await actingFor(child, { as });
    expect((await parent('POST', `/api/appointments/${id}/confirm`)).status).toBe(200);
    const { rows } = await practice.sql.query('select booked_as from appointment where id = $1', [id]);
    expect(rows).toEqual([{ booked_as: as }]);
  });

  it('books a series, and moves and cancels what follows in it', async () => {
    const [child, doctor] = [randomUUID(), await buildPractitioner(practice)];
    const parent = await actingFor(child, { as });
    const asked = { ...visitOf(child, doctor), rule: 'FREQ=DAILY;COUNT=3' };
    const { status, body } = await parent('POST', '/api/appointments/series', asked);
    expect([status, body.appointments.length]).toEqual([201, 3]);
    expect((await parent('GET', `/api/appointments/series/${body.id}`)).body.appointments).toHaveLength(3);
    const [, second] = body.appointments;
    const moved = await parent('POST', `/api/appointments/${second.id}/move-following`, {
      start: '2026-11-24T11:00:00+01:00',
    });
    expect(moved.body.appointments).toHaveLength(2);
    const cancelled = await parent('POST', `/api/appointments/${second.id}/cancel-following`, why);
    expect(cancelled.body.appointments.map((each: { status: string }) => each.status)).toEqual([
      'cancelled',
      'cancelled',
    ]);
  });

  it('waits for the patient, accepts, refuses and waits no longer', async () => {
    const [child, doctor] = [randomUUID(), await buildPractitioner(practice)];
    const parent = await actingFor(child, { as });
    const proposed = async () => {
      const { body } = await parent('POST', '/api/waiting-list', waitingFor(child, doctor, { noticeMinutes: 0 }));
      const path = `/api/waiting-list/${body.id}`;
      await until(async () => (await parent('GET', path)).body.status === 'proposed');
      return path;
    };
    const first = await proposed();
    expect((await parent('POST', `${first}/accept`, undefined, { 'if-match': '*' })).body.status).toBe('booked');
    const second = await proposed();
    expect((await parent('POST', `${second}/refuse`, undefined, { 'if-match': '*' })).status).toBe(200);
    expect((await parent('POST', `${second}/withdraw`)).body.ended).toBe('withdrawn');
    const listed = await parent('GET', `/api/waiting-list?patientId=${child}`);
    expect(listed.body.items).toHaveLength(2);
  });

  it('is bound by the rules for patients, and records nothing', async () => {
    const [child, doctor] = [randomUUID(), await buildPractitioner(practice)];
    const { practitionerId, placeId, typeId } = doctor;
    const rules = [
      {
        appointmentTypeId: typeId,
        noticeMinutes: 5 * 24 * 60,
        cancelNoticeMinutes: 7 * 24 * 60,
        needsConfirmation: true,
      },
    ];
    const hours = [{ placeId, daysOfWeek: ['mon', 'tue', 'wed', 'thu', 'fri'], startTime: '09:00', endTime: '17:00' }];
    const set = await secretary('PUT', `/api/schedules/${practitionerId}`, { hours, rules }, { 'if-match': '"v1"' });
    expect(set.status).toBe(200);
    // Whoever it is besides.
    const parent = await actingFor(child, { as }, { roles: ['patient', 'secretary'] });
    const soon = await parent('POST', '/api/appointments', visitOf(child, doctor));
    expect([soon.status, soon.body.code]).toEqual([422, 'APPOINTMENT.NOTICE_TOO_SHORT']);
    const forced = visitOf(child, doctor, monday('02:00'), { overbook: why });
    expect((await parent('POST', '/api/appointments', forced)).body.code).toBe('ACCESS.STAFF_OVERBOOKS');
    const later = visitOf(child, doctor, '2026-11-26T09:00:00+01:00');
    const pending = await parent('POST', '/api/appointments', later);
    expect(pending.body.status).toBe('pending');
    const path = `/api/appointments/${pending.body.id}`;
    expect((await parent('POST', `${path}/confirm`)).body.code).toBe('ACCESS.STAFF_CONFIRMS');
    await secretary('POST', `${path}/confirm`);
    expect((await parent('POST', `${path}/cancel`, why)).body.code).toBe('APPOINTMENT.TOO_LATE');
    for (const how of ['arrive', 'complete', 'miss', 'reopen']) {
      expect((await parent('POST', `${path}/${how}`, why)).body.code, how).toBe('ACCESS.STAFF_RECORDS');
    }
    const urgent = waitingFor(child, doctor, { priority: 'stat', ...never });
    expect((await parent('POST', '/api/waiting-list', urgent)).body.fields).toMatchObject([{ path: 'priority' }]);
  });

  it('stands in the trail with the reason and for whom', async () => {
    const [child, sub] = [randomUUID(), randomUUID()];
    const parent = await actingFor(child, { as }, { sub });
    const doctor = await buildPractitioner(practice);
    const { id } = (await parent('POST', '/api/appointments', visitOf(child, doctor))).body;
    await parent('GET', `/api/appointments/${id}`);
    await parent('GET', `/api/appointments?patientId=${child}`);
    const { rows } = await practice.sql.query(
      'select purpose, on_behalf_of, subjects, outcome from audit_event where actor = $1 order by sequence',
      [sub],
    );
    const line = { purpose: 'FAMRQT', on_behalf_of: child, subjects: [child] };
    expect(rows).toEqual([
      { ...line, outcome: 201 },
      { ...line, outcome: 200 },
      { ...line, outcome: 200 },
    ]);
  });

  it('is nobody from the moment on when it ends, to others, and in other sections', async () => {
    const [child, doctor] = [randomUUID(), await buildPractitioner(practice)];
    const { id } = (await secretary('POST', '/api/appointments', visitOf(child, doctor))).body;
    const untilNow = Math.floor(practice.clock.now().getTime() / 1_000);
    const refused = async (call: Caller) => [
      (await call('GET', `/api/appointments/${id}`)).status,
      (await call('GET', `/api/appointments?patientId=${child}`)).status,
      (await call('POST', '/api/appointments', visitOf(child, doctor, monday('11:00')))).status,
      (await call('POST', `/api/appointments/${id}/cancel`, why)).status,
      (await call('POST', '/api/waiting-list', waitingFor(child, doctor, never))).status,
    ];
    const nobody = [404, 403, 403, 404, 403];
    expect(await refused(await actingFor(child, { as, until: untilNow }))).toEqual(nobody);
    expect(await refused(await actingFor(randomUUID(), { as }))).toEqual(nobody);
    expect(await refused(await actingFor(child, { as, sections: ['details', 'record'] }))).toEqual(nobody);
    const still = await actingFor(child, { as, until: untilNow + 1 });
    expect((await still('GET', `/api/appointments/${id}`)).status).toBe(200);
  });

  it('has a list of their own, and by the id of each for whom they act another one', async () => {
    const [child, own, doctor] = [randomUUID(), randomUUID(), await buildPractitioner(practice)];
    const parent = await actingFor(child, { as }, { patientId: own });
    const mine = (await parent('POST', '/api/appointments', visitOf(own, doctor))).body.id;
    const theirs = (await parent('POST', '/api/appointments', visitOf(child, doctor, monday('09:30')))).body.id;
    const ids = async (query: string) =>
      (await parent('GET', `/api/appointments${query}`)).body.items.map((each: { id: string }) => each.id);
    expect(await ids('')).toEqual([mine]);
    expect(await ids(`?patientId=${own}`)).toEqual([mine]);
    expect(await ids(`?patientId=${child}`)).toEqual([theirs]);
    expect((await (await actingFor(child, { as }))('GET', '/api/appointments')).status).toBe(403);
  });
});

describe('why a patient comes', () => {
  it('is read by guardians, and by carers where they wrote it', async () => {
    const [patient, doctor, sub] = [randomUUID(), await buildPractitioner(practice), randomUUID()];
    const { id } = (
      await secretary('POST', '/api/appointments', visitOf(patient, doctor, monday('09:00'), { reason: 'A cough' }))
    ).body;
    const [guardian, carer] = [await actingFor(patient), await actingFor(patient, { as: 'carer' }, { sub })];
    expect((await guardian('GET', `/api/appointments/${id}`)).body.reason).toBe('A cough');
    expect((await carer('GET', `/api/appointments/${id}`)).body.reason).toBeUndefined();
    const own = await carer('POST', '/api/appointments', visitOf(patient, doctor, monday('10:00'), why));
    expect(own.body.reason).toBe(why.reason);
  });

  it('is read by guardians until the record is the minor’s own, and from then on where they wrote it', async () => {
    const [child, doctor] = [randomUUID(), await buildPractitioner(practice)];
    const before = practice.clock.now();
    const at = Math.ceil(before.getTime() / 1_000) + 60;
    const parent = await actingFor(child, { ends: { record: at } });
    const cough = { reason: 'A cough' };
    const { id } = (await secretary('POST', '/api/appointments', visitOf(child, doctor, monday('09:00'), cough))).body;
    const waiting = (await secretary('POST', '/api/waiting-list', waitingFor(child, doctor, { ...never, ...cough })))
      .body;
    const reasons = async () => [
      (await parent('GET', `/api/appointments/${id}`)).body.reason,
      (await parent('GET', `/api/appointments?patientId=${child}`)).body.items[0].reason,
      (await parent('GET', `/api/waiting-list/${waiting.id}`)).body.reason,
    ];
    practice.clock.set(new Date(at * 1_000 - 1));
    expect(await reasons()).toEqual(['A cough', 'A cough', 'A cough']);
    practice.clock.set(new Date(at * 1_000));
    expect(await reasons()).toEqual([undefined, undefined, undefined]);
    const own = await parent('POST', '/api/appointments', visitOf(child, doctor, monday('10:00'), why));
    expect([own.status, own.body.reason]).toEqual([201, why.reason]);
    const moved = await parent('POST', `/api/appointments/${id}/move`, { start: monday('11:00') });
    expect([moved.status, moved.body.reason]).toEqual([200, undefined]);
    practice.clock.set(before);
  });
});

describe('what a minor keeps from guardians', () => {
  /** A minor with a guardian, and a doctor with whom they have a visit that they keep. */
  async function buildSecret(more: object = {}) {
    const [child, doctor] = [randomUUID(), await buildPractitioner(practice)];
    const minor = await practice.as({ roles: ['patient'], patientId: child, sub: randomUUID() });
    const guardian = await actingFor(child);
    const kept = await minor(
      'POST',
      '/api/appointments',
      visitOf(child, doctor, monday('09:00'), { keptFromGuardians: true, ...more }),
    );
    expect([kept.status, kept.body.keptFromGuardians]).toEqual([201, true]);
    return { child, doctor, minor, guardian, id: kept.body.id as string, path: `/api/appointments/${kept.body.id}` };
  }

  /** What each event about an appointment says of it, in order. */
  const marksOf = (id: string) =>
    practice.published
      .map(({ data }) => data as { appointmentId?: string; keptFromGuardians?: boolean })
      .filter(({ appointmentId }) => appointmentId === id)
      .map(({ keptFromGuardians }) => keptFromGuardians);

  it('is seen by the minor, the practitioner and secretaries, and by them alone', async () => {
    const { child, doctor, minor, guardian, path, id } = await buildSecret();
    const dr = await practice.as({ roles: ['practitioner'], practitionerId: doctor.practitionerId });
    for (const who of [minor, dr, secretary]) expect((await who('GET', path)).body.keptFromGuardians).toBe(true);
    // Carers are of adults; a service has to know whom it may tell.
    const carer = await actingFor(child, { as: 'carer' });
    expect((await carer('GET', path)).body).not.toHaveProperty('keptFromGuardians');
    expect((await practice.sidecar('GET', path)).body.keptFromGuardians).toBe(true);
    expect((await guardian('GET', path)).body).toEqual(
      expect.objectContaining({ status: 404, code: 'APPOINTMENT.NOT_FOUND' }),
    );
    expect((await guardian('GET', `/api/appointments?patientId=${child}`)).body.items).toEqual([]);
    expect(JSON.stringify((await secretary('GET', `/api/appointments?patientId=${child}`)).body)).toContain(id);
  });

  it('is so for a guardian who is a secretary, too, in absences and lists of all', async () => {
    const { child, doctor, path, id } = await buildSecret();
    const both = await actingFor(child, {}, { roles: ['patient', 'secretary'] });
    expect((await both('GET', path)).status).toBe(404);
    const all = `/api/appointments?practitionerId=${doctor.practitionerId}`;
    expect((await both('GET', all)).body.items).toEqual([]);
    expect((await secretary('GET', all)).body.items).toMatchObject([{ id }]);
    const absence = { startDate: '2026-11-23', endDate: '2026-11-23', action: 'cancel' };
    const preview = (who: Caller) => who('POST', `/api/schedules/${doctor.practitionerId}/absences/preview`, absence);
    expect((await preview(both)).body.touched).toEqual([]);
    expect((await preview(secretary)).body.touched).toHaveLength(1);
  });

  it('becomes so later, and is so no longer, by the minor, the practitioner or a secretary', async () => {
    const { child, doctor, minor, guardian } = await buildSecret();
    const dr = await practice.as({ roles: ['practitioner'], practitionerId: doctor.practitionerId, sub: randomUUID() });
    const { id } = (await guardian('POST', '/api/appointments', visitOf(child, doctor, monday('10:00')))).body;
    const path = `/api/appointments/${id}`;
    for (const who of [minor, dr, secretary]) {
      const kept = await who('POST', `${path}/keep-from-guardians`, { keptFromGuardians: true });
      expect([kept.status, kept.body.keptFromGuardians]).toEqual([200, true]);
      expect((await guardian('GET', path)).status).toBe(404);
      await who('POST', `${path}/keep-from-guardians`, { keptFromGuardians: false });
      expect((await guardian('GET', path)).status).toBe(200);
    }
    const refused = await guardian('POST', `${path}/keep-from-guardians`, { keptFromGuardians: true });
    expect([refused.status, refused.body.code]).toEqual([403, 'ACCESS.NOT_YOURS_TO_KEEP']);
    const asked = visitOf(child, doctor, monday('11:00'), { keptFromGuardians: false });
    expect((await guardian('POST', '/api/appointments', asked)).body.code).toBe('ACCESS.NOT_YOURS_TO_KEEP');
    await practice.told(id, 7);
    expect(marksOf(id)).toEqual([undefined, true, undefined, true, undefined, true, undefined]);
  });

  it('is told with the mark, whatever happens to it', async () => {
    const { minor, id, path } = await buildSecret();
    await minor('POST', `${path}/move`, { start: monday('11:00') });
    await minor('POST', `${path}/cancel`, why);
    await practice.told(id, 3);
    expect(marksOf(id)).toEqual([true, true, true]);
  });

  it('looks like a time that somebody else has, whoever’s agenda is asked', async () => {
    const { child, guardian, doctor } = await buildSecret();
    const another = await buildPractitioner(practice);
    for (const asked of [doctor, another]) {
      const { practitionerId, typeId } = asked;
      const taken = await guardian('POST', '/api/appointments', visitOf(child, asked));
      expect([taken.status, taken.body.code]).toEqual([409, 'APPOINTMENT.SLOT_TAKEN']);
      expect(taken.body.nextFreeSlots[0].start).toBe(monday('09:30'));
      const question = new URLSearchParams({ practitionerId, appointmentTypeId: typeId });
      const day = await guardian('GET', `/api/slots?${question}&from=2026-11-23&to=2026-11-23`);
      expect(day.body.items[0].start).toBe(monday('09:30'));
      const at = encodeURIComponent(monday('09:00'));
      const explained = await guardian('GET', `/api/slots/explain?${question}&at=${at}`);
      expect(explained.body).toMatchObject({ isOffered: false, reasons: [{ code: 'APPOINTMENT.SLOT_TAKEN' }] });
      const series = { ...visitOf(child, asked), rule: 'FREQ=DAILY;COUNT=2' };
      const notPossible = await guardian('POST', '/api/appointments/series', series);
      expect(notPossible.body.impossible.flatMap((each: { reasons: object[] }) => each.reasons)).toEqual([
        { code: 'APPOINTMENT.SLOT_TAKEN', message: expect.any(String) },
      ]);
    }
  });

  it('is not in the way of what a patient may have', async () => {
    const { child, guardian, minor, doctor } = await buildSecret();
    const another = await buildPractitioner(practice);
    const hold = (who: Caller, time: string, more: object = {}) =>
      who('POST', '/api/appointments/holds', visitOf(child, another, monday(time), more));
    const secret = { keptFromGuardians: true };
    for (const time of ['10:00', '10:30', '11:00']) expect((await hold(minor, time, secret)).status).toBe(201);
    for (const time of ['14:00', '14:30', '15:00']) expect((await hold(guardian, time)).status).toBe(201);
    expect((await hold(guardian, '15:30')).body.code).toBe('APPOINTMENT.TOO_MANY_HOLDS');
    const entry = waitingFor(child, doctor, { ...never, ...secret });
    expect((await minor('POST', '/api/waiting-list', entry)).status).toBe(201);
    expect((await guardian('POST', '/api/waiting-list', waitingFor(child, doctor, never))).status).toBe(201);
    const again = await guardian('POST', '/api/waiting-list', waitingFor(child, doctor, never));
    expect(again.body.code).toBe('WAITING.ALREADY');
  });

  it('is left out of a series, which is none when all of it is kept', async () => {
    const { child, guardian, minor, doctor } = await buildSecret();
    const asked = { ...visitOf(child, doctor, '2026-11-24T09:00:00+01:00'), rule: 'FREQ=DAILY;COUNT=3' };
    const { body } = await minor('POST', '/api/appointments/series', asked);
    const [first, second, third] = body.appointments as { id: string }[];
    const path = `/api/appointments/series/${body.id}`;
    await minor('POST', `/api/appointments/${second?.id}/keep-from-guardians`, { keptFromGuardians: true });
    const seen = (await guardian('GET', path)).body;
    expect(seen.appointments.map((each: { id: string }) => each.id)).toEqual([first?.id, third?.id]);
    const cancelled = await guardian('POST', `/api/appointments/${first?.id}/cancel-following`, why);
    expect(cancelled.body.appointments).toHaveLength(2);
    expect((await minor('GET', `/api/appointments/${second?.id}`)).body.status).toBe('booked');
    const kept = await minor('POST', `${path}/keep-from-guardians`, { keptFromGuardians: true });
    expect([kept.status, kept.body.keptFromGuardians]).toEqual([200, true]);
    expect((await guardian('GET', path)).body.code).toBe('SERIES.NOT_FOUND');
  });

  it('is kept when it comes of a place on the waiting list that is kept, and with what it replaces', async () => {
    const { child, guardian, minor, doctor, id } = await buildSecret();
    const asked = waitingFor(child, doctor, { noticeMinutes: 0, keptFromGuardians: true });
    const entry = `/api/waiting-list/${(await minor('POST', '/api/waiting-list', asked)).body.id}`;
    await until(async () => (await minor('GET', entry)).body.status === 'proposed');
    expect((await guardian('GET', entry)).status).toBe(404);
    expect((await guardian('POST', `${entry}/accept`)).status).toBe(404);
    const { body } = await minor('POST', `${entry}/accept`, undefined, { 'if-match': '*' });
    const visit = `/api/appointments/${body.offers[0].appointmentId}`;
    expect((await minor('GET', visit)).body.keptFromGuardians).toBe(true);
    expect((await guardian('GET', visit)).status).toBe(404);
    expect((await guardian('GET', `/api/waiting-list?patientId=${child}`)).body.items).toEqual([]);
    const other = await buildPractitioner(practice);
    const replacing = await minor('POST', '/api/waiting-list', waitingFor(child, other, { replaces: id, ...never }));
    expect(replacing.body.keptFromGuardians).toBe(true);
    const byGuardian = waitingFor(child, await buildPractitioner(practice), { replaces: id, ...never });
    const refused = await guardian('POST', '/api/waiting-list', byGuardian);
    const unknown = await guardian('POST', '/api/waiting-list', { ...byGuardian, replaces: randomUUID() });
    expect([refused.status, refused.body.code]).toEqual([404, 'APPOINTMENT.NOT_FOUND']);
    expect(unknown.body.code).toBe(refused.body.code);
  });

  it('is kept with all that was offered, once the place on the waiting list is', async () => {
    const [child, doctor] = [randomUUID(), await buildPractitioner(practice)];
    const minor = await practice.as({ roles: ['patient'], patientId: child, sub: randomUUID() });
    const guardian = await actingFor(child);
    const asked = waitingFor(child, doctor, { noticeMinutes: 0 });
    const entry = `/api/waiting-list/${(await guardian('POST', '/api/waiting-list', asked)).body.id}`;
    await until(async () => (await guardian('GET', entry)).body.status === 'proposed');
    const [{ appointmentId }] = (await guardian('GET', entry)).body.offers;
    const kept = await minor('POST', `${entry}/keep-from-guardians`, { keptFromGuardians: true });
    expect([kept.status, kept.body.keptFromGuardians]).toEqual([200, true]);
    expect((await guardian('GET', entry)).status).toBe(404);
    expect((await guardian('GET', `/api/appointments/${appointmentId}`)).status).toBe(404);
    await minor('POST', `${entry}/keep-from-guardians`, { keptFromGuardians: false });
    expect((await guardian('GET', entry)).body.offers).toHaveLength(1);
    await minor('POST', `/api/appointments/${appointmentId}/keep-from-guardians`, { keptFromGuardians: true });
    expect((await guardian('GET', entry)).status).toBe(404);
    const refused = await guardian('POST', `${entry}/keep-from-guardians`, { keptFromGuardians: false });
    expect(refused.status).toBe(404);
  });

  it('is not in an answer that is given again', async () => {
    const [child, doctor] = [randomUUID(), await buildPractitioner(practice)];
    const minor = await practice.as({ roles: ['patient'], patientId: child, sub: randomUUID() });
    const guardian = await actingFor(child);
    const key = { 'idempotency-key': randomUUID() };
    const book = () => guardian('POST', '/api/appointments', visitOf(child, doctor), key);
    const { id } = (await book()).body;
    expect((await book()).body.id).toBe(id);
    await minor('POST', `/api/appointments/${id}/keep-from-guardians`, { keptFromGuardians: true });
    const repeated = await book();
    expect([repeated.status, repeated.body.code]).toEqual([409, 'APPOINTMENT.SLOT_TAKEN']);
    expect(JSON.stringify(repeated.body)).not.toContain(id);
  });

  it.each([
    ['was offered', false],
    ['it replaces', true],
  ])(
    'makes a place on the waiting list a secret by the visit that %s, and so what answered who asked for it',
    async (_, replaced) => {
      const [child, doctor] = [randomUUID(), await buildPractitioner(practice)];
      const minor = await practice.as({ roles: ['patient'], patientId: child, sub: randomUUID() });
      const guardian = await actingFor(child);
      const visit = await guardian('POST', '/api/appointments', visitOf(child, doctor, monday('15:00')));
      const asked = waitingFor(child, doctor, replaced ? { ...never, replaces: visit.body.id } : { noticeMinutes: 0 });
      const key = { 'idempotency-key': randomUUID() };
      const wait = () => guardian('POST', '/api/waiting-list', asked, key);
      const { id } = (await wait()).body;
      if (!replaced)
        await until(async () => (await guardian('GET', `/api/waiting-list/${id}`)).body.status === 'proposed');
      expect((await wait()).headers.get('idempotency-replayed')).toBe('true');
      const { offers } = (await guardian('GET', `/api/waiting-list/${id}`)).body;
      const secret = replaced ? visit.body.id : offers[0].appointmentId;
      await minor('POST', `/api/appointments/${secret}/keep-from-guardians`, { keptFromGuardians: true });
      expect((await guardian('GET', `/api/waiting-list/${id}`)).status).toBe(404);
      const repeated = await wait();
      expect(repeated.headers.get('idempotency-replayed')).toBeNull();
      expect(JSON.stringify(repeated.body)).not.toContain(id);
    },
  );

  it('stays so through a merge, which says nothing of it in what guardians see', async () => {
    const { child, guardian, doctor, path, id } = await buildSecret();
    const [earlier, another] = [randomUUID(), await buildPractitioner(practice)];
    const plain = (await secretary('POST', '/api/appointments', visitOf(earlier, another))).body.id;
    const secret = { keptFromGuardians: true };
    const carried = await secretary('POST', '/api/appointments', visitOf(earlier, another, monday('11:00'), secret));
    const entry = await secretary('POST', '/api/waiting-list', waitingFor(earlier, doctor, { ...never, ...secret }));
    const theirs = await guardian('POST', '/api/waiting-list', waitingFor(child, doctor, never));
    await practice.hear('patient', {
      id: randomUUID(),
      type: 'patient.merged',
      source: 'patient',
      data: { version: 2, patientId: earlier, mergedIntoPatientId: child },
    });
    expect((await secretary('GET', `/api/appointments/${carried.body.id}`)).body).toMatchObject({
      patientId: child,
      keptFromGuardians: true,
    });
    const seen = (await guardian('GET', `/api/appointments?patientId=${child}`)).body.items;
    expect(seen).toMatchObject([{ id: plain, status: 'cancelled' }]);
    expect(seen[0].cancellation.reason).not.toContain('appointment');
    for (const each of [path, `/api/appointments/${carried.body.id}`, `/api/waiting-list/${entry.body.id}`]) {
      expect((await guardian('GET', each)).status).toBe(404);
    }
    expect((await guardian('GET', `/api/waiting-list/${theirs.body.id}`)).body.status).toBe('waitlist');
    expect((await secretary('GET', path)).body.id).toBe(id);
  });
});
