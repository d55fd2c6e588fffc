/**
 * A UUID (RFC 9562).
 * @pattern ^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$
 * @example "019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11"
 */
export type Uuid = string;

/**
 * A time with offset (RFC 3339).
 * @maxLength 40
 * @example "2026-12-08T08:30:00.000Z"
 */
export type Instant = string;

/**
 * A day that exists, as YYYY-MM-DD.
 * @pattern ^\d{4}-\d{2}-\d{2}$
 * @example "2026-12-08"
 */
export type CalendarDate = string;

/** By what something leaves; `log` sends nothing, as in a demonstration. */
export type ChannelDto = 'email' | 'sms' | 'push' | 'webhook' | 'log';

/** The channels that people choose from. */
export type ChosenChannelDto = 'email' | 'sms' | 'push';

export type LanguageDto = 'fr' | 'en';
