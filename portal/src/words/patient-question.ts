/** What is asked of the register of patients: everything given must fit. */
export interface PatientQuestion {
  q?: string;
  birthDate?: string;
  phone?: string;
}

const months = [
  ['janv', 'jan'],
  ['fevr', 'feb', 'fev'],
  ['mars', 'mar'],
  ['avri', 'apr', 'avr'],
  ['mai', 'may'],
  ['juin', 'june', 'jun'],
  ['juil', 'july', 'jul'],
  ['aout', 'aug', 'aou'],
  ['sept', 'sep'],
  ['octo', 'oct'],
  ['nove', 'nov'],
  ['dece', 'dec'],
];

const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

const monthOf = (word: string): number =>
  1 + months.findIndex((begins) => begins.some((begin) => plain(word).startsWith(begin)));

/** A year of two digits is the last that has come. */
function yearOf(digits: string, now: Date): number {
  if (digits.length === 4) return Number(digits);
  const year = Math.floor(now.getUTCFullYear() / 100) * 100 + Number(digits);
  return year > now.getUTCFullYear() ? year - 100 : year;
}

/** `1955-08-14`, of a day that there is. */
function dateOf(year: number, month: number, day: number): string | undefined {
  const at = new Date(Date.UTC(year, month - 1, day));
  const isThere = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return isThere && year > 1800 ? at.toISOString().slice(0, 10) : undefined;
}

/** How people here write a date, within other words: the day, the month, the year. */
const written: readonly [RegExp, (found: string[], now: Date) => string | undefined][] = [
  [/(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/, ([, y, m, d]) => dateOf(Number(y), Number(m), Number(d))],
  [
    /(?<![\d+])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?![\d/.-])/,
    ([, d, m, y = ''], now) => dateOf(yearOf(y, now), Number(m), Number(d)),
  ],
  [
    /(?<!\d)(\d{1,2})(?:er)?\.?\s+(\p{L}{3,9})\.?\s+(\d{4})(?!\d)/iu,
    ([, d, m = '', y]) => dateOf(Number(y), monthOf(m), Number(d)),
  ],
  [/^\s*(\d{2})\s?(\d{2})\s?((?:18|19|20)\d{2})\s*$/, ([, d, m, y]) => dateOf(Number(y), Number(m), Number(d))],
];

/**
 * The question behind what somebody typed: a birth date as it is written or said in French (`14/8/1955`, `14.08.55`,
 * `14 août 1955`, `14081955`), with a name or alone; a telephone number; all else are names.
 */
export function questionOf(words: string, now = new Date()): PatientQuestion {
  const text = words.trim();
  for (const [pattern, read] of written) {
    const found = pattern.exec(text);
    const birthDate = found && read([...found], now);
    if (!birthDate) continue;
    const q = text.replace(found[0], ' ').trim().replaceAll(/\s+/g, ' ');
    return { birthDate, ...(q && { q }) };
  }
  if (/^\+?[\d .()-]{6,}$/.test(text)) return { phone: text };
  return { q: text };
}
