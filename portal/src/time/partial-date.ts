import { dateInWords, formatIn } from './zone.ts';

/**
 * A date as exact as it is known, as the API has it (YYYY, YYYY-MM or YYYY-MM-DD): what somebody typed in that form, or as
 * 31/05/2019 or 05/2019. Anything else is given back as it was typed, for the service to refuse.
 */
export function partialDate(typed: string): string {
  const text = typed.trim();
  const [, day, month, year] = /^(?:(\d{1,2})[/. ])?(\d{1,2})[/. ](\d{4})$/.exec(text) ?? [];
  if (!year) return text;
  return [year, month, day].flatMap((part) => part?.padStart(2, '0') ?? []).join('-');
}

/** `31 May 2019`, `May 2019` or `2019`; what is no such date as it is. */
export function partialDateInWords(date: string, language: string): string {
  const day = date.padEnd(10, '-01');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)) || date.length === 4) return date;
  if (date.length === 10) return dateInWords(date, language, 'medium');
  return formatIn(language, { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(new Date(day));
}
