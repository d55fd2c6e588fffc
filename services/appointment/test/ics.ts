import { type IcsOptions, readIcs } from '../src/data/calendars/ics/read-ics.js';

/** The year that is read when a test names no other. */
export const window = { start: Date.parse('2026-11-01T00:00:00Z'), end: Date.parse('2027-11-01T00:00:00Z') };
export const calendar = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test', ...lines, 'END:VCALENDAR', ''].join('\r\n');
export const event = (...lines: string[]) => ['BEGIN:VEVENT', 'UID:one@example', ...lines, 'END:VEVENT'].join('\r\n');
export const utc = (ms: number) => new Date(ms).toISOString().replace('.000', '');

export const read = (text: string, options: Partial<IcsOptions> = {}) => {
  const { busy, problems } = readIcs(text, { window, zone: 'Europe/Paris', ...options });
  return { busy: busy.map(({ start, end }) => `${utc(start)}/${utc(end)}`), problems };
};
export const starts = (text: string, options: Partial<IcsOptions> = {}) =>
  read(text, options).busy.map((each) => each.slice(0, 20));

export const nine = 'DTSTART;TZID=Europe/Paris:20261123T090000';
export const half = ['2026-11-23T08:00:00Z/2026-11-23T08:30:00Z'];
