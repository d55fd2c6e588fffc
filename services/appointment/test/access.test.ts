import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, caller } from '../../../tests/support/http.ts';
import { appApiToken } from '../../../tests/support/service.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

// Who may do what to an appointment, by what they are to it. Changed only on purpose: it is what the design promises.
const columns = [
  'its patient',
  'another patient',
  'its practitioner',
  'another practitioner',
  'its patient, a practitioner elsewhere',
  'its patient, a secretary',
  'a secretary',
  'an admin',
  'a service',
] as const;
type Who = (typeof columns)[number];

const table: Record<string, number[]> = {
  read: [200, 404, 200, 404, 200, 200, 200, 403, 200],
  'read a series': [200, 404, 200, 404, 200, 200, 200, 403, 200],
  'list those of the patient': [200, 403, 200, 200, 200, 200, 200, 403, 200],
  'list those of the practitioner': [200, 200, 200, 403, 200, 200, 200, 403, 200],
  'list all': [200, 200, 200, 200, 200, 200, 200, 403, 200],
  book: [201, 403, 201, 403, 201, 201, 201, 403, 403],
  hold: [201, 403, 201, 403, 201, 201, 201, 403, 403],
  'book a series': [201, 403, 201, 403, 201, 201, 201, 403, 403],
  overbook: [403, 403, 201, 403, 403, 403, 201, 403, 403],
  confirm: [200, 404, 200, 404, 200, 200, 200, 403, 403],
  move: [200, 404, 200, 404, 200, 200, 200, 403, 403],
  'move over another': [403, 404, 200, 404, 403, 403, 200, 403, 403],
  cancel: [200, 404, 200, 404, 200, 200, 200, 403, 403],
  'move following': [200, 404, 200, 404, 200, 200, 200, 403, 403],
  'cancel following': [200, 404, 200, 404, 200, 200, 200, 403, 403],
  arrive: [403, 403, 200, 404, 403, 403, 200, 403, 403],
  complete: [403, 403, 200, 404, 403, 403, 200, 403, 403],
  miss: [403, 403, 200, 404, 403, 403, 200, 403, 403],
  reopen: [403, 403, 200, 404, 403, 403, 200, 403, 403],
  wait: [201, 403, 201, 403, 201, 201, 201, 403, 403],
  'read who waits': [200, 404, 200, 404, 200, 200, 200, 403, 200],
  'wait no longer': [200, 404, 200, 404, 200, 200, 200, 403, 403],
  'set a priority': [422, 403, 201, 403, 422, 422, 201, 403, 403],
  'search slots': [200, 200, 200, 200, 200, 200, 200, 403, 200],
  'set hours': [403, 403, 412, 403, 403, 412, 412, 412, 403],
  'preview an absence': [403, 403, 200, 403, 403, 200, 200, 403, 403],
  'ask for a care relation': [403, 403, 403, 403, 403, 403, 403, 403, 200],
};

let practice: Practice;
let secretary: Caller;
let who: Awaited<ReturnType<typeof buildPractitioner>>;
const callers = new Map<Who, Caller>();
const patientId = randomUUID();

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'] });
  who = await buildPractitioner(practice);
  const { practitionerId, placeId } = who;
  const daysOfWeek = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const hours = [{ placeId, daysOfWeek, startTime: '00:00', endTime: '24:00' }];
  await secretary('PUT', `/api/schedules/${practitionerId}`, { hours }, { 'if-match': '"v1"' });
  const elsewhere = randomUUID();
  callers.set('its patient', await practice.as({ roles: ['patient'], patientId }));
  callers.set('another patient', await practice.as({ roles: ['patient'], patientId: randomUUID() }));
  callers.set('its practitioner', await practice.as({ roles: ['practitioner'], practitionerId }));
  callers.set('another practitioner', await practice.as({ roles: ['practitioner'], practitionerId: elsewhere }));
  callers.set(
    'its patient, a practitioner elsewhere',
    await practice.as({ roles: ['patient', 'practitioner'], patientId, practitionerId: elsewhere }),
  );
  callers.set('its patient, a secretary', await practice.as({ roles: ['secretary'], patientId }));
  callers.set('a secretary', secretary);
  callers.set('an admin', await practice.as({ roles: ['admin'] }));
  callers.set('a service', caller(practice.base, { 'dapr-caller-app-id': 'record', 'dapr-api-token': appApiToken }));
});
afterAll(() => practice?.stop());

const first = Date.parse('2026-12-01T00:00:00+01:00');
let slots = 0;
/** Each call another one, so that nothing is in the way of anything. */
function nextStart(): string {
  slots += 4;
  return new Date(first + slots * 30 * 60_000).toISOString();
}

const request = (more: object = {}) => ({
  patientId,
  practitionerId: who.practitionerId,
  appointmentTypeId: who.typeId,
  start: nextStart(),
  ...more,
});
const waitingFor = (more: object = {}) => ({
  patientId,
  wants: [{ practitionerId: who.practitionerId, appointmentTypeId: who.typeId }],
  fromDate: '2026-11-21',
  untilDate: '2026-11-22',
  times: [{ daysOfWeek: ['mon'], startTime: '03:00', endTime: '03:10' }],
  ...more,
});
const made = async (path: string, body: object) => {
  const answer = await secretary('POST', path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const reason = { reason: 'x' };

type Attempt = (as: Caller) => Promise<{ status: number; body: { id?: string } }>;

const change =
  (how: string, body?: () => object): Attempt =>
  async (as) => {
    const { id } = await made('/api/appointments', request());
    return as('POST', `/api/appointments/${id}/${how}`, body?.());
  };
const record =
  (how: string, before?: string): Attempt =>
  async (as) => {
    const { id, start } = await made('/api/appointments', request());
    const now = practice.clock.now();
    practice.clock.set(new Date(start));
    try {
      if (before) await secretary('POST', `/api/appointments/${id}/${before}`);
      return await as('POST', `/api/appointments/${id}/${how}`, reason);
    } finally {
      practice.clock.set(now);
    }
  };
const ofSeries =
  (how: string, body: () => object): Attempt =>
  async (as) => {
    const { appointments } = await made('/api/appointments/series', request({ rule: 'FREQ=DAILY;COUNT=1' }));
    return as('POST', `/api/appointments/${appointments[0].id}/${how}`, body());
  };
const waiting =
  (use: (as: Caller, id: string) => ReturnType<Attempt>): Attempt =>
  async (as) => {
    const { id } = await made('/api/waiting-list', waitingFor());
    const answer = await use(as, id);
    await secretary('POST', `/api/waiting-list/${id}/withdraw`);
    return answer;
  };
const joins =
  (more: object = {}): Attempt =>
  async (as) => {
    const answer = await as('POST', '/api/waiting-list', waitingFor(more));
    if (answer.status === 201) await secretary('POST', `/api/waiting-list/${answer.body.id}/withdraw`);
    return answer;
  };

const attempts: Record<string, Attempt> = {
  read: async (as) => as('GET', `/api/appointments/${(await made('/api/appointments', request())).id}`),
  'read a series': async (as) => {
    const { id } = await made('/api/appointments/series', request({ rule: 'FREQ=DAILY;COUNT=1' }));
    return as('GET', `/api/appointments/series/${id}`);
  },
  'list those of the patient': (as) => as('GET', `/api/appointments?patientId=${patientId}`),
  'list those of the practitioner': (as) => as('GET', `/api/appointments?practitionerId=${who.practitionerId}`),
  'list all': (as) => as('GET', '/api/appointments'),
  book: (as) => as('POST', '/api/appointments', request()),
  hold: async (as) => {
    const answer = await as('POST', '/api/appointments/holds', request());
    if (answer.status === 201) await secretary('POST', `/api/appointments/${answer.body.id}/cancel`, reason);
    return answer;
  },
  'book a series': (as) => as('POST', '/api/appointments/series', request({ rule: 'FREQ=DAILY;COUNT=1' })),
  overbook: (as) => as('POST', '/api/appointments', request({ overbook: reason })),
  confirm: async (as) => {
    const { id } = await made('/api/appointments/holds', request());
    const answer = await as('POST', `/api/appointments/${id}/confirm`);
    await secretary('POST', `/api/appointments/${id}/cancel`, reason);
    return answer;
  },
  move: change('move', () => ({ start: nextStart() })),
  'move over another': change('move', () => ({ start: nextStart(), overbook: reason })),
  cancel: change('cancel', () => reason),
  'move following': ofSeries('move-following', () => ({ start: nextStart() })),
  'cancel following': ofSeries('cancel-following', () => reason),
  arrive: record('arrive'),
  complete: record('complete'),
  miss: record('miss'),
  reopen: record('reopen', 'miss'),
  wait: joins(),
  'read who waits': waiting((as, id) => as('GET', `/api/waiting-list/${id}`)),
  'wait no longer': waiting((as, id) => as('POST', `/api/waiting-list/${id}/withdraw`)),
  'set a priority': joins({ priority: 'urgent' }),
  'search slots': (as) => {
    const { practitionerId, typeId: appointmentTypeId } = who;
    const range = { from: '2026-11-23T09:00:00+01:00', to: '2026-11-23T10:00:00+01:00' };
    return as('GET', `/api/slots?${new URLSearchParams({ practitionerId, appointmentTypeId, ...range })}`);
  },
  'set hours': (as) => as('PUT', `/api/schedules/${who.practitionerId}`, { hours: [] }, { 'if-match': '"v99"' }),
  'preview an absence': (as) =>
    as('POST', `/api/schedules/${who.practitionerId}/absences/preview`, {
      startDate: '2027-06-01',
      endDate: '2027-06-01',
      action: 'cancel',
    }),
  'ask for a care relation': (as) => {
    const { practitionerId } = who;
    return as('GET', `/api/appointments/care-relation?${new URLSearchParams({ patientId, practitionerId })}`);
  },
};

describe('who may', () => {
  it('is asked about everything in the table', () => {
    expect(Object.keys(attempts)).toEqual(Object.keys(table));
  });

  it.each(Object.entries(table))('%s', async (action, expected) => {
    const found: [Who, number][] = [];
    for (const each of columns) {
      const answer = await attempts[action]?.(callers.get(each) as Caller);
      found.push([each, answer?.status as number]);
    }
    expect(found).toEqual(columns.map((each, nth) => [each, expected[nth]]));
  });

  it('is nobody without a token', async () => {
    const nobody = caller(practice.base);
    for (const [action, attempt] of Object.entries(attempts)) {
      expect([action, (await attempt(nobody)).status]).toEqual([action, 401]);
    }
  });
});
