import { invalidField, Unavailable } from '@cabinet/kit/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv, writeCsv } from './csv.js';
import { importLines, type LineOutcome } from './import-lines.js';

const columns = { required: ['name', 'age'] };

const parse = (cells: Record<string, string>) => {
  if (!/^\d+$/.test(cells.age ?? '')) throw invalidField('age', 'NOT_A_NUMBER', 'must be a number');
  return { name: cells.name ?? '', age: Number(cells.age) };
};

/** Keeps names, each once. */
function shelf() {
  const names = new Set<string>();
  const batches: number[] = [];
  const store = async (values: { name: string }[]): Promise<LineOutcome[]> => {
    batches.push(values.length);
    return values.map(({ name }): LineOutcome => {
      if (name === 'taken') {
        return { kind: 'refused', fields: [{ path: 'name', code: 'TAKEN', message: 'is taken' }] };
      }
      if (names.has(name)) return { kind: 'unchanged' };
      names.add(name);
      return {
        kind: 'created',
        warnings: name === 'odd' ? [{ path: 'name', code: 'ODD', message: 'is odd' }] : [],
      };
    });
  };
  return { names, batches, store };
}

describe('importLines', () => {
  it('keeps the good lines, and says of each bad one which line and field it is and why', async () => {
    const { names, batches, store } = shelf();
    const table = await readCsv('name;age\nanna;4\nbruno;x\nodd;5\nanna;4\ntaken;6\ncarla;7;8\n', columns);
    const report = await importLines(table, { parse, store, dryRun: false, batchSize: 2 });
    expect(report).toEqual({
      dryRun: false,
      lines: { total: 6, created: 2, unchanged: 1, refused: 3 },
      refused: [
        { line: 3, field: 'age', code: 'NOT_A_NUMBER', reason: 'must be a number' },
        { line: 6, field: 'name', code: 'TAKEN', reason: 'is taken' },
        { line: 7, field: 'line', code: 'COLUMN_COUNT', reason: 'has 3 values, the header has 2' },
      ],
      warnings: [{ line: 4, field: 'name', code: 'ODD', message: 'is odd' }],
      refusedCsv:
        '\ufeffname;age;problem\r\nbruno;x;age: must be a number\r\ntaken;6;name: is taken\r\ncarla;7;line: has 3 values, the header has 2;8\r\n',
    });
    expect([...names]).toEqual(['anna', 'odd']);
    expect(batches).toEqual([1, 2, 1]);
  });

  it('reports what was taken before an outage, and gives back the lines that were not tried', async () => {
    const { names, store } = shelf();
    let isAway = false;
    const until: typeof store = async (values) => {
      if (isAway) throw new Unavailable('NEIGHBOUR.UNAVAILABLE', 'away');
      isAway = true;
      return store(values);
    };
    const table = await readCsv('name,age\nanna,4\nbruno,x\ncarla,5\ndora,6\n', columns);
    const steps = { parse, store: until, dryRun: false, batchSize: 2 };
    const report = await importLines(table, steps);
    expect(report.lines).toEqual({ total: 4, created: 1, unchanged: 0, refused: 3 });
    expect(report.refused.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '3 NOT_A_NUMBER',
      '4 NEIGHBOUR.UNAVAILABLE',
      '5 NEIGHBOUR.UNAVAILABLE',
    ]);
    expect(names).toEqual(new Set(['anna']));
    await expect(importLines(table, steps)).rejects.toBeInstanceOf(Unavailable);
  });

  it('takes the refused lines once they are corrected, their problem column ignored', async () => {
    const { names, store } = shelf();
    const table = await readCsv('age,name\nx,"Bruno, the second"\n', columns);
    const { refusedCsv } = await importLines(table, { parse, store, dryRun: false });
    const corrected = await readCsv(refusedCsv.replace('x,', '4,'), columns);
    const report = await importLines(corrected, { parse, store, dryRun: false });
    expect(report).toMatchObject({ lines: { total: 1, created: 1 }, refusedCsv: '' });
    expect([...names]).toEqual(['Bruno, the second']);
  });

  it('gives the same file of refused lines when it comes back uncorrected', async () => {
    const { store } = shelf();
    const first = await importLines(await readCsv('age,name\nx,a\n1,b,c\n', columns), { parse, store, dryRun: true });
    const again = await importLines(await readCsv(first.refusedCsv, columns), { parse, store, dryRun: true });
    expect(again.lines.refused).toBe(2);
    expect(again.refusedCsv).toContain('x,a,age: must be a number');
  });

  it('gives the same report and the same file of refused lines for that file, whatever stands in it', async () => {
    const { store } = shelf();
    const refuse = {
      parse: () => {
        throw invalidField('age', 'NO', 'is none');
      },
      store,
      dryRun: true,
    };
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('=1', "'=1", '"', 'a;b', '+3', ' x ', '\n-', "'"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(value, value), { minLength: 1 }), async (rows) => {
        const sent = await readCsv(writeCsv([['name', 'age'], ...rows], ';'), columns);
        const first = await importLines(sent, refuse);
        const again = await importLines(await readCsv(first.refusedCsv || 'name;age', columns), refuse);
        expect(again.refusedCsv).toBe(first.refusedCsv);
        expect(again.lines).toEqual(first.lines);
      }),
    );
  });

  it('names all that is wrong with a line, in what form and in what it means', async () => {
    const { store } = shelf();
    const table = await readCsv('name;age\nN\u0000L;x\n', columns);
    const { refused } = await importLines(table, { parse, store, dryRun: true });
    expect(refused.map(({ field, code }) => `${field} ${code}`)).toEqual([
      'name CONTROL_CHARACTER',
      'age NOT_A_NUMBER',
    ]);
  });
});
