/** An instant as milliseconds since the epoch. */
export const ms = (instant: string): string => `round(date_part('epoch', ${instant}) * 1000)`;

/** An array as PostgreSQL writes it, of what has neither quotes nor commas. */
export const arrayOf = (items: readonly (string | number)[]): string => `{${items.join(',')}}`;

/** A time as a database gives it in milliseconds. */
export const dateOf = (milliseconds: string | number): Date => new Date(Number(milliseconds));
export const dateOrNone = (milliseconds: string | number | null): Date | undefined =>
  milliseconds === null ? undefined : dateOf(milliseconds);
