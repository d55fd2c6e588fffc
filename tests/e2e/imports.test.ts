import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { importFile } from '../../dev/src/import.ts';
import type { Caller } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { addPractitioner, freeSlots, query, registerPatient, signedInAs } from '../support/practice.ts';

let admin: Caller;
let secretary: Caller;

beforeAll(async () => {
  [admin, secretary] = (await Promise.all(['admin', 'secretary'].map(signedInAs) as Promise<Caller>[])) as [
    Caller,
    Caller,
  ];
});

const testSystem = 'urn:oid:1.2.250.1.213.1.4.10';

/** An INS with a right key that hardly anybody else has. */
function buildIns(): string {
  const number = `2800175${String(Math.floor(Math.random() * 1e6)).padStart(6, '0')}`;
  return `${number}${String(97n - (BigInt(number) % 97n)).padStart(2, '0')}`;
}

const upload = (text: string) =>
  admin('POST', '/api/appointments/import', text, { 'content-type': 'text/csv; charset=utf-8' });

const summary = ({ line, field, code }: Record<string, unknown>) => `${line} ${field} ${code}`;

describe('an import of appointments', () => {
  it('loses the lines with what the neighbours take for wrong, and no other', async () => {
    const ins = buildIns();
    await registerPatient(secretary, { identifiers: [{ system: testSystem, value: ins }] });
    const receiving = await addPractitioner(admin);
    const found = await admin('GET', `/api/practitioners/${receiving.practitionerId}`);
    const { rpps } = found.body;
    const [first, second] = await freeSlots(secretary, receiving);
    const report = await upload(
      [
        'patientIns,practitionerRpps,appointmentType,start,patientInsSystem',
        `${ins},${rpps},Consultation,${first},`,
        `${ins},1010000001,Consultation,${second},`,
        `${ins},1010047314A,Consultation,${second},`,
        `${'1'.repeat(150)},${rpps},Consultation,${second},`,
        `${ins},${rpps},Consultation,${second},${'urn:x:'.repeat(40)}`,
        `${ins},${rpps.slice(0, 5)} ${rpps.slice(5)},Consultation,${second},`,
      ].join('\n'),
    );
    expect([report.status, report.body.lines]).toEqual([200, { total: 6, created: 2, unchanged: 0, refused: 4 }]);
    expect(report.body.refused.map(summary)).toEqual([
      '3 practitionerRpps NO_RPPS',
      '4 practitionerRpps NO_RPPS',
      '5 patientIns TOO_LONG',
      '6 patientInsSystem TOO_LONG',
    ]);
  });

  it('answers any garbage in any column with a report of every line', async () => {
    const good = [buildIns(), '10100000001', 'Consultation', '2027-03-01T09:00:00+01:00', '', ''];
    const garbage = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom(
        '',
        ' ',
        '%',
        '=1',
        '1'.repeat(2_000),
        '漢'.repeat(100),
        'urn:x',
        '2027-02-30T09:00:00Z',
        '\u200b',
      ),
    );
    const line = fc.tuple(fc.nat({ max: good.length - 1 }), garbage).map(([at, cell]) => good.with(at, cell));
    const lines = fc.array(fc.oneof(line, fc.tuple(...good.map(() => garbage))), { minLength: 1, maxLength: 20 });
    const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
    const header = 'patientIns,practitionerRpps,appointmentType,start,patientInsSystem,reason';
    await fc.assert(
      fc.asyncProperty(lines, async (rows) => {
        const { status, body } = await upload([header, ...rows.map((row) => row.map(quoted).join(','))].join('\n'));
        expect(status, JSON.stringify([body, rows])).toBe(200);
        const { total, created, unchanged, refused } = body.lines;
        expect(created + unchanged + refused).toBe(total);
        expect(new Set(body.refused.map(({ line: at }: { line: number }) => at)).size).toBe(refused);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a search of slots', () => {
  it.each(['%25', '%', '---', '%20%25', '(', '*'])(
    'names speciality %s as what is wrong, and no service as away',
    async (speciality) => {
      const range = 'from=2027-03-01T00:00:00Z&to=2027-03-02T00:00:00Z&appointmentType=Consultation';
      const answer = await secretary('GET', `/api/slots?${range}&speciality=${speciality.replace(/^%$/, '%25')}`);
      expect([answer.status, answer.body.fields]).toMatchObject([422, [{ path: 'speciality' }]]);
    },
  );
});

describe('npm run import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cabinet-import-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('sends a file in the charset it is said to have, and leaves the refused lines to a spreadsheet', async () => {
    const said = vi.spyOn(console, 'log').mockImplementation(() => {});
    const name = `Bénédicte${buildIns().slice(-6)}`.replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '');
    const file = join(folder, 'patients.csv');
    const text = `sep=;\r\nfamilyName;givenNames;birthDate\r\n${name};Zoé;31/01/1980\r\n${name};Zoé;31/02/1980\r\n`;
    writeFileSync(file, Buffer.from(text, 'latin1'));
    const importOf = (...words: string[]) => importFile(['patients', ...words, '--url', platform().url('gateway')]);
    const run = (...words: string[]) => importOf(...words, '--charset', 'windows-1252');
    try {
      await expect(importOf(file)).rejects.toThrow('or name its charset (--charset windows-1252)');
      expect(await run(file)).toBe(1);
      expect(await query('patient', 'select id from patient where family_name = $1', [name])).toHaveLength(1);
      const refused = join(folder, 'patients.refused.csv');
      expect(readFileSync(refused, 'utf8')).toMatch(/^\ufefffamilyName;givenNames;birthDate;problem\r\nBénédicte/);
      expect(statSync(refused).mode & 0o777).toBe(0o600);
      // The mark says what it is, whatever the charset of the first file was.
      writeFileSync(refused, readFileSync(refused, 'utf8').replace('31/02', '28/02'));
      expect(await run(refused)).toBe(0);
      expect(said).toHaveBeenCalledWith('patients: 1 lines');
    } finally {
      said.mockRestore();
    }
  });
});
