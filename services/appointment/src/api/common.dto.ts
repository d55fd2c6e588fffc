/**
 * A UUID (RFC 9562).
 * @pattern ^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$
 * @example "019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11"
 */
export type Uuid = string;

/**
 * A time with offset (RFC 3339).
 * @maxLength 40
 * @example "2026-11-23T09:30:00+01:00"
 */
export type Instant = string;

/**
 * A time with offset (RFC 3339), or a date, which is that whole day on the calendar of the place.
 * @maxLength 40
 * @example "2026-11-23"
 */
export type InstantOrDate = string;

/**
 * A time of day on the clock of the place; `24:00` is the end of the day.
 * @pattern ^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$
 * @example "09:00"
 */
export type TimeOfDay = string;

/**
 * A date on the calendar of the place.
 * @pattern ^\d{4}-\d{2}-\d{2}$
 * @example "2026-12-24"
 */
export type LocalDate = string;

/**
 * Why, in a few words.
 * @minLength 1
 * @maxLength 500
 */
export type Reason = string;
