import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../tests/support/http.ts';
import {
  type AlertService,
  alertsOnce,
  buildDoctor,
  documentFor,
  enabledRule,
  pulse,
  startService,
  turnOn,
} from './support.ts';

let service: AlertService;
let doctor: Awaited<ReturnType<typeof buildDoctor>>;

beforeAll(async () => {
  service = await startService();
  await turnOn(service);
  doctor = await buildDoctor(service);
  await enabledRule(doctor.call, documentFor(doctor.practitionerId));
});
afterAll(() => service?.stop());

const event = (type: string, data: object) => ({ id: randomUUID(), type, source: 'patient', data });
const merged = (patientId: string, mergedIntoPatientId: string) =>
  service.hear('patient', event('patient.merged', { patientId, version: 2, mergedIntoPatientId }));
const erased = (patientId: string) => service.hear('patient', event('patient.erased', { patientId, version: 3 }));
const count = async (table: string, patientId: string) =>
  (await service.sql.query(`select from ${table} where patient_id = $1`, [patientId])).rowCount;

async function alarmed(patientId: string = randomUUID()) {
  await service.take([pulse(patientId, 0, 150), pulse(patientId, 1, 150, { certainty: 'doubtful' })]);
  const [alert] = await alertsOnce(doctor.call, patientId, (items) => items.length === 1);
  return { patientId, id: alert.id as string };
}

describe('a patient who', () => {
  it('was merged is followed, with what is known of them, and by the old id, too', async () => {
    const { patientId, id } = await alarmed();
    const survivor = randomUUID();
    for (let times = 0; times < 2; times += 1) expect((await merged(patientId, survivor)).status).toBe(200);
    expect(await count('alert', survivor)).toBe(1);
    await service.take([pulse(patientId, 2, 155)]);
    const [alert, ...others] = await alertsOnce(doctor.call, patientId, ([first]) => first?.count === 2);
    expect([alert.id, alert.patientId, others]).toEqual([id, survivor, []]);
    for (const table of ['alert', 'question', 'engine_state', 'heard_patient']) {
      expect([table, await count(table, patientId)]).toEqual([table, 0]);
    }
  });

  it('was erased leaves nothing, and nothing of them rings any more', async () => {
    const { patientId, id } = await alarmed();
    const own = await enabledRule(doctor.call, documentFor(doctor.practitionerId), { patientId });
    await erased(patientId);
    for (const table of ['alert', 'question', 'engine_state', 'heard_patient', 'alert_rule', 'gap_timing', 'silence']) {
      expect([table, await count(table, patientId)]).toEqual([table, 0]);
    }
    expect((await doctor.call('GET', `/api/alerts/${id}`)).status).toBe(404);
    expect((await doctor.call('GET', `/api/alert-rules/${own}`)).status).toBe(404);
    await until(() => service.toldOf(patientId).includes('alert.patient-data-erased'));
    const what = expect.arrayContaining([{ kind: 'alerts', count: 1, outcome: 'erased' }]);
    const receipt = service.published.findLast(({ type }) => type === 'alert.patient-data-erased');
    expect(receipt?.data).toEqual({ patientId, what });
    await service.take([pulse(patientId, 5, 150)]);
    expect(await count('alert', patientId)).toBe(0);
    const later = await doctor.call('POST', '/api/alert-rules', {
      document: documentFor(doctor.practitionerId),
      patientId,
    });
    expect(later.status).toBe(410);
  });

  it('asks for a copy has all alerts, and what watches them alone', async () => {
    const { patientId, id } = await alarmed();
    const self = await service.as({ roles: ['patient'], patientId, sub: randomUUID() });
    const given = await self('GET', `/system/patient-data/${patientId}`);
    expect(given.body).toMatchObject({
      patientId,
      sections: { alerts: [{ id }], alertRules: [], alertQuestions: [{}] },
    });
    const stranger = await service.as({ roles: ['patient'], patientId: randomUUID(), sub: randomUUID() });
    expect((await stranger('GET', `/system/patient-data/${patientId}`)).status).toBe(403);
  });

  it('is seen leaves a line of it in the trail', async () => {
    const { patientId, id } = await alarmed();
    await doctor.call('GET', `/api/alerts/${id}`);
    await doctor.call('POST', `/api/alerts/${id}/acknowledge`);
    const { rows } = await service.sql.query(
      'select action, outcome from audit_event where subjects @> array[$1] order by sequence',
      [patientId],
    );
    const actions = rows.map(({ action, outcome }) => `${action} ${outcome}`);
    expect(actions).toEqual(
      expect.arrayContaining([
        'GET /api/alerts 200',
        'GET /api/alerts/:id 200',
        'POST /api/alerts/:id/acknowledge 200',
      ]),
    );
  });
});

interface Heard {
  id: number;
  event: string;
  alertId?: string;
}

/** Follows as a page of the portal does. */
async function follow(authorization: string, { base = service.base, after }: { base?: string; after?: number } = {}) {
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const headers = { authorization, ...(after !== undefined && { 'last-event-id': String(after) }) };
  const answer = await fetch(`${base}/api/alerts/live/changes`, { signal: gone.signal, headers });
  const heard: Heard[] = [];
  let text = '';
  const decoder = new TextDecoder();
  void (async () => {
    for await (const part of answer.body ?? []) {
      text += decoder.decode(part, { stream: true });
      const blocks = text.split('\n\n').slice(0, -1);
      const events = blocks.filter((block) => block.startsWith('id: ')).map(readEvent);
      heard.splice(0, heard.length, ...events);
    }
  })().catch(() => undefined);
  return { status: answer.status, heard, stop: () => gone.abort() };
}

function readEvent(block: string): Heard {
  const [id = '', event = '', data = ''] = block.split('\n').map((line) => line.replace(/^\w+: /, ''));
  return { id: Number(id), event, ...JSON.parse(data) };
}

describe('whoever follows alerts', () => {
  const bearerOf = (practitionerId: string) =>
    service.bearer({ roles: ['practitioner'], practitionerId, sub: randomUUID() });

  it('hears of theirs from any process, of no others, and after a break of what they missed, once', async () => {
    const bearer = await bearerOf(doctor.practitionerId);
    const [mine, stranger] = [
      await follow(bearer, { base: await service.replica() }),
      await follow(await bearerOf(randomUUID())),
    ];
    await until(() => mine.heard[0]?.event === 'open' && stranger.heard[0]?.event === 'open');
    const { id, patientId } = await alarmed();
    await until(() => mine.heard.some(({ alertId }) => alertId === id));
    await until(() => service.toldOf(id).includes('alert.called'));
    mine.stop();
    const last = mine.heard.at(-1)?.id as number;
    await service.take([pulse(patientId, 3, 152)]);
    await doctor.call('POST', `/api/alerts/${id}/acknowledge`);
    const again = await follow(bearer, { after: last });
    await until(() => again.heard.length > 0);
    expect(again.heard.map(({ event, alertId }) => [event, alertId])).toEqual([['alert', id]]);
    expect(stranger.heard.map((each) => each.event)).toEqual(['open']);
  });

  it('reads all anew when what was missed is no longer known, and is a practitioner', async () => {
    const bearer = await bearerOf(doctor.practitionerId);
    await alarmed();
    await service.sql.query('delete from alert_change');
    const again = await follow(bearer, { after: 0 });
    await until(() => again.heard[0]?.event === 'reset');
    const secretary = await service.bearer({ roles: ['secretary'], sub: randomUUID() });
    expect((await follow(secretary)).status).toBe(403);
  });
});
