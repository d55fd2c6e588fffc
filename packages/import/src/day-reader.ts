import { invalidField } from '@cabinet/kit/errors';
import type { CsvTable } from './csv.js';

const spreadsheetDay = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/;

/**
 * Reads the days of a column as spreadsheets write them, `31/01/1980`, into `1980-01-31`; every other text stays as it is.
 * Whether the day or the month comes first, the column as a whole tells, or else the semicolons of a spreadsheet whose
 * language has the day first.
 * @throws InvalidInput (422) naming the column for a day that could be another one
 */
export function dayReader({ rows, delimiter }: CsvTable, column: string): (text: string) => string {
  const days = rows.map(({ cells }) => partsOf(cells[column])).filter((parts) => parts !== undefined);
  const hasMonthFirst = days.some(({ first, second }) => first <= 12 && second > 12);
  const hasDayFirst = days.some(({ first, second }) => first > 12 && second <= 12);
  const isDayFirst = !hasMonthFirst && (hasDayFirst || delimiter === ';');
  return (text) => {
    const parts = partsOf(text);
    if (!parts || parts.second > 12) return text;
    const { first, second, year } = parts;
    if (first <= 12 && first !== second && !isDayFirst) {
      throw invalidField(column, 'AMBIGUOUS_DATE', 'may have the day or the month in front; write it as YYYY-MM-DD');
    }
    return [year, second, first].map((part) => String(part).padStart(2, '0')).join('-');
  };
}

function partsOf(text = '') {
  const [, first, second, year] = spreadsheetDay.exec(text) ?? [];
  return year ? { first: Number(first), second: Number(second), year } : undefined;
}
