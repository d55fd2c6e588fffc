import { InvalidInput } from '@cabinet/kit/errors';
import { describe, expect, it } from 'vitest';
import { readCsv } from './csv.js';
import { dayReader } from './day-reader.js';

/** What becomes of each day of a file. */
async function daysOf(delimiter: string, ...days: string[]): Promise<string[]> {
  const table = await readCsv(['name,born', ...days.map((day) => `x,${day}`)].join('\n').replaceAll(',', delimiter), {
    required: ['name', 'born'],
  });
  const dayOf = dayReader(table, 'born');
  return days.map((day) => {
    try {
      return dayOf(day);
    } catch (error) {
      return error instanceof InvalidInput ? (error.fields[0]?.code ?? '') : String(error);
    }
  });
}

describe('dayReader', () => {
  it('reads days as a French spreadsheet writes them', async () => {
    const wanted = ['1980-01-31', '1980-04-03', '2024-02-29', '1980-01-31'];
    expect(await daysOf(';', '31/01/1980', '3/4/1980', '29.02.2024', '1980-01-31')).toEqual(wanted);
  });

  it('lets the column tell that the day comes first', async () => {
    expect(await daysOf(',', '03/04/1980', '31/01/1980')).toEqual(['1980-04-03', '1980-01-31']);
  });

  it('refuses a day that could be another, and takes one that could not', async () => {
    expect(await daysOf(',', '03/04/1980', '05/05/1980')).toEqual(['AMBIGUOUS_DATE', '1980-05-05']);
    expect(await daysOf(';', '03/04/1980', '01/31/1980')).toEqual(['AMBIGUOUS_DATE', '01/31/1980']);
    expect(await daysOf(',', '31/01/1980', '01/31/1980', '03/04/1980')).toEqual([
      '1980-01-31',
      '01/31/1980',
      'AMBIGUOUS_DATE',
    ]);
  });

  it.each(['', '31/01/80', '1980/01/31', 'yesterday', '31/01/1980 10:00', '3101/1980'])(
    'leaves %j as it is',
    async (text) => {
      expect(await daysOf(';', text)).toEqual([text]);
    },
  );
});
