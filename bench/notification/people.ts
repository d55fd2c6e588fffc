/** Everybody and every visit has a number, and follows from it: nothing of 50,000 of them has to be kept by who answers for them. */
const idOf = (group: string, n: number): string => `01900000-0000-7000-${group}-${n.toString(16).padStart(12, '0')}`;

export const visitId = (n: number): string => idOf('9000', n);
/** Whose visit it is. */
export const patientId = (n: number): string => idOf('a000', n);
export const numberOf = (id: string): number => Number.parseInt(id.slice(-12), 16);

/** The same in SQL, of the number `n`. */
export const sqlId = (group: '9000' | 'a000' | 'b000' | 'c000', n = 'n'): string =>
  `('01900000-0000-7000-${group}-' || lpad(to_hex((${n})::bigint), 12, '0'))::uuid`;

export const practitionerId = '01900000-0000-7000-8000-000000000001';
export const placeId = '01900000-0000-7000-8000-000000000002';
export const appointmentTypeId = '01900000-0000-7000-8000-000000000003';

const hour = 3_600_000;
const day = 24 * hour;
const days = 40;

/** A day on which no reminder is due yet: that on which the visits begin. */
export const firstDayFrom = (now: number): number => (Math.floor(now / day) + 40) * day;

export const startOf = (n: number, firstDay: number): Date =>
  new Date(firstDay + (n % days) * day + (8 + (n % 10)) * hour);
/** The same in SQL, where `$1` is the first day. */
export const sqlStart = `$1::timestamptz + (n % ${days}) * interval '1 day' + (8 + n % 10) * interval '1 hour'`;

/** One in a hundred has an address that is none by now. */
export const isRefused = (n: number): boolean => n % 100 === 0;
export const refusedPiece = '<gone-';
export const addressOf = (n: number): string => `${isRefused(n) ? 'gone' : 'claire'}-${n}@patients.example`;
