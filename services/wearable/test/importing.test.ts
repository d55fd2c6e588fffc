import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TakeReadings } from '../src/domain/take-readings.js';
import { newPatient, type Patient, startService, type WearableService } from './support.ts';

let service: WearableService;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.stop());

const begin = async ({ patientId, self }: Patient, more: object = {}) =>
  (await self('POST', '/api/readings/imports', { patientId, format: 'apple-health', ...more })).body;
const part = (
  { self }: Patient,
  importId: string,
  offset: number,
  bytes: Uint8Array,
  isLast = false,
  type = 'application/octet-stream',
) =>
  self('POST', `/api/readings/import?importId=${importId}&offset=${offset}&isLast=${isLast}`, bytes, {
    'content-type': type,
  });

const record = (nth: number) => {
  const minute = String(nth % 60).padStart(2, '0');
  const hour = String(Math.floor(nth / 60) % 24).padStart(2, '0');
  const day = String(1 + Math.floor(nth / 1_440)).padStart(2, '0');
  return ` <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Montre" unit="count/min" startDate="2026-11-${day} ${hour}:${minute}:00 +0100" endDate="2026-11-${day} ${hour}:${minute}:00 +0100" value="${60 + (nth % 30)}"/>\n`;
};
const header = 'code,value,unit,effectiveAt';
const unreadable = [422, 'IMPORT.UNREADABLE'] as const;
const exported = (records: number) =>
  Buffer.from(
    `<?xml version="1.0"?>\n<!DOCTYPE HealthData [<!ELEMENT Record (MetadataEntry*)]>\n<HealthData locale="fr_FR">\n${Array.from({ length: records }, (_, nth) => record(nth)).join('')} <Record type="HKQuantityTypeIdentifierFlightsClimbed" value="1"/>\n</HealthData>\n`,
  );

describe('an import', () => {
  it('takes a file part by part, cut anywhere, says how far it is, and what became of each type', async () => {
    const patient = await newPatient(service);
    const file = exported(2_500);
    const { id, offset } = await begin(patient, { bytes: file.length });
    expect(offset).toBe(0);
    const middle = 123_457;
    const first = await part(patient, id, 0, file.subarray(0, middle));
    expect([first.status, first.body.offset, first.body.endedAt]).toEqual([200, middle, undefined]);
    const { body: seen } = await patient.self('GET', `/api/readings/imports/${id}`);
    expect(seen).toEqual(first.body);
    const last = await part(patient, id, middle, file.subarray(middle), true);
    expect(last.body).toMatchObject({
      bytes: file.length,
      offset: file.length,
      endedAt: expect.any(String),
      types: [{ code: '8867-4', stored: 2_500, known: 0, corrected: 0, refused: 0 }],
      leftOut: [{ type: 'HKQuantityTypeIdentifierFlightsClimbed', count: 1 }],
      refusals: [],
    });
  });

  it('of the same file again, or of one of its halves, stores nothing and tells nothing', async () => {
    const patient = await newPatient(service);
    const file = exported(300);
    for (const [nth, bytes] of [file, file, Buffer.from(file.toString().replace(record(7), ''))].entries()) {
      const { id } = await begin(patient);
      const { body } = await part(patient, id, 0, bytes, true);
      expect(body.types).toMatchObject([{ stored: nth === 0 ? 300 : 0, corrected: 0 }]);
    }
    expect(await service.readingsTold(patient.patientId, 300)).toHaveLength(300);
  });

  it('goes on where it was cut off, in another process, and takes a part that comes twice once', async () => {
    const patient = await newPatient(service);
    const file = exported(200);
    const { id } = await begin(patient);
    await part(patient, id, 0, file.subarray(0, 9_999));
    await service.restart();
    const again = await part(patient, id, 0, file.subarray(0, 9_999));
    expect([again.status, again.body.code, again.body.offset]).toEqual([409, 'IMPORT.WRONG_OFFSET', 9_999]);
    const rest = file.subarray(9_999);
    const both = await Promise.all([part(patient, id, 9_999, rest, true), part(patient, id, 9_999, rest, true)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const { body } = await patient.self(
      'GET',
      `/api/readings?patientId=${patient.patientId}&code=8867-4&from=2026-10-31T00:00:00Z&resolution=raw`,
    );
    expect(body.items).toHaveLength(200);
    const late = await part(patient, id, file.length, Buffer.from('x'));
    expect([late.status, late.body.code]).toEqual([409, 'IMPORT.DONE']);
  });

  it.each(['csv', 'dexcom', 'fhir', 'fitbit', 'garmin-fit', 'health-connect', 'open-mhealth', 'oura', 'withings'])(
    'takes what is %s',
    async (format) => {
      const patient = await newPatient(service);
      const file = join(import.meta.dirname, '../vectors', `${format}.json`);
      const { vectors } = JSON.parse(readFileSync(file, 'utf8'));
      const { text, base64, document, readings } = vectors[0];
      const bytes = base64 ? Buffer.from(base64, 'base64') : Buffer.from(text ?? JSON.stringify(document));
      const { id } = await begin(patient, { format });
      await part(patient, id, 0, bytes.subarray(0, 20));
      const { body } = await part(patient, id, 20, bytes.subarray(20), true);
      expect(body.refusals).toEqual([]);
      expect(body.types.reduce((sum: number, { stored }: { stored: number }) => sum + stored, 0)).toBe(readings.length);
    },
  );

  it('says which readings it refused, by field and code, and goes on', async () => {
    const patient = await newPatient(service);
    const { id } = await begin(patient, { format: 'csv' });
    const lines = [
      header,
      '8867-4,64,/min,2026-11-19T08:00:00Z',
      '8867-4,64,mg,2026-11-19T09:00:00Z',
      'x,1,1,2026-11-19T09:00:00Z',
    ];
    const { body } = await part(patient, id, 0, Buffer.from(lines.join('\n')), true);
    expect(body.types).toEqual([
      { code: '8867-4', stored: 1, known: 0, corrected: 0, refused: 1 },
      { code: '', stored: 0, known: 0, corrected: 0, refused: 1 },
    ]);
    expect(body.refusals.map(({ path, code, reading }: Record<string, string>) => [path, code, reading])).toEqual([
      ['unit', 'UNIT_DOES_NOT_FIT', '8867-4'],
      ['code', 'NOT_KEPT_HERE', undefined],
    ]);
  });

  it('of what is all refused lets others have their turn after each thousand', async () => {
    const patient = await newPatient(service);
    const { id } = await begin(patient, { format: 'csv' });
    let turn = 0;
    let next: NodeJS.Immediate | undefined;
    const count = () => {
      turn += 1;
      next = setImmediate(count);
    };
    const turns: number[] = [];
    const { takeFor } = TakeReadings.prototype;
    const taking = vi.spyOn(TakeReadings.prototype, 'takeFor').mockImplementation(function (
      this: TakeReadings,
      ...said
    ) {
      turns.push(turn);
      return takeFor.apply(this, said);
    });
    try {
      count();
      const { body } = await part(patient, id, 0, Buffer.from(`${header}\n${'x,1,1,y\n'.repeat(20_000)}`), true);
      expect(body.types).toMatchObject([{ code: '', refused: 20_000 }]);
      expect([turns.length, new Set(turns).size]).toEqual([20, 20]);
    } finally {
      clearImmediate(next);
      taking.mockRestore();
    }
  });

  it.each<[string, string, Buffer, number, string]>([
    ['a zip', 'apple-health', Buffer.from('504b03040a0000000000', 'hex'), 415, 'IMPORT.PACKED'],
    ['what gzip made', 'csv', gzipSync(Buffer.alloc(1_000_000)), 415, 'IMPORT.PACKED'],
    ['another XML', 'apple-health', Buffer.from('<html><body>x</body></html>'), 422, 'IMPORT.UNREADABLE'],
    ['no JSON', 'withings', Buffer.from('{"body":'), 422, 'IMPORT.UNREADABLE'],
    ['JSON as deep as it is long', 'fhir', Buffer.from('['.repeat(200_000)), 422, 'IMPORT.UNREADABLE'],
    ['a table without its columns', 'csv', Buffer.from('a,b\n1,2\n'), 422, 'IMPORT.UNREADABLE'],
    ['JSON of a million objects', 'dexcom', Buffer.from(`{"records":[${'{},'.repeat(1_000_000)}{}]}`), ...unreadable],
    ['JSON of a million numbers', 'open-mhealth', Buffer.from(`[${'1,'.repeat(1_000_000)}1]`), ...unreadable],
    ['a table of a million lines', 'csv', Buffer.from(`${header}\n${'a\n'.repeat(1_000_000)}`), ...unreadable],
    ['a table of a column for each byte', 'csv', Buffer.from(`${header}${','.repeat(1_000_000)}\n`), ...unreadable],
    ['records of nothing', 'apple-health', Buffer.from(`<HealthData>${'<Record />'.repeat(400_000)}`), ...unreadable],
    ['bytes that are no text', 'csv', Buffer.from('ff00ff', 'hex'), 422, 'IMPORT.UNREADABLE'],
  ])('refuses %s', async (_, format, bytes, status, code) => {
    const patient = await newPatient(service);
    const { id } = await begin(patient, { format });
    const answer = await part(patient, id, 0, bytes, true);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await service.count('file_import', 'id = $1 and read = 0 and ended_at is null', [id])).toBe(1);
  });

  it('keeps what a file calls things without characters that no database takes', async () => {
    const patient = await newPatient(service);
    const { id } = await begin(patient, { format: 'fhir' });
    const observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
      effectiveDateTime: '2026-11-19T08:00:00Z',
      device: { display: 'Mon\u0000tre \ud800' },
      valueQuantity: { value: 64, system: 'http://unitsofmeasure.org', code: '/min' },
    };
    const bundle = {
      resourceType: 'Bundle',
      entry: [{ resource: observation }, { resource: { resourceType: 'Pat\u0000ient' } }],
    };
    const { body } = await part(patient, id, 0, Buffer.from(JSON.stringify(bundle)), true);
    expect([body.types[0].stored, body.leftOut]).toEqual([1, [{ type: 'Patient', count: 1 }]]);
    expect(await service.count('origin', "patient_id = $1 and name = 'Montre'", [patient.patientId])).toBe(1);
  });

  it('expands no entity, however often one stands for others', async () => {
    const patient = await newPatient(service);
    const entities = Array.from({ length: 9 }, (_, nth) => `<!ENTITY l${nth + 1} "${`&l${nth};`.repeat(10)}">`).join(
      '',
    );
    const bomb = `<!DOCTYPE HealthData [<!ENTITY l0 "lol">${entities}]><HealthData>${record(0).replace('Montre', '&l9;')}</HealthData>`;
    const { id } = await begin(patient);
    const { body } = await part(patient, id, 0, Buffer.from(bomb), true);
    expect(body.types).toMatchObject([{ stored: 1 }]);
    expect(await service.count('origin', "patient_id = $1 and name = '&l9;'", [patient.patientId])).toBe(1);
  });

  it('refuses a part that is too large, of another type, or compressed on its way', async () => {
    const patient = await newPatient(service);
    const { id } = await begin(patient);
    expect((await part(patient, id, 0, Buffer.alloc(5 * 1024 * 1024))).status).toBe(413);
    const wrong = await part(patient, id, 0, Buffer.from('x'), false, 'application/xml');
    expect([wrong.status, wrong.body.code]).toEqual([415, 'IMPORT.NOT_BYTES']);
    const compressed = await patient.self(
      'POST',
      `/api/readings/import?importId=${id}&offset=0`,
      gzipSync(exported(3)),
      {
        'content-type': 'application/octet-stream',
        'content-encoding': 'gzip',
      },
    );
    expect(compressed.status).toBe(415);
  });

  it('is not there for anybody else', async () => {
    const { id } = await begin(await newPatient(service));
    const stranger = await newPatient(service);
    const answers = [
      await stranger.self('GET', `/api/readings/imports/${id}`),
      await stranger.self('GET', `/api/readings/imports/${randomUUID()}`),
      await part(stranger, id, 0, exported(1), true),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [404, 'IMPORT.NOT_FOUND']),
    );
  });
});
