import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appApiToken } from '../../../tests/support/service.ts';
import { erased, newPatient, pairedDevice, pulse, startService, type WearableService } from './support.ts';

let service: WearableService;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.stop());

/** As the sidecar brings a message. */
async function bring(bytes: string | Buffer, headers: Record<string, string> = { 'dapr-api-token': appApiToken }) {
  const response = await fetch(`${service.base}/events/devices`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json', ...headers },
    body: JSON.stringify({ topic: 'devices/readings', data_base64: Buffer.from(bytes).toString('base64') }),
  });
  return { status: response.status, body: await response.json() };
}
const message = (deviceToken: unknown, readings: object[] = [pulse()]) => JSON.stringify({ deviceToken, readings });
const taken = [200, { status: 'SUCCESS' }];
const dropped = [200, { status: 'DROP' }];
const figures = async () =>
  (await (await fetch(`${service.base}/metrics`)).text()).match(/^device_messages_total.*$/gm);

describe('a message of a device', () => {
  it('is acknowledged when it is stored, told, and on the trail; once more it changes nothing', async () => {
    const patient = await newPatient(service);
    const { token } = await pairedDevice(patient, { since: '2026-11-20T00:00:00Z' });
    for (const _ of [1, 2]) {
      const { status, body } = await bring(message(token));
      expect([status, body]).toEqual(taken);
    }
    expect(await service.readingsTold(patient.patientId, 1)).toMatchObject([{ value: 72 }]);
    const { body } = await patient.self('GET', `/api/readings/summary?patientId=${patient.patientId}`);
    expect(body.items).toMatchObject([{ code: '8867-4', lastValue: 72 }]);
    expect(await service.actionsOn(patient.patientId)).toContain('POST /events/devices 200');
  });

  it('with a forged or an old token is dropped, and stores nothing', async () => {
    const patient = await newPatient(service);
    const { id, token } = await pairedDevice(patient, { since: '2026-11-20T00:00:00Z' });
    await patient.self('POST', `/api/devices/${id}/unpair`);
    for (const forged of [token, 'x'.repeat(43), '', "' or 1=1 --"]) {
      const { status, body } = await bring(message(forged));
      expect([status, body]).toEqual(dropped);
    }
    const { body } = await patient.self('GET', `/api/readings/summary?patientId=${patient.patientId}`);
    expect(body.items).toEqual([]);
  });

  it.each<[string, string | Buffer]>([
    ['is no JSON', 'value=72'],
    ['is no text', Buffer.from('ff00fe', 'hex')],
    ['is nothing', ''],
    ['has no token', JSON.stringify({ readings: [pulse()] })],
    ['has no readings', message('x'.repeat(43), [])],
    ['has more than a thousand readings', message('x'.repeat(43), Array(2_000).fill({}))],
    ['has what is in no reading', message('x'.repeat(43), [pulse({ patientId: 'somebody' })])],
    ['is as deep as it is long', '['.repeat(100_000)],
  ])('that %s is dropped', async (_, bytes) => {
    const { status, body } = await bring(bytes);
    expect([status, body]).toEqual(dropped);
  });

  it('of whose readings some break a rule stores the others', async () => {
    const patient = await newPatient(service);
    const { token } = await pairedDevice(patient, { since: '2026-11-20T00:00:00Z' });
    const { status, body } = await bring(message(token, [pulse({ unit: 'mg' }), pulse({ value: 64 })]));
    expect([status, body]).toEqual(taken);
    expect(await service.readingsTold(patient.patientId, 1)).toMatchObject([{ value: 64 }]);
  });

  it('that cannot be stored now is no success, and comes again', async () => {
    const patient = await newPatient(service);
    const { token } = await pairedDevice(patient, { since: '2026-11-20T00:00:00Z' });
    await service.sql.query('alter table reading rename to reading_away');
    try {
      expect((await bring(message(token))).status).toBeGreaterThanOrEqual(500);
    } finally {
      await service.sql.query('alter table reading_away rename to reading');
    }
    const { status, body } = await bring(message(token));
    expect([status, body]).toEqual(taken);
  });

  it('of a patient who was erased is dropped, and not tried for ever', async () => {
    const patient = await newPatient(service);
    const { token } = await pairedDevice(patient, { since: '2026-11-20T00:00:00Z' });
    await service.hear('patient', erased(patient.patientId));
    const { status, body } = await bring(message(token));
    expect([status, body]).toEqual(dropped);
  });

  it('is brought by the own sidecar alone', async () => {
    for (const headers of [
      {},
      { 'dapr-api-token': 'guessed' },
      { 'dapr-api-token': appApiToken, 'dapr-caller-app-id': 'record' },
    ])
      expect((await bring(message('x'), headers as Record<string, string>)).status).toBe(401);
  });

  it('is counted by what became of it, and by nothing of whoever it is of', async () => {
    expect(await figures()).toEqual(
      ['taken', 'unreadable', 'forged', 'erased'].map((outcome) =>
        expect.stringMatching(new RegExp(`^device_messages_total\\{.*outcome="${outcome}".*\\} \\d+$`)),
      ),
    );
  });
});
