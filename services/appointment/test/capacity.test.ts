import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
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

const codeOf = ({ status, body }: { status: number; body: { code?: string } }) => [status, body.code];

describe('a practitioner who is a patient of a colleague', () => {
  it('forces no time in the agenda of the colleague, and does in the own one', async () => {
    const { bernard, own, patientId, both } = await buildColleagues(practice);
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
    const { bernard, patientId, both, dr } = await buildColleagues(practice);
    const { id } = (await both('POST', '/api/appointments', requestOf(bernard, patientId))).body;
    for (const how of ['arrive', 'complete', 'miss', 'reopen']) {
      const answer = await both('POST', `/api/appointments/${id}/${how}`, { reason: 'Because I can' });
      expect(codeOf(answer), how).toEqual([403, 'ACCESS.STAFF_RECORDS']);
    }
    expect((await dr('GET', `/api/appointments/${id}`)).body).toMatchObject({ status: 'booked', version: 1 });
  });

  it('waits for the practice like everybody, is bound by its notice, and books no type of its own', async () => {
    const { bernard, patientId, both, dr } = await buildColleagues(practice);
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
    const { bernard, patientId, both } = await buildColleagues(practice);
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
    const { bernard, own, patientId, both } = await buildColleagues(practice);
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
