import { dateInWords } from './zone.ts';

/** A date as exact as it is known (YYYY, YYYY-MM or YYYY-MM-DD): `31 May 2019`, `May 2019` or `2019`. */
export function partialDateInWords(date: string, language: string): string {
  if (date.length === 4) return date;
  if (date.length === 10) return dateInWords(date, language, 'medium');
  return new Intl.DateTimeFormat(language, { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(
    new Date(`${date}-01T00:00:00Z`),
  );
}
