import { randomUUID } from 'node:crypto';
import { writeCsv } from '@cabinet/import/csv';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { buildIns, buildPatient, type PatientService, startService } from './support.ts';

let service: PatientService;
let admin: Caller;

beforeAll(async () => {
  service = await startService();
  admin = await service.as({ roles: ['admin'] });
});
afterAll(() => service?.stop());

const upload = (text: string | Uint8Array, { dryRun = false, charset = '' } = {}) =>
  admin('POST', `/api/patients/import?dryRun=${dryRun}`, text, {
    'content-type': `text/csv${charset && `; charset=${charset}`}`,
  });

const all = async () => Number((await service.sql.query('select count(*) from patient')).rows[0].count);
const named = async (familyName: string) =>
  (await service.sql.query('select * from patient where family_name = $1', [familyName])).rows;
const unique = (name: string) => `${name}${randomUUID().replace(/[^a-z]/g, '')}`;

describe('POST /api/patients/import', () => {
  it('takes the good lines, reports each bad one with line, field and reason, and takes them once corrected', async () => {
    const ins = buildIns();
    const [a, b, c] = [unique('Alpha'), unique('Beta'), unique('Gamma')];
    const header = 'familyName;givenNames;birthName;birthDate;gender;ins;phone;email;addressLine;postalCode;city';
    const text = [
      header,
      `${a};Anne|Élise;Durand;1980-01-31;female;${ins.value};06 39 98 12 34;anne@example.org;"4; rue Neuve";69003;Lyon`,
      `${b};Paul;;1980-02-30;male;;12;;;1000;Bourg`,
      `${c};;;1980-01-31;Madame;;;;;;`,
    ].join('\r\n');
    const { status, body } = await upload(`\ufeff${text}\r\n`);

    expect(status).toBe(200);
    expect(body.lines).toEqual({ total: 3, created: 1, unchanged: 0, refused: 2 });
    expect(body.refused.map(({ line, field, code }: Record<string, unknown>) => [line, field, code])).toEqual([
      [3, 'birthDate', 'NO_SUCH_DATE'],
      [3, 'phone', 'NO_PHONE_NUMBER'],
      [3, 'postalCode', 'NO_POSTAL_CODE'],
      [4, 'gender', 'NO_GENDER'],
      [4, 'givenNames', 'REQUIRED'],
    ]);
    expect(body.refused.every(({ reason }: { reason: string }) => reason.length > 0)).toBe(true);
    const [row] = await named(a);
    const read = (await admin('GET', `/api/patients/${row.id}`)).body;
    expect(read).toMatchObject({
      givenNames: ['Anne', 'Élise'],
      birthName: 'Durand',
      gender: 'female',
      identifiers: [ins],
      telecom: [
        { system: 'phone', value: '+33639981234' },
        { system: 'email', value: 'anne@example.org' },
      ],
      address: { line: ['4; rue Neuve'], postalCode: '69003', city: 'Lyon', country: 'FR' },
    });
    expect(await service.told(row.id, 1)).toEqual(['patient.registered']);
    expect(await named(b)).toEqual([]);

    const corrected = body.refusedCsv
      .replace('1980-02-30', '1980-02-29')
      .replace(';12;', ';0639981235;')
      .replace(';1000;', ';01000;')
      .replace(';Madame;', ';female;')
      .replace(`${c};;`, `${c};Zoé;`);
    const second = await upload(corrected);
    expect(second.body).toMatchObject({ lines: { total: 2, created: 2, refused: 0 }, refusedCsv: '' });
    expect(await named(b)).toHaveLength(1);
  });

  it('says with a dry run what it would do, and stores nothing', async () => {
    const name = unique('Delta');
    const text = `familyName,givenNames,birthDate\n${name},Anne,1980-01-31\n${name},Anne|Zoé,1980-01-31\n${name},,x\n`;
    const before = await all();
    const dry = await upload(text, { dryRun: true });
    expect(dry.body.warnings).toMatchObject([{ line: 3, field: 'givenNames', code: 'DIFFERS' }]);
    expect(dry.body).toMatchObject({ dryRun: true, lines: { total: 3, created: 1, unchanged: 1, refused: 1 } });
    expect(await all()).toBe(before);
    const real = await upload(text);
    expect({ ...real.body, dryRun: true }).toEqual(dry.body);
    expect(await all()).toBe(before + 1);
  });

  it('creates nothing twice, by identifier or by name and birth date, nor changes who is known', async () => {
    const ins = buildIns();
    const [a, b] = [unique('Epsilon'), unique('Zeta')];
    const text = `familyName,givenNames,birthDate,ins,phone\n${a},Anne,1980-01-31,${ins.value},0639981234\n${b},Paul,1970-01-31,,\n`;
    expect((await upload(text)).body.lines.created).toBe(2);
    expect((await upload(text)).body).toMatchObject({ lines: { created: 0, unchanged: 2 }, warnings: [] });
    const later = `familyName,givenNames,birthDate,ins,phone\n${a.toUpperCase()},ANNE|Marie,1980-01-31,${ins.value},0639989999\n`;
    const again = await upload(later);
    expect(again.body.lines).toEqual({ total: 1, created: 0, unchanged: 1, refused: 0 });
    expect(again.body.warnings.map(({ line, field, code }: Record<string, unknown>) => [line, field, code])).toEqual([
      [2, 'familyName', 'DIFFERS'],
      [2, 'givenNames', 'DIFFERS'],
      [2, 'phone', 'DIFFERS'],
    ]);
    expect((await named(a))[0].telecom).toEqual([{ system: 'phone', value: '+33639981234' }]);
  });

  it('creates nothing twice when the same file is sent twice at the same moment', async () => {
    const names = Array.from({ length: 40 }, (_, i) => unique(`Eta${i}`));
    const lines = names.map((name, i) => `${name},Anne,19${50 + i}-01-31`);
    const text = `familyName,givenNames,birthDate\n${lines.join('\n')}\n`;
    const reports = await Promise.all([upload(text), upload(text), upload(text)]);
    expect(reports.map(({ body }) => body.lines.created).sort()).toEqual([0, 0, 40]);
  });

  it('refuses the identifier of another person, and asks to compare people who are alike', async () => {
    const ins = buildIns();
    const name = unique('Theta');
    await upload(`familyName,givenNames,birthDate,ins\n${name},Anne,1980-01-31,${ins.value}\n`);
    const text = `familyName,givenNames,birthDate,ins\nAutre,Paul,1955-05-05,${ins.value}\n${name},Annie,1980-01-31,\n`;
    const { body } = await upload(text);
    expect(body.refused).toMatchObject([{ line: 2, field: 'ins', code: 'TAKEN' }]);
    expect(body.lines.created).toBe(1);
    expect(body.warnings).toMatchObject([{ line: 3, field: 'line', code: 'POSSIBLE_DUPLICATE' }]);
  });

  it.each([
    ['a missing column', 'familyName,birthDate\nMartin,1980-01-31\n', 'IMPORT.HEADER', 'givenNames MISSING_COLUMN'],
    [
      'an unknown column',
      'familyName,givenNames,birthDate,shoeSize\nA,B,1980-01-31,42\n',
      'IMPORT.HEADER',
      'shoeSize UNKNOWN_COLUMN',
    ],
    [
      'a column twice',
      'familyName,givenNames,birthDate,givenNames\nA,B,1980-01-31,C\n',
      'IMPORT.HEADER',
      'givenNames DUPLICATE_COLUMN',
    ],
    ['nothing in it', '', 'IMPORT.HEADER', 'header MISSING_HEADER'],
    [
      'an open quotation mark',
      'familyName,givenNames,birthDate\nAa,Bb,1980-01-31\n"Cc,Dd,1980-01-31\n',
      'IMPORT.MALFORMED',
      'line 3 MALFORMED_CSV',
    ],
    [
      'another encoding than it says',
      Buffer.from('familyName,givenNames,birthDate\nB\u00e9n\u00e9,Anne,1980-01-31\n', 'latin1'),
      'IMPORT.WRONG_ENCODING',
      'line 2 WRONG_ENCODING',
    ],
    [
      'UTF-16 without a mark',
      Buffer.from('familyName,givenNames,birthDate', 'utf16le'),
      'IMPORT.NOT_TEXT',
      'file NOT_TEXT',
    ],
  ])('refuses a file with %s, and stores nothing', async (_what, file, code, field) => {
    const before = await all();
    const answer = await upload(file);
    expect([answer.status, answer.body.code]).toEqual([422, code]);
    expect(answer.body.fields.map(({ path, code: why }: Record<string, string>) => `${path} ${why}`)).toEqual([field]);
    expect(await all()).toBe(before);
  });

  it('refuses a line with NUL, one with a huge name and one with too many values, and takes the others', async () => {
    const name = unique('Iota');
    const text = `familyName,givenNames,birthDate\nN\u0000L,Anne,1980-01-31\n${'x'.repeat(10_000)},Anne,1980-01-31\nA,B,1980-01-31,C\n${name},Anne,1980-01-31\n`;
    const { body } = await upload(text);
    expect(body.lines).toEqual({ total: 4, created: 1, unchanged: 0, refused: 3 });
    expect(body.refused.map(({ line, field, code }: Record<string, unknown>) => [line, field, code])).toEqual([
      [2, 'familyName', 'CONTROL_CHARACTER'],
      [3, 'familyName', 'TOO_LONG'],
      [4, 'line', 'COLUMN_COUNT'],
    ]);
  });

  it('reads the files of Windows and of spreadsheets when they say what they are', async () => {
    const [a, b] = [unique('Kappa'), unique('Lambda')];
    const windows = Buffer.from(`familyName;givenNames;birthDate\r\n${a};Bénédicte;1980-01-31\r\n`, 'latin1');
    expect((await upload(windows, { charset: 'windows-1252' })).body.lines.created).toBe(1);
    expect((await named(a))[0].given_names).toEqual(['Bénédicte']);
    const tabbed = Buffer.from(`\ufefffamilyName\tgivenNames\tbirthDate\r\n${b}\tZoé\t1980-01-31\r\n`, 'utf16le');
    expect((await upload(tabbed)).body.lines.created).toBe(1);
    expect((await upload('x', { charset: 'klingon' })).status).toBe(415);
  });

  it('reads the file of a French spreadsheet, and gives the lines it refuses to one', async () => {
    const [a, b, c] = [unique('Mu'), unique('Nu'), unique('Xi')];
    const text = `sep=;\r\nfamilyName;givenNames;birthDate;gender;phone\r\n${a};Anne;31/01/1980;F;\r\n${b};Paul;03/04/1981;M;\r\n${c};=1+1;32/04/1981;X;+33\r\n`;
    const { body } = await upload(text);
    expect(body.lines).toMatchObject({ created: 2, refused: 1 });
    const stored = [...(await named(a)), ...(await named(b))].map(({ id }) => admin('GET', `/api/patients/${id}`));
    expect((await Promise.all(stored)).map(({ body: { birthDate, gender } }) => [birthDate, gender])).toEqual([
      ['1980-01-31', 'female'],
      ['1981-04-03', 'male'],
    ]);
    expect(body.refused.map(({ line, field, code }: Record<string, unknown>) => [line, field, code])).toEqual([
      [5, 'gender', 'NO_GENDER'],
      [5, 'givenNames', 'NO_NAME'],
      [5, 'birthDate', 'NO_SUCH_DATE'],
      [5, 'phone', 'NO_PHONE_NUMBER'],
    ]);
    expect(body.refusedCsv).toMatch(/^\ufefffamilyName;givenNames;birthDate;gender;phone;problem\r\nXi/);
    expect(body.refusedCsv).toContain(`${c};'=1+1;32/04/1981;X;'+33;`);
    expect((await upload(body.refusedCsv)).body.refusedCsv).toBe(body.refusedCsv);
  });

  it('answers any garbage in any column with a report of every line', async () => {
    const columns = [
      'familyName',
      'givenNames',
      'birthDate',
      'birthName',
      'gender',
      'ins',
      'insSystem',
      'phone',
      'email',
    ];
    const more = ['addressLine', 'postalCode', 'city', 'country'];
    const good = ['Martin', 'Anna', '1980-01-31', '', 'F', '', '', '', '', '', '', '', ''];
    const garbage = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom(
        '',
        '|',
        '=1',
        '\ufdfa'.repeat(100),
        '漢'.repeat(2_000),
        '0000-00-00',
        '9999-12-31',
        'urn:x:',
        '-',
        '"',
      ),
      fc.constantFrom(`urn:${'é'.repeat(1_900)}`, '1'.repeat(2_000), 'a@b', '31/12/0001', '0100-01-01', '+0', '00'),
    );
    const line = fc.tuple(fc.nat({ max: good.length - 1 }), garbage).map(([at, cell]) => good.with(at, cell));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(line, fc.tuple(...good.map(() => garbage))), { minLength: 1, maxLength: 20 }),
        async (lines) => {
          const text = writeCsv([[...columns, ...more], ...lines], ',');
          const { status, body } = await upload(text);
          expect(status, JSON.stringify([body, lines])).toBe(200);
          const { total, created, unchanged, refused } = body.lines;
          expect(created + unchanged + refused).toBe(total);
          expect(new Set(body.refused.map(({ line: at }: { line: number }) => at)).size).toBe(refused);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('takes CSV only, from an admin only, up to 16 MiB', async () => {
    const json = await admin('POST', '/api/patients/import', {}, { 'content-type': 'application/json' });
    expect([json.status, json.body.code]).toEqual([415, 'IMPORT.NOT_CSV']);
    const secretary = await service.as({ roles: ['secretary'] });
    expect((await secretary('POST', '/api/patients/import', 'x', { 'content-type': 'text/csv' })).status).toBe(403);
    const huge = await upload('x'.repeat(16 * 1024 * 1024 + 1));
    expect([huge.status, huge.body.code]).toEqual([413, 'REQUEST.TOO_LARGE']);
  });

  it('takes 2,000 lines, each once', async () => {
    const lines = Array.from({ length: 2_000 }, (_, i) => {
      const { familyName, givenNames } = buildPatient();
      return `${familyName},${givenNames[0]},${1930 + (i % 90)}-02-${10 + (i % 19)},${buildIns().value}`;
    });
    const text = `familyName,givenNames,birthDate,ins\n${lines.join('\n')}\n`;
    const before = await all();
    expect((await upload(text)).body.lines).toEqual({ total: 2_000, created: 2_000, unchanged: 0, refused: 0 });
    expect(await all()).toBe(before + 2_000);
    expect((await upload(text)).body.lines).toEqual({ total: 2_000, created: 0, unchanged: 2_000, refused: 0 });
  });
});
