import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, caller, until } from '../../../tests/support/http.ts';
import { appApiToken } from '../../../tests/support/service.ts';
import { buildColleagues, buildPractitioner, type Practice, startPractice } from './support.ts';

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

const requestOf = ({ practitionerId, typeId }: Practitioner, patientId: string, more: object = {}) => ({
  patientId,
  practitionerId,
  appointmentTypeId: typeId,
  start: monday('09:30'),
  ...more,
});

describe('If-Match', () => {
  it('says nothing of an appointment or a waiting entry of others', async () => {
    const { bernard, patientId, both } = await buildColleagues(practice);
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
    const { bernard, patientId, both, dr } = await buildColleagues(practice);
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
