import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { batchOf, type EventToDeliver, signed } from '../../../tests/support/events.ts';
import { type Caller, caller, until } from '../../../tests/support/http.ts';
import { appApiToken } from '../../../tests/support/service.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

async function booked(
  start = monday('09:30'),
  people: { practitionerId?: string; typeId?: string; patientId?: string } = {},
) {
  const { practitionerId, typeId } = people.practitionerId
    ? (people as { practitionerId: string; typeId: string })
    : await buildPractitioner(practice);
  const patientId = people.patientId ?? randomUUID();
  const answer = await secretary('POST', '/api/appointments', {
    patientId,
    practitionerId,
    appointmentTypeId: typeId,
    start,
  });
  expect(answer.status).toBe(201);
  return {
    path: `/api/appointments/${answer.body.id}`,
    id: answer.body.id as string,
    patientId,
    practitionerId,
    typeId,
  };
}

const row = async (id: string) => (await practice.sql.query('select * from appointment where id = $1', [id])).rows[0];

const typesTold = (id: string) =>
  practice.published
    .filter(({ data }) => (data as { appointmentId: string }).appointmentId === id)
    .map(({ type }) => type);

describe('POST /api/appointments/{id}/move', () => {
  it('frees the old slot and takes the new one', async () => {
    const { path, id, practitionerId, typeId } = await booked();
    const moved = await secretary('POST', `${path}/move`, { start: monday('10:00') }, { 'if-match': '"v1"' });
    expect(moved.status).toBe(200);
    expect(moved.headers.get('etag')).toBe('"v2"');
    expect(moved.body).toMatchObject({ start: '2026-11-23T10:00:00+01:00', status: 'booked', version: 2 });
    await booked(monday('09:30'), { practitionerId, typeId });
    await until(async () => typesTold(id).length === 2);
    expect(typesTold(id)).toEqual(['appointment.booked', 'appointment.moved']);
  });

  it('may shift an appointment into its own time', async () => {
    const { path } = await booked();
    expect((await secretary('POST', `${path}/move`, { start: monday('09:45') })).status).toBe(200);
  });

  it('leaves the appointment where it was when the new slot is taken', async () => {
    const { path, id, practitionerId, typeId } = await booked();
    await booked(monday('10:00'), { practitionerId, typeId });
    const answer = await secretary('POST', `${path}/move`, { start: monday('10:00') });
    expect([answer.status, answer.body.code]).toEqual([409, 'APPOINTMENT.SLOT_TAKEN']);
    expect(answer.body.nextFreeSlots.length).toBeGreaterThan(0);
    expect((await row(id)).start.toISOString()).toBe('2026-11-23T08:30:00.000Z');
    expect((await row(id)).version).toBe(1);
  });

  it('lets one of two concurrent changes win and refuses the other with 412', async () => {
    const { path } = await booked();
    const answers = await Promise.all(
      ['10:00', '10:30', '11:00'].map((time) =>
        secretary('POST', `${path}/move`, { start: monday(time) }, { 'if-match': '"v1"' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });

  it.each(['"v7"', 'W/"v1"', '"v7", "v8"', 'nonsense'])('refuses If-Match %s', async (ifMatch) => {
    const { path, id } = await booked();
    const answer = await secretary('POST', `${path}/move`, { start: monday('10:00') }, { 'if-match': ifMatch });
    expect(answer.status).toBe(412);
    expect((await row(id)).version).toBe(1);
  });
});

describe('POST /api/appointments/{id}/cancel', () => {
  it('frees the slot, keeps the reason and tells it without the reason', async () => {
    const { path, id, practitionerId, typeId } = await booked();
    const answer = await secretary('POST', `${path}/cancel`, { reason: 'Feels better' });
    expect(answer.body).toMatchObject({ status: 'cancelled', cancellation: { reason: 'Feels better' } });
    await booked(monday('09:30'), { practitionerId, typeId });
    await until(async () => typesTold(id).length === 2);
    expect(typesTold(id)).toEqual(['appointment.booked', 'appointment.cancelled']);
    expect(JSON.stringify(practice.published)).not.toContain('Feels better');
  });

  it('needs a reason', async () => {
    const { path, id } = await booked();
    for (const body of [{}, { reason: '' }]) {
      const answer = await secretary('POST', `${path}/cancel`, body);
      expect([answer.status, answer.body.fields[0].path]).toEqual([422, 'reason']);
    }
    expect((await row(id)).status).toBe('booked');
  });

  it('is refused the second time', async () => {
    const { path } = await booked();
    await secretary('POST', `${path}/cancel`, { reason: 'Feels better' });
    const again = await secretary('POST', `${path}/cancel`, { reason: 'Again' });
    expect([again.status, again.body.code]).toEqual([409, 'APPOINTMENT.INVALID_TRANSITION']);
  });
});

describe('arrival, completion and absence', () => {
  it('are recorded in order and told', async () => {
    const now = practice.clock.now();
    const { path, id } = await booked();
    practice.clock.set(new Date(monday('09:30')));
    expect((await secretary('POST', `${path}/arrive`)).body.status).toBe('arrived');
    expect((await secretary('POST', `${path}/complete`)).body.status).toBe('fulfilled');
    practice.clock.set(now);
    await until(async () => typesTold(id).length === 3);
    expect(typesTold(id)).toEqual(['appointment.booked', 'appointment.arrived', 'appointment.completed']);
  });

  it('are not for patients to record', async () => {
    const { path, patientId, id } = await booked();
    const alice = await practice.as({ roles: ['patient'], patientId });
    expect((await alice('POST', `${path}/miss`)).status).toBe(403);
    expect((await row(id)).status).toBe('booked');
  });

  it('answers 404 for an appointment that does not exist', async () => {
    expect((await secretary('POST', `/api/appointments/${randomUUID()}/arrive`)).body.code).toBe(
      'APPOINTMENT.NOT_FOUND',
    );
  });
});

describe('GET /api/appointments', () => {
  it('pages through an agenda in order, each appointment once', async () => {
    const { practitionerId, typeId } = await buildPractitioner(practice);
    const starts = ['11:00', '09:00', '10:00', '09:30', '10:30'].map(monday);
    for (const start of starts) await booked(start, { practitionerId, typeId });
    const seen: string[] = [];
    let path: string | undefined = `/api/appointments?practitionerId=${practitionerId}&limit=2`;
    while (path) {
      const page = await secretary('GET', path);
      seen.push(...page.body.items.map(({ start }: { start: string }) => start));
      path = /<(.+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(seen).toEqual(starts.toSorted());
  });

  it('takes a day as that of each place', async () => {
    const patientId = randomUUID();
    const [paris, noumea] = [
      await buildPractitioner(practice),
      await buildPractitioner(practice, { places: [{ id: randomUUID(), zone: 'Pacific/Noumea' }] }),
    ];
    // The evening before in Paris, and the evening of the day in Paris.
    await booked('2026-11-24T09:00:00+11:00', { ...noumea, patientId });
    await booked('2026-11-23T16:30:00+01:00', { ...paris, patientId });
    const starts = async (range: string) =>
      (await secretary('GET', `/api/appointments?patientId=${patientId}&${range}`)).body.items.map(
        ({ start }: { start: string }) => start,
      );
    expect(await starts('from=2026-11-24&to=2026-11-24')).toEqual(['2026-11-24T09:00:00+11:00']);
    expect(await starts('from=2026-11-23&to=2026-11-23')).toEqual(['2026-11-23T16:30:00+01:00']);
    expect(await starts('from=2026-11-23&to=2026-11-24')).toHaveLength(2);
    expect(await starts('to=2026-11-22')).toEqual([]);
    expect(await starts('from=2026-11-25')).toEqual([]);
    expect(await starts(`from=2026-11-24&to=${encodeURIComponent('2026-11-24T09:00:00+11:00')}`)).toEqual([]);
    expect((await secretary('GET', '/api/appointments?from=2026-02-30')).status).toBe(422);
  });

  it.each([
    ['2026-11-24', '2026-11-23'],
    ['2026-11-24T09:00:00+01:00', '2026-11-24T08:59:59+01:00'],
    ['2026-11-24', '2026-11-23T09:00:00Z'],
    ['2026-11-24T12:00:01Z', '2026-11-23'],
  ])('refuses a range from %s that ends before, at %s', async (from, to) => {
    const { status, body } = await secretary('GET', `/api/appointments?${new URLSearchParams({ from, to })}`);
    expect([status, body.fields]).toMatchObject([422, [{ path: 'to', code: 'END_BEFORE_START' }]]);
  });

  it.each(['limit=0', 'limit=1000', 'cursor=nonsense', 'from=yesterday', 'patientId=1', 'status=lost'])(
    'refuses %s',
    async (query) => {
      const answer = await secretary('GET', `/api/appointments?${query}`);
      expect([answer.status, answer.body.fields[0].path]).toEqual([422, query.split('=')[0]]);
    },
  );
});

describe('GET /api/slots', () => {
  it('offers what is free, and a cancelled slot again', async () => {
    const { path, practitionerId, typeId } = await booked();
    const search = `/api/slots?${new URLSearchParams({
      practitionerId,
      appointmentTypeId: typeId,
      from: monday('09:00'),
      to: monday('10:30'),
    })}`;
    const starts = async () => (await secretary('GET', search)).body.items.map(({ start }: { start: string }) => start);
    expect(await starts()).toEqual([monday('09:00'), monday('10:00')]);
    await secretary('POST', `${path}/cancel`, { reason: 'Feels better' });
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

describe('PUT /api/schedules/{practitionerId}', () => {
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

describe('care relation', () => {
  it('exists from the booking on, not after a cancellation, and only services may ask', async () => {
    const { path, patientId, practitionerId } = await booked();
    const question = `/api/appointments/care-relation?${new URLSearchParams({ patientId, practitionerId })}`;
    const asService = () =>
      caller(practice.base)('GET', question, undefined, {
        'dapr-caller-app-id': 'record',
        'dapr-api-token': appApiToken,
      });
    expect((await asService()).body).toEqual({ patientId, practitionerId, exists: true });
    expect((await secretary('GET', question)).status).toBe(403);
    await secretary('POST', `${path}/cancel`, { reason: 'Feels better' });
    expect((await asService()).body.exists).toBe(false);
  });
});

describe('events of the patient service', () => {
  const deliver = (event: EventToDeliver) => practice.hear('patient', event);
  const patientEvent = (type: string, data: object) => ({
    id: randomUUID(),
    type,
    source: 'patient',
    specversion: '1.0',
    data,
  });

  it('moves appointments to the surviving patient, cancelling one that would overlap', async () => {
    const intoPatientId = randomUUID();
    const merged = await booked(monday('09:30'));
    const later = await booked(monday('11:00'), { ...merged });
    const clash = await booked(monday('09:30'), { patientId: intoPatientId });
    const event = patientEvent('patient.merged', {
      patientId: merged.patientId,
      version: 2,
      mergedIntoPatientId: intoPatientId,
    });
    expect((await deliver(event)).status).toBe(200);
    expect((await deliver(event)).status).toBe(200);
    expect([await row(merged.id), await row(later.id), await row(clash.id)]).toMatchObject([
      { patient_id: intoPatientId, status: 'cancelled', version: 3 },
      { patient_id: intoPatientId, status: 'booked' },
      { patient_id: intoPatientId, status: 'booked' },
    ]);
    await until(async () => typesTold(merged.id).length === 2);
    expect(typesTold(merged.id)).toEqual(['appointment.booked', 'appointment.cancelled']);
  });

  it('cancels what lies ahead of an erased patient, by the clock of the practice, and forgets reasons', async () => {
    const past = await booked(monday('09:30'));
    const ahead = await booked(monday('10:00'), { ...past });
    await practice.sql.query(
      `update appointment set reason = 'private', corrections = '[{ "reason": "private" }]' where patient_id = $1`,
      [past.patientId],
    );
    const before = practice.clock.now();
    onTestFinished(() => practice.clock.set(before));
    practice.clock.set(new Date(monday('09:45')));
    await deliver(patientEvent('patient.erased', { patientId: past.patientId, version: 2 }));
    expect([await row(past.id), await row(ahead.id)]).toMatchObject([
      { status: 'booked', reason: null, corrections: null },
      { status: 'cancelled', reason: null, cancellation: { at: practice.clock.now().toISOString() } },
    ]);
  });

  it('are taken from the own sidecar only, as deliveries, and only as the patient service signed them', async () => {
    const { id, patientId } = await booked('2099-11-24T09:30:00+01:00');
    const erased = patientEvent('patient.erased', { patientId, version: 2 });
    const send = (event: object, headers: Record<string, string>) =>
      caller(practice.base)('POST', '/events/patient', batchOf(event), headers);
    expect((await send(signed('patient', erased), { 'dapr-api-token': 'a guess' })).status).toBe(401);
    const called = { 'dapr-api-token': appApiToken, 'dapr-caller-app-id': 'practitioner' };
    expect((await send(signed('patient', erased), called)).status).toBe(401);
    expect((await send(erased, { 'dapr-api-token': appApiToken })).status).toBe(200);
    expect(await row(id)).toMatchObject({ status: 'booked' });
    expect((await deliver(patientEvent('patient.invented-later', {}))).status).toBe(200);
  });
});

describe('POST /api/appointments/import', () => {
  it('books good lines, returns bad ones with the reason, and books nothing twice', async () => {
    const { practitioner } = await buildPractitioner(practice);
    const patientId = randomUUID();
    practice.people.practitioners.set('10100000001', practitioner);
    practice.people.patients.set('199012345678901', { id: patientId, active: true });
    const csv = [
      'patientIns;practitionerRpps;appointmentType;start',
      `199012345678901;10100000001;Consultation;${monday('09:00')}`,
      `199012345678901;10100000001;Consultation;2026-11-02T09:00:00+01:00`,
      `199012345678901;10100000001;Massage;${monday('10:00')}`,
      `199012345678901;10100000009;Consultation;${monday('10:00')}`,
      `;10100000001;Consultation;${monday('13:00')}`,
    ].join('\r\n');
    const admin = await practice.as({ roles: ['admin'] });
    const send = (path: string, body = csv) => admin('POST', path, body, { 'content-type': 'text/csv' });
    const count = async () =>
      (await practice.sql.query('select from appointment where practitioner_id = $1', [practitioner.id])).rowCount;

    expect((await send('/api/appointments/import?dryRun=true')).body.lines).toEqual({
      total: 5,
      created: 2,
      unchanged: 0,
      refused: 3,
    });
    expect(await count()).toBe(0);
    const report = await send('/api/appointments/import');
    expect(report.body.lines).toEqual({ total: 5, created: 2, unchanged: 0, refused: 3 });
    expect(report.body.refused).toMatchObject([
      { line: 4, field: 'appointmentType', code: 'APPOINTMENT.TYPE_UNKNOWN' },
      { line: 5, field: 'practitionerRpps', code: 'APPOINTMENT.PRACTITIONER_UNKNOWN' },
      { line: 6, field: 'patientIns', code: 'REQUIRED' },
      { line: 6, field: 'start', code: 'APPOINTMENT.OUTSIDE_WORKING_HOURS' },
    ]);
    expect(await count()).toBe(2);
    const again = await send('/api/appointments/import');
    expect(again.body.lines).toEqual({ total: 5, created: 0, unchanged: 2, refused: 3 });
    const corrected = await send('/api/appointments/import', report.body.refusedCsv.replace('Massage', 'Consultation'));
    expect(corrected.body.lines).toEqual({ total: 3, created: 1, unchanged: 0, refused: 2 });
    expect(await count()).toBe(3);
  });

  it('takes an INS of which the file names no system for one of the mode', async () => {
    const production = await startPractice(undefined, {
      settings: { CABINET_MODE: 'production', CALENDAR_POLL_SECONDS: 86_400 },
    });
    try {
      const asked: string[] = [];
      for (const each of [production, practice]) {
        const { practitioner } = await buildPractitioner(each);
        each.people.practitioners.set('10100000001', practitioner);
        const answers = each.people.patientsByIdentifier.bind(each.people);
        each.people.patientsByIdentifier = (identifiers) => {
          asked.push(...identifiers.map(({ system }) => system));
          return answers(identifiers);
        };
        const admin = await each.as({ roles: ['admin'] });
        const csv = `patientIns,practitionerRpps,appointmentType,start\n199012345678901,10100000001,Consultation,${monday('09:00')}`;
        await admin('POST', '/api/appointments/import', csv, { 'content-type': 'text/csv' });
      }
      expect(asked).toEqual(['urn:oid:1.2.250.1.213.1.4.8', 'urn:oid:1.2.250.1.213.1.4.10']);
    } finally {
      await production.stop();
    }
  });

  it('refuses the lines with what can be no identifier or number, all faults of each at once, and books the others', async () => {
    const { practitioner } = await buildPractitioner(practice);
    const [rpps, ins] = ['10100000017', '199012345678917'];
    practice.people.practitioners.set(rpps, practitioner);
    practice.people.patients.set(ins, { id: randomUUID(), active: true });
    const lines = [
      `${ins};1010 0000\u00a0017;Consultation;${monday('09:00')}`,
      `${ins};1010000001;Consultation;${monday('09:30')}`,
      `${ins};1010000001A;Massage;tomorrow`,
      `${'1'.repeat(101)};${rpps};Consultation;${monday('10:00')}`,
      `!;${rpps};Consultation;${monday('10:00')}`,
      `!2;10100000018;;yesterday`,
      `${ins};${rpps};Consultation;${monday('10:30')}`,
    ];
    const admin = await practice.as({ roles: ['admin'] });
    const csv = ['patientIns;practitionerRpps;appointmentType;start', ...lines].join('\n');
    const { status, body } = await admin('POST', '/api/appointments/import', csv, { 'content-type': 'text/csv' });
    expect([status, body.lines]).toEqual([200, { total: 7, created: 2, unchanged: 0, refused: 5 }]);
    expect(body.refused.map(({ line, field, code }: Record<string, unknown>) => `${line} ${field} ${code}`)).toEqual([
      '3 practitionerRpps NO_RPPS',
      '4 practitionerRpps NO_RPPS',
      '4 start INVALID_TIME',
      '5 patientIns TOO_LONG',
      '6 patientIns INVALID',
      '7 appointmentType REQUIRED',
      '7 patientIns INVALID',
      '7 practitionerRpps APPOINTMENT.PRACTITIONER_UNKNOWN',
      '7 start INVALID_TIME',
    ]);
  });

  it('is for admins only', async () => {
    expect((await secretary('POST', '/api/appointments/import', 'a;b', { 'content-type': 'text/csv' })).status).toBe(
      403,
    );
  });
});
