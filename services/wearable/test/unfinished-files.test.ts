import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPatient, type Patient, startService, type WearableService } from './support.ts';

let service: WearableService;

beforeAll(async () => {
  service = await startService({}, { forgetsEveryMs: 20 });
});
afterAll(() => service?.stop());

const begin = async ({ patientId, self }: Patient): Promise<string> =>
  (await self('POST', '/api/readings/imports', { patientId, format: 'fhir' })).body.id;
const part = ({ self }: Patient, importId: string, bytes: string) =>
  self('POST', `/api/readings/import?importId=${importId}&offset=0`, Buffer.from(bytes), {
    'content-type': 'application/octet-stream',
  });
const dayMs = 24 * 3_600_000;

describe('a file that was begun and not ended', () => {
  it('goes a week after nobody went on with it, and one that goes on stays', async () => {
    const patient = await newPatient(service);
    const [left, goesOn] = [await begin(patient), await begin(patient)];
    expect((await part(patient, left, '{"resourceType":')).status).toBe(200);
    service.clock.advanceBy(6 * dayMs);
    expect((await part(patient, goesOn, '{"resourceType":')).status).toBe(200);
    service.clock.advanceBy(2 * dayMs);
    await expect.poll(() => service.count('file_import', 'id = $1', [left])).toBe(0);
    const { status, body } = await patient.self('GET', `/api/readings/imports/${left}`);
    expect([status, body.code]).toEqual([404, 'IMPORT.NOT_FOUND']);
    expect((await patient.self('GET', `/api/readings/imports/${goesOn}`)).body.offset).toBe(16);
  });

  it('goes when five others of the patient are begun, the one first that was left longest, and of nobody else', async () => {
    const [patient, other] = [await newPatient(service), await newPatient(service)];
    const theirs = await begin(other);
    const ids: string[] = [];
    for (let nth = 0; nth < 5; nth += 1) {
      ids.push(await begin(patient));
      service.clock.advanceBy(1_000);
    }
    expect((await part(patient, ids[0] as string, '{')).status).toBe(200);
    ids.push(await begin(patient));
    const statuses = ids.map(async (id) => (await patient.self('GET', `/api/readings/imports/${id}`)).status);
    expect(await Promise.all(statuses)).toEqual([200, 404, 200, 200, 200, 200]);
    expect((await other.self('GET', `/api/readings/imports/${theirs}`)).status).toBe(200);
  });

  it('is counted no more once it has ended', async () => {
    const patient = await newPatient(service);
    const { self, patientId } = patient;
    const ids = [];
    for (let nth = 0; nth < 7; nth += 1) {
      const { id } = (await self('POST', '/api/readings/imports', { patientId, format: 'csv' })).body;
      const path = `/api/readings/import?importId=${id}&offset=0&isLast=true`;
      const bytes = Buffer.from('code,value,unit,effectiveAt\n');
      expect((await self('POST', path, bytes, { 'content-type': 'application/octet-stream' })).status).toBe(200);
      ids.push(id);
    }
    expect(await service.count('file_import', 'patient_id = $1', [patientId])).toBe(ids.length);
  });
});
