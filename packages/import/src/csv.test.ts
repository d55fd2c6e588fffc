import { DomainError } from '@cabinet/kit/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv, writeCsv } from './csv.js';

const columns = { required: ['familyName', 'birthDate'], optional: ['phone'] };

async function refusalOf(text: string): Promise<DomainError> {
  const refusal = await readCsv(text, columns).catch((error: unknown) => error);
  if (!(refusal instanceof DomainError)) throw new Error('was read without complaint');
  return refusal;
}

const cellsOf = async (text: string) => (await readCsv(text, columns)).rows.map(({ cells }) => cells);

describe('readCsv', () => {
  it.each([',', ';', '\t'])('reads %j as the delimiter', async (delimiter) => {
    const text = ['familyName,phone,birthDate', 'Martin,0612345678,1980-01-02'].join('\n').replaceAll(',', delimiter);
    const table = await readCsv(text, columns);
    expect(table.delimiter).toBe(delimiter);
    expect(table.rows).toEqual([
      {
        line: 2,
        cells: { familyName: 'Martin', phone: '0612345678', birthDate: '1980-01-02', problem: '' },
        raw: ['Martin', '0612345678', '1980-01-02'],
        problems: [],
      },
    ]);
  });

  it('takes a byte order mark, CRLF, lone CR, and quotes around anything', async () => {
    const wanted = [{ familyName: 'Mar,tin', birthDate: '1980-01-02', phone: '', problem: '' }];
    expect(await cellsOf('\ufefffamilyName,birthDate\r\n"Mar,tin","1980-01-02"\r\n')).toEqual(wanted);
    expect(await cellsOf('"familyName","birthDate"\r"Mar,tin",1980-01-02')).toEqual(wanted);
  });

  it('does not mind the order and letter case of columns, nor spaces around values', async () => {
    expect(await cellsOf('BIRTHDATE; FamilyName \n 1980-01-02 ;\u00a0Martin ')).toEqual([
      { familyName: 'Martin', birthDate: '1980-01-02', phone: '', problem: '' },
    ]);
  });

  it('counts lines as an editor does, across blank lines and line ends within quotes', async () => {
    const table = await readCsv(
      'familyName,birthDate\r\nA,1\r\n\r\n"B\r\nB\r\nB",2\r\n,\r\nC,3\r\n   \r\nD,4',
      columns,
    );
    expect(table.rows.map(({ line, cells }) => [line, cells.familyName])).toEqual([
      [2, 'A'],
      [4, 'B\nB\nB'],
      [8, 'C'],
      [10, 'D'],
    ]);
  });

  it('names every column that is missing, unknown or there twice', async () => {
    const refusal = await refusalOf('familyName,familyname,shoeSize\nMartin,Martin,42\n');
    expect(refusal.code).toBe('IMPORT.HEADER');
    expect(refusal.fields.map(({ path, code }) => [path, code])).toEqual([
      ['familyName', 'DUPLICATE_COLUMN'],
      ['shoeSize', 'UNKNOWN_COLUMN'],
      ['birthDate', 'MISSING_COLUMN'],
    ]);
  });

  it.each(['', '\n\n', '\ufeff'])('refuses a file without a header: %j', async (text) => {
    expect((await refusalOf(text)).fields).toMatchObject([{ code: 'MISSING_HEADER' }]);
  });

  it('says where a quotation mark is never closed', async () => {
    const refusal = await refusalOf('familyName,birthDate\nA,1\nB,"2\nC,3\n');
    expect(refusal.code).toBe('IMPORT.MALFORMED');
    expect(refusal.fields).toMatchObject([{ path: 'line 3', code: 'MALFORMED_CSV' }]);
  });

  it.each([
    ['letters', 'x'.repeat(1_000_000)],
    ['columns', ','.repeat(200_000)],
    ['a quoted value', `"${'x'.repeat(1_000_000)}"`],
  ])('says which line is too long for any row, with however many %s', async (_, line) => {
    for (const [text, path] of [
      [`familyName,birthDate\nA,1\n\n${line}\nC,3\n`, 'line 4'],
      [`${line}\nA,1\n`, 'line 1'],
    ] as const) {
      const refusal = await refusalOf(text);
      expect([refusal.kind, refusal.code]).toEqual(['invalid', 'IMPORT.LINE_TOO_LONG']);
      expect(refusal.fields).toEqual([{ path, code: 'LINE_TOO_LONG', message: 'has more than 65536 characters' }]);
    }
  });

  it('says which line has more values than any row, and looks no further', async () => {
    for (const [text, path] of [
      [`familyName,birthDate${',x'.repeat(10_000)}\nA,1\n`, 'line 1'],
      [`familyName,birthDate\n"A\nA",1\nB,1${','.repeat(199)}\n`, 'line 4'],
    ] as const) {
      const refusal = await refusalOf(text);
      expect([refusal.kind, refusal.code]).toEqual(['invalid', 'IMPORT.TOO_MANY_COLUMNS']);
      expect(refusal.fields).toEqual([{ path, code: 'TOO_MANY_COLUMNS', message: 'has more than 200 values' }]);
    }
  });

  it('still finds the quotation mark that is never closed in front of many lines', async () => {
    const refusal = await refusalOf(`familyName,birthDate\nA,"1\n${'B,2\n'.repeat(40_000)}`);
    expect([refusal.code, refusal.fields]).toMatchObject(['IMPORT.MALFORMED', [{ path: 'line 2' }]]);
  });

  it.each([
    ['long lines', `${'x'.repeat(60_000)},1\n`],
    ['short lines', `${'x'.repeat(400)},1\n`],
  ])('lets others go on beside a long file of %s', async (_, line) => {
    const text = `familyName,birthDate\n${line.repeat(Math.floor((4 * 1024 * 1024) / line.length))}`;
    let [turns, isDone] = [0, false];
    const others = (async () => {
      while (!isDone) {
        await new Promise((resolve) => setImmediate(resolve));
        turns += 1;
      }
    })();
    await readCsv(text, columns).finally(() => {
      isDone = true;
    });
    await others;
    // A turn for each piece of the file at least.
    expect(turns).toBeGreaterThan(text.length / 65_536);
  });

  it('refuses more lines than one import may have', async () => {
    const refusal = await refusalOf(`familyName,birthDate\n${'A,1\n'.repeat(50_001)}`);
    expect([refusal.kind, refusal.code]).toEqual(['too-large', 'IMPORT.TOO_MANY_LINES']);
  });

  it('marks the rows, and only the rows, that no import could take', async () => {
    const { rows } = await readCsv(
      `familyName,birthDate\nA,1,2\nB\nNUL\u0000,1\n${'x'.repeat(2_001)},1\nFine,1\n`,
      columns,
    );
    expect(rows.map(({ line, problems }) => [line, problems.map(({ path, code }) => `${path} ${code}`)])).toEqual([
      [2, ['line COLUMN_COUNT']],
      [3, ['line COLUMN_COUNT']],
      [4, ['familyName CONTROL_CHARACTER']],
      [5, ['familyName TOO_LONG']],
      [6, []],
    ]);
  });

  it.each([',', ';', '\t'])(
    'takes the delimiter that a line sep=%s before the header declares, and counts that line',
    async (delimiter) => {
      const text = ['familyName,birthDate', '"Mar;tin,",1980-01-02'].join('\r\n');
      const sent = delimiter === ',' ? text : text.replace(/,(?!")/g, delimiter);
      const { rows, delimiter: found } = await readCsv(`\ufeffsep=${delimiter}\r\n${sent}\r\n`, columns);
      expect(found).toBe(delimiter);
      expect(rows).toMatchObject([{ line: 3, raw: ['Mar;tin,', '1980-01-02'] }]);
    },
  );

  it('writes nothing that a spreadsheet would run, and reads it as it was', async () => {
    const values = [
      "=cmd|'/C calc'!A0",
      '+33639981234',
      '-1',
      '@SUM(A1)',
      '\tx',
      '\nx',
      "'=1",
      "''@x",
      "'t Hart",
      '＝1',
    ];
    const text = writeCsv([['familyName', 'birthDate'], ...values.map((value) => [value, 'x'])], ';');
    const cells = text
      .split('\r\n')
      .slice(1)
      .map((line) => line.replace(/^"/, ''));
    for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
    expect((await readCsv(text, columns)).rows.map(({ raw }) => raw[0])).toEqual(values);
  });

  it('reads what writeCsv wrote, whatever the values and the delimiter', async () => {
    const value = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/\p{C}/gu, ''));
    const awkward = fc.constantFrom(
      'a"b',
      'a,b',
      'a;b',
      'a\tb',
      'a\nb',
      '"',
      '""',
      'é',
      ' x ',
      "l'Haÿ",
      '=1+1',
      "'=1+1",
      "''+",
      '-',
      '@',
      '\tx',
      "'",
    );
    const row = fc.tuple(fc.oneof(value, awkward), fc.oneof(value, awkward)).filter((r) => r.some((v) => v.trim()));
    await fc.assert(
      fc.asyncProperty(fc.array(row), fc.constantFrom(',', ';', '\t'), async (rows, delimiter) => {
        const text = writeCsv([['familyName', 'birthDate'], ...rows], delimiter);
        const table = await readCsv(text, columns);
        expect(table.rows.map(({ raw }) => raw)).toEqual(rows);
      }),
    );
  });

  it('finds each row at the line where the text has it', async () => {
    const cell = fc.constantFrom('a', 'a\nb', 'a\r\nb', '"', '\n\nx');
    const blank = fc.constantFrom('', '\r\n', '\n\n');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(blank, cell, cell)), async (parts) => {
        let text = 'familyName,birthDate\n';
        const wanted: number[] = [];
        for (const [before, a, b] of parts) {
          text += before;
          wanted.push(text.replaceAll('\r\n', '\n').split('\n').length);
          text += writeCsv([[a, b]], ',');
        }
        expect((await readCsv(text, columns)).rows.map(({ line }) => line)).toEqual(wanted);
      }),
    );
  });
});
