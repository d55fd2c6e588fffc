/** An instant as milliseconds since the epoch. */
export const ms = (instant: string): string => `round(date_part('epoch', ${instant}) * 1000)`;

/** Statuses in which an appointment blocks its time; as in the constraints, whose indexes answer what is taken. */
export const blocksTime = `status in ('pending', 'booked', 'arrived', 'fulfilled')`;

/** The same at a given time, its one parameter: without the holds that have expired by then. */
export const blocksTimeAt = `${blocksTime} and (held_until is null or held_until > ?)`;

/** An array as PostgreSQL writes it, of what has neither quotes nor commas. */
export const arrayOf = (items: readonly (string | number)[]): string => `{${items.join(',')}}`;
