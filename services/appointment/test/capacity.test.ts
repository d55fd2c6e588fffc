import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

type Practitioner = Awaited<ReturnType<typeof buildPractitioner>>;

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;
const night = '2026-11-23T02:10:00+01:00';

const setRules = ({ practitionerId, typeId }: Practitioner, rules: object) =>
  secretary(
    'PUT',
    `/api/schedules/${practitionerId}`,
    {
      hours: [
        {
          placeId: practice.people.practitioners.get(practitionerId)?.places[0]?.id,
          daysOfWeek: ['mon'],
          startTime: '09:00',
          endTime: '12:00',
        },
      ],
      rules: [{ appointmentTypeId: typeId, ...rules }],
    },
    { 'if-match': '"v1"' },
  );

const requestOf = ({ practitionerId, typeId }: Practitioner, patientId: string, more: object = {}) => ({
  patientId,
  practitionerId,
  appointmentTypeId: typeId,
  start: monday('09:30'),
  ...more,
});

/** A doctor who is a patient of another one, and that other one. */
async function colleagues() {
  const [bernard, own] = [await buildPractitioner(practice), await buildPractitioner(practice)];
  const patientId = randomUUID();
  const both = await practice.as({
    roles: ['patient', 'practitioner'],
    patientId,
    practitionerId: own.practitionerId,
    sub: randomUUID(),
  });
  const dr = await practice.as({
    roles: ['practitioner'],
    practitionerId: bernard.practitionerId,
    sub: randomUUID(),
  });
  return { bernard, own, patientId, both, dr };
}

const codeOf = ({ status, body }: { status: number; body: { code?: string } }) => [status, body.code];

describe('a practitioner who is a patient of a colleague', () => {
  it('forces no time in the agenda of the colleague, and does in the own one', async () => {
    const { bernard, own, patientId, both } = await colleagues();
    const overbook = { reason: 'I know him' };
    for (const path of ['/api/appointments', '/api/appointments/holds']) {
      const refused = await both('POST', path, requestOf(bernard, patientId, { start: night, overbook }));
      expect(codeOf(refused)).toEqual([403, 'ACCESS.STAFF_OVERBOOKS']);
    }
    const booked = await both('POST', '/api/appointments', requestOf(bernard, patientId));
    const moved = await both('POST', `/api/appointments/${booked.body.id}/move`, { start: night, overbook });
    expect(codeOf(moved)).toEqual([403, 'ACCESS.STAFF_OVERBOOKS']);
    const forced = await both('POST', '/api/appointments', requestOf(own, randomUUID(), { start: night, overbook }));
    expect(forced.status).toBe(201);
  });

  it('records nothing of the own visit as a patient', async () => {
    const { bernard, patientId, both, dr } = await colleagues();
    const { id } = (await both('POST', '/api/appointments', requestOf(bernard, patientId))).body;
    for (const how of ['arrive', 'complete', 'miss', 'reopen']) {
      const answer = await both('POST', `/api/appointments/${id}/${how}`, { reason: 'Because I can' });
      expect(codeOf(answer), how).toEqual([403, 'ACCESS.STAFF_RECORDS']);
    }
    expect((await dr('GET', `/api/appointments/${id}`)).body).toMatchObject({ status: 'booked', version: 1 });
  });

  it('waits for the practice like everybody, is bound by its notice, and books no type of its own', async () => {
    const { bernard, patientId, both, dr } = await colleagues();
    await setRules(bernard, { needsConfirmation: true, cancelNoticeMinutes: 40_000 });
    const { id, status } = (await both('POST', '/api/appointments', requestOf(bernard, patientId))).body;
    expect(status).toBe('pending');
    expect(codeOf(await both('POST', `/api/appointments/${id}/confirm`))).toEqual([403, 'ACCESS.STAFF_CONFIRMS']);
    expect((await dr('POST', `/api/appointments/${id}/confirm`)).body.status).toBe('booked');
    const late = await both('POST', `/api/appointments/${id}/cancel`, { reason: 'No time' });
    expect(codeOf(late)).toEqual([409, 'APPOINTMENT.TOO_LATE']);

    const other = await buildPractitioner(practice);
    await setRules(other, { bookableBy: 'staff' });
    const refused = await both('POST', '/api/appointments', requestOf(other, patientId));
    expect(codeOf(refused)).toEqual([422, 'APPOINTMENT.STAFF_ONLY']);
    const query = new URLSearchParams({
      practitionerId: other.practitionerId,
      appointmentTypeId: other.typeId,
      from: monday('00:00'),
      to: monday('23:00'),
    });
    expect((await both('GET', `/api/slots?${query}`)).body.items).toEqual([]);
    expect((await secretary('GET', `/api/slots?${query}`)).body.items).not.toEqual([]);
    const wanted = {
      patientId,
      wants: [{ practitionerId: other.practitionerId, appointmentTypeId: other.typeId }],
      fromDate: '2026-11-23',
      untilDate: '2026-12-01',
    };
    expect(codeOf(await both('POST', '/api/waiting-list', wanted))).toEqual([422, 'APPOINTMENT.STAFF_ONLY']);
  });

  it('sets no priority, and does not see who was passed over', async () => {
    const { bernard, patientId, both } = await colleagues();
    const wanted = {
      patientId,
      wants: [{ practitionerId: bernard.practitionerId, appointmentTypeId: bernard.typeId }],
      fromDate: '2026-11-23',
      untilDate: '2026-12-01',
    };
    const first = await both('POST', '/api/waiting-list', { ...wanted, priority: 'stat' });
    expect([first.status, first.body.fields[0].path]).toEqual([422, 'priority']);
    const { id } = (await both('POST', '/api/waiting-list', wanted)).body;
    await until(async () => (await both('GET', `/api/waiting-list/${id}`)).body.offers[0]);
    expect((await both('GET', `/api/waiting-list/${id}`)).body.offers[0]).not.toHaveProperty('passedOver');
    expect((await secretary('GET', `/api/waiting-list/${id}`)).body.offers[0]).toHaveProperty('passedOver');
  });

  it('lists the own visits, and the own agenda', async () => {
    const { bernard, own, patientId, both } = await colleagues();
    const visit = (await both('POST', '/api/appointments', requestOf(bernard, patientId))).body.id;
    const patient = (await both('POST', '/api/appointments', requestOf(own, randomUUID()))).body.id;
    const ids = async (query: string) =>
      (await both('GET', `/api/appointments?${query}`)).body.items.map(({ id }: { id: string }) => id);
    expect(await ids(`patientId=${patientId}`)).toEqual([visit]);
    expect(await ids('')).toEqual([patient]);
    expect(await ids(`practitionerId=${bernard.practitionerId}`)).toEqual([visit]);
    expect(
      (await both('GET', `/api/appointments?patientId=${randomUUID()}&practitionerId=${bernard.practitionerId}`))
        .status,
    ).toBe(403);
  });
});

describe('If-Match', () => {
  it('says nothing of an appointment or a waiting entry of others', async () => {
    const { bernard, patientId, both } = await colleagues();
    const { id } = (await both('POST', '/api/appointments', requestOf(bernard, patientId))).body;
    const entry = (
      await both('POST', '/api/waiting-list', {
        patientId,
        wants: [{ practitionerId: bernard.practitionerId, appointmentTypeId: bernard.typeId }],
        fromDate: '2026-11-23',
        untilDate: '2026-12-01',
      })
    ).body.id;
    const stranger = await practice.as({ roles: ['patient'], patientId: randomUUID() });
    const doctor = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID() });
    const reason = { reason: 'x' };
    const changes: [string, string, object?][] = [
      ['appointments', 'confirm'],
      ['appointments', 'move', { start: monday('11:00') }],
      ['appointments', 'cancel', reason],
      ['appointments', 'move-following', { start: monday('11:00') }],
      ['appointments', 'cancel-following', reason],
      ['waiting-list', 'accept'],
      ['waiting-list', 'refuse'],
      ['waiting-list', 'withdraw'],
    ];
    const recorded: [string, string, object?][] = ['arrive', 'complete', 'miss', 'reopen'].map((how) => [
      'appointments',
      how,
      reason,
    ]);
    for (const [as, list] of [
      [stranger, changes],
      [doctor, [...changes, ...recorded]],
    ] as const) {
      for (const [what, how, body] of list) {
        const there = what === 'appointments' ? id : entry;
        const answers = [];
        for (const [which, ifMatch] of [
          [there, '"v99"'],
          [there, '"v1"'],
          [randomUUID(), '"v1"'],
        ] as const) {
          const { status, body: problem } = await as('POST', `/api/${what}/${which}/${how}`, body, {
            'if-match': ifMatch,
          });
          answers.push([status, problem.code, problem.detail]);
        }
        expect(answers, how).toEqual([answers[2], answers[2], answers[2]]);
        expect(answers[0]?.[0], how).toBe(404);
      }
    }
  });
});

describe('reasons', () => {
  it('are read by the patient, the practitioner and who wrote them, and by nobody else', async () => {
    const { bernard, patientId, both, dr } = await colleagues();
    const asService = (method: string, path: string) =>
      caller(practice.base)(method, path, undefined, {
        'dapr-caller-app-id': 'record',
        'dapr-api-token': appApiToken,
      });
    const { id } = (await both('POST', '/api/appointments', requestOf(bernard, patientId, { reason: 'ZZVISIT' }))).body;
    const forced = (
      await dr('POST', '/api/appointments', {
        ...requestOf(bernard, patientId, { start: monday('15:00') }),
        overbook: { reason: 'ZZNOT NEEDED' },
      })
    ).body.id;
    const over = await dr(
      'POST',
      '/api/appointments',
      requestOf(bernard, patientId, { start: night, overbook: { reason: 'ZZOVERBOOK' } }),
    );
    expect(over.body.overbooking).toMatchObject({ reason: 'ZZOVERBOOK', over: ['APPOINTMENT.OUTSIDE_WORKING_HOURS'] });
    await both('POST', `/api/appointments/${forced}/cancel`, { reason: 'ZZCANCEL' });
    const entry = (
      await both('POST', '/api/waiting-list', {
        patientId,
        wants: [{ practitionerId: bernard.practitionerId, appointmentTypeId: bernard.typeId }],
        fromDate: '2026-11-24',
        untilDate: '2026-12-01',
        reason: 'ZZWAIT',
      })
    ).body.id;
    const paths = [
      `/api/appointments/${id}`,
      `/api/appointments?patientId=${patientId}`,
      `/api/waiting-list/${entry}`,
      `/api/waiting-list?patientId=${patientId}`,
    ];
    const readBy = async (as: (method: string, path: string) => Promise<{ body: unknown }>) => {
      const texts = await Promise.all(paths.map(async (path) => JSON.stringify((await as('GET', path)).body)));
      expect(texts[1]).toContain(id);
      return [...new Set(texts.join(' ').match(/ZZ[A-Z]+/g))].sort();
    };
    expect(await readBy(secretary)).toEqual([]);
    expect(await readBy(asService)).toEqual([]);
    expect(await readBy(both)).toEqual(['ZZCANCEL', 'ZZVISIT', 'ZZWAIT']);
    expect(await readBy(dr)).toEqual(['ZZCANCEL', 'ZZOVERBOOK', 'ZZVISIT', 'ZZWAIT']);
    const written = await secretary('POST', `/api/appointments/${id}/cancel`, { reason: 'ZZCALLED' });
    expect(written.body.cancellation.reason).toBe('ZZCALLED');
    const otherDesk = await practice.as({ roles: ['secretary'], sub: randomUUID() });
    const seen = (await otherDesk('GET', `/api/appointments/${id}`)).body.cancellation;
    expect(seen).toEqual({ at: expect.any(String), by: expect.any(String) });
    await until(async () => practice.published.some(({ type }) => type === 'appointment.cancelled'));
    expect(JSON.stringify(practice.published)).not.toContain('ZZ');
  });
});

describe('what an accepted offer replaces', () => {
  it('is a visit that the caller may cancel, when joining and when accepting', async () => {
    const [bernard, two] = [await buildPractitioner(practice), await buildPractitioner(practice)];
    const patientId = randomUUID();
    const patient = await practice.as({ roles: ['patient'], patientId });
    const drTwo = await practice.as({ roles: ['practitioner'], practitionerId: two.practitionerId });
    const replaces = (await patient('POST', '/api/appointments', requestOf(bernard, patientId))).body.id;
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
    const refused = await drTwo('POST', `/api/waiting-list/${id}/accept`);
    expect(codeOf(refused)).toEqual([403, 'ACCESS.NOT_YOUR_APPOINTMENT']);
    expect((await patient('GET', `/api/appointments/${replaces}`)).body.status).toBe('booked');
    expect((await patient('POST', `/api/waiting-list/${id}/accept`)).body.status).toBe('booked');
    expect((await patient('GET', `/api/appointments/${replaces}`)).body.status).toBe('cancelled');
  });
});

describe('a care relation', () => {
  const isInCare = async (patientId: string, { practitionerId }: Practitioner) => {
    const question = `/api/appointments/care-relation?${new URLSearchParams({ patientId, practitionerId })}`;
    const service = { 'dapr-caller-app-id': 'record', 'dapr-api-token': appApiToken };
    return (await caller(practice.base)('GET', question, undefined, service)).body.exists;
  };

  it('does not come of what a practitioner does alone', async () => {
    const two = await buildPractitioner(practice);
    const { practitionerId } = two;
    const dr = await practice.as({ roles: ['practitioner', 'secretary'], practitionerId });
    const nobody: string[] = [];
    const one = () => {
      nobody.push(randomUUID());
      return nobody.at(-1) as string;
    };
    expect((await dr('POST', '/api/appointments', requestOf(two, one()))).status).toBe(201);
    const forced = requestOf(two, one(), { start: '2027-03-02T03:05:00+01:00', overbook: { reason: 'x' } });
    expect((await dr('POST', '/api/appointments', forced)).status).toBe(201);
    const held = await dr('POST', '/api/appointments/holds', requestOf(two, one(), { start: monday('10:00') }));
    expect((await dr('POST', `/api/appointments/${held.body.id}/confirm`)).body.status).toBe('booked');
    const series = requestOf(two, one(), { start: monday('11:00'), rule: 'FREQ=DAILY;COUNT=2' });
    expect((await dr('POST', '/api/appointments/series', series)).status).toBe(201);
    const waiting = await dr('POST', '/api/waiting-list', {
      patientId: one(),
      wants: [{ practitionerId: two.practitionerId, appointmentTypeId: two.typeId }],
      fromDate: '2026-11-24',
      untilDate: '2026-12-01',
    });
    await until(async () => (await dr('GET', `/api/waiting-list/${waiting.body.id}`)).body.status === 'proposed');
    expect((await dr('POST', `/api/waiting-list/${waiting.body.id}/accept`)).body.status).toBe('booked');
    for (const patientId of nobody) expect(await isInCare(patientId, two)).toBe(false);
  });

  it('comes of what the patient or a secretary books, confirms or moves, as long as it stands', async () => {
    const two = await buildPractitioner(practice);
    const dr = await practice.as({ roles: ['practitioner'], practitionerId: two.practitionerId });
    for (const [nth, who] of (['patient', 'secretary'] as const).entries()) {
      const patientId = randomUUID();
      const as = who === 'patient' ? await practice.as({ roles: ['patient'], patientId }) : secretary;
      const start = monday(nth === 0 ? '09:00' : '09:30');
      const { id } = (await as('POST', '/api/appointments', requestOf(two, patientId, { start }))).body;
      expect(await isInCare(patientId, two)).toBe(true);
      expect(await isInCare(patientId, await buildPractitioner(practice))).toBe(false);
      await dr('POST', `/api/appointments/${id}/cancel`, { reason: 'x' });
      expect(await isInCare(patientId, two)).toBe(false);
      const held = await dr('POST', '/api/appointments/holds', requestOf(two, patientId, { start }));
      await as('POST', `/api/appointments/${held.body.id}/confirm`);
      expect(await isInCare(patientId, two)).toBe(true);
      await as('POST', `/api/appointments/${held.body.id}/cancel`, { reason: 'x' });
      const own = await dr('POST', '/api/appointments', requestOf(two, patientId, { start }));
      expect(await isInCare(patientId, two)).toBe(false);
      await as('POST', `/api/appointments/${own.body.id}/move`, { start: monday(`1${nth}:00`) });
      expect(await isInCare(patientId, two)).toBe(true);
    }
  });

  it('comes of a visit that took place, for two years, and ends when that is taken back', async () => {
    const two = await buildPractitioner(practice);
    const patientId = randomUUID();
    const dr = await practice.as({ roles: ['practitioner'], practitionerId: two.practitionerId });
    const { id } = (await dr('POST', '/api/appointments', requestOf(two, patientId))).body;
    const before = practice.clock.now();
    practice.clock.set(new Date(monday('09:30')));
    try {
      await dr('POST', `/api/appointments/${id}/arrive`);
      expect(await isInCare(patientId, two)).toBe(true);
      await dr('POST', `/api/appointments/${id}/reopen`, { reason: 'Another patient' });
      expect(await isInCare(patientId, two)).toBe(false);
      await dr('POST', `/api/appointments/${id}/complete`);
      expect(await isInCare(patientId, two)).toBe(true);
      practice.clock.advanceBy(730 * 86_400_000);
      expect(await isInCare(patientId, two)).toBe(true);
      practice.clock.advanceBy(2 * 86_400_000);
      expect(await isInCare(patientId, two)).toBe(false);
    } finally {
      practice.clock.set(before);
    }
  });
});
