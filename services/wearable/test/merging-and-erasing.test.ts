import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  erased,
  merged,
  newPatient,
  type Patient,
  pairedDevice,
  pulse,
  sendAs,
  startService,
  type WearableService,
} from './support.ts';

let service: WearableService;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.stop());

const send = ({ patientId, self }: Patient, readings: object[]) =>
  self('POST', '/api/readings', { patientId, readings });
const curve = ({ self }: Patient, patientId: string, resolution: string) =>
  self('GET', `/api/readings?patientId=${patientId}&code=8867-4&from=2026-11-20T00:00:00Z&resolution=${resolution}`);
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 8, minute)).toISOString();

const tables = ['track', 'origin', 'pairing', 'file_import'];
const rowsOf = (patientId: string) =>
  Promise.all(tables.map((table) => service.count(table, 'patient_id = $1', [patientId])));

describe('a patient who', () => {
  it('was merged is followed by devices and readings, each measurement once, and by the old id', async () => {
    const [old, kept] = [await newPatient(service), await newPatient(service)];
    const device = await pairedDevice(old, { since: '2026-11-20T00:00:00Z' });
    const shared = pulse({ effectiveAt: at(0), value: 60 });
    await send(old, [
      shared,
      pulse({ effectiveAt: at(1), value: 70 }),
      pulse({ code: '59408-5', unit: '%', value: 97, effectiveAt: at(1) }),
    ]);
    await send(kept, [shared, pulse({ effectiveAt: at(2), value: 80 })]);
    const told = merged(old.patientId, kept.patientId);
    for (let times = 0; times < 2; times += 1) expect((await service.hear('patient', told)).status).toBe(200);
    for (const asked of [kept.patientId, old.patientId]) {
      const { body } = await curve(kept, asked, 'raw');
      expect([body.patientId, ...body.items.map(({ value }: { value: number }) => value)]).toEqual([
        kept.patientId,
        60,
        70,
        80,
      ]);
    }
    expect((await curve(kept, kept.patientId, 'hourly')).body.items).toEqual([
      { at: '2026-11-20T08:00:00.000Z', count: 3, low: 60, high: 80, mean: 70 },
    ]);
    expect(await rowsOf(old.patientId)).toEqual([0, 0, 0, 0]);
    // The device goes on, and what it sent of before is theirs too.
    const sent = await sendAs(service, device.token, [pulse({ effectiveAt: at(30), value: 90 })]);
    expect(sent.body).toMatchObject({ stored: 1 });
    expect((await curve(kept, kept.patientId, 'raw')).body.items.at(-1)).toMatchObject({
      value: 90,
      deviceId: device.id,
    });
    // By the old id as well, from an app that has not heard of it.
    expect(
      (await kept.self('POST', '/api/readings', { patientId: old.patientId, readings: [shared] })).body,
    ).toMatchObject({ known: 1 });
  });

  it('was erased leaves nothing but the trail, and a receipt says what there was', async () => {
    const patient = await newPatient(service);
    const device = await pairedDevice(patient, { since: '2026-11-20T00:00:00Z' });
    const batch = [pulse({ sourceId: 'a' }), pulse({ sourceId: 'a', value: 73 }), pulse({ effectiveAt: at(5) })];
    await send(patient, batch);
    await patient.self(
      'POST',
      '/api/readings/imports',
      { patientId: patient.patientId, format: 'csv' },
      { 'idempotency-key': 'k' },
    );
    await service.hear('patient', erased(patient.patientId));
    expect(await rowsOf(patient.patientId)).toEqual([0, 0, 0, 0]);
    for (const table of ['reading', 'reading_earlier', 'reading_hour'])
      expect([table, await service.count(table, 'track_id not in (select id from track)')]).toEqual([table, 0]);
    expect(await service.count('device', 'id = $1', [device.id])).toBe(0);
    await expect
      .poll(
        () =>
          service.published.find(
            ({ type, data }) =>
              type === 'wearable.patient-data-erased' &&
              (data as { patientId: string }).patientId === patient.patientId,
          )?.data,
      )
      .toEqual({
        patientId: patient.patientId,
        what: [
          { kind: 'readings', count: 3, outcome: 'erased' },
          { kind: 'pairings', count: 1, outcome: 'erased' },
          { kind: 'devices', count: 1, outcome: 'erased' },
          { kind: 'imports', count: 1, outcome: 'erased' },
          { kind: 'keptAnswers', count: 1, outcome: 'erased' },
          { kind: 'auditTrail', outcome: 'kept', reason: 'access-trail' },
        ],
      });
    expect((await sendAs(service, device.token, [pulse()])).status).toBe(403);
    const later = await send(patient, batch);
    expect([later.status, later.body.code]).toEqual([410, 'DEVICE.PATIENT_ERASED']);
  });

  it('was erased takes nothing from who had the device before', async () => {
    const before = await newPatient(service);
    const secretary = await service.as({ roles: ['secretary'] });
    const { id, token } = await pairedDevice(before, { since: '2026-11-20T06:00:00Z' });
    await sendAs(service, token, [pulse({ effectiveAt: '2026-11-20T07:00:00Z' })]);
    const next = randomUUID();
    const handed = await secretary('POST', `/api/devices/${id}/pair`, { patientId: next });
    await service.hear('patient', erased(next));
    expect((await sendAs(service, handed.body.token, [pulse()])).status).toBe(403);
    expect((await curve(before, before.patientId, 'raw')).body.items).toMatchObject([{ deviceId: id }]);
    const { body } = await before.self('GET', `/api/devices?patientId=${before.patientId}`);
    expect(body.items).toMatchObject([{ id, unpairedAt: '2026-11-20T10:00:00.000Z' }]);
  });

  it('was merged into one who was erased leaves nothing either', async () => {
    const patient = await newPatient(service);
    await send(patient, [pulse()]);
    const survivor = randomUUID();
    await service.hear('patient', erased(survivor));
    await service.hear('patient', merged(patient.patientId, survivor));
    expect([await rowsOf(patient.patientId), await rowsOf(survivor)]).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
  });

  it('has a copy of all that is kept of them, and nobody else has', async () => {
    const patient = await newPatient(service);
    const { id } = await pairedDevice(patient);
    const corrected = [71, 73, 72].map((value) => pulse({ sourceId: 'a', value }));
    await send(patient, [...corrected, pulse({ code: '8310-5', unit: 'Cel', value: 37.2 })]);
    const { patientId } = patient;
    await patient.self('POST', '/api/readings/imports', { patientId, format: 'csv' });
    const its = `/system/patient-data/${patient.patientId}`;
    expect((await patient.self('GET', its)).body).toMatchObject({
      patientId: patient.patientId,
      sections: {
        devices: [{ id }],
        readings: [
          { code: '8310-5', unit: 'Cel', value: 37.2 },
          { code: '8867-4', unit: '/min', value: 72, at: '2026-11-20T09:00:00.000+01:00' },
        ],
        // As they were before.
        correctedReadings: [{ value: 71 }, { value: 73 }],
        imports: [{ patientId, format: 'csv', offset: 0 }],
      },
    });
    expect((await (await newPatient(service)).self('GET', its)).status).toBe(403);
    expect((await (await service.as({ roles: ['secretary'] }))('GET', its)).status).toBe(403);
  });
});
