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
 * Why somebody does it, for those who read it later.
 * @minLength 10
 * @maxLength 500
 * @example "Away from home with no network until Sunday"
 */
export type Reason = string;

/**
 * How urgent: low, medium or high.
 * @example "high"
 */
export type PriorityDto = 'low' | 'medium' | 'high';

export const instant = (at: Date): Instant => at.toISOString();
export const instantOrNone = (at: Date | undefined): Instant | undefined => at?.toISOString();
