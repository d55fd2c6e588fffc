/**
 * A UUID (RFC 9562).
 * @pattern ^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$
 * @example "019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11"
 */
export type Uuid = string;

/**
 * A time with offset (RFC 3339).
 * @maxLength 40
 * @example "2026-11-23T08:30:00.000Z"
 */
export type Instant = string;

/**
 * How sure it is that it is of the patient, and not of somebody else who used the device.
 * @example "sure"
 */
export type CertaintyOfOwner = 'sure' | 'likely' | 'doubtful';

/**
 * LOINC, of a measure that is kept here.
 * @maxLength 20
 * @example "8867-4"
 */
export type LoincCode = string;
