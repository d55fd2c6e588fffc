import type { SomeThing } from '../domain/some-thing.js';

/**
 * A UUID (RFC 9562).
 * @pattern ^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$
 * @example "019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11"
 */
export type Uuid = string;

/**
 * A time with offset (RFC 3339).
 * @example "2026-11-23T08:30:00.000Z"
 */
export type Instant = string;

/**
 * What it says, for people.
 * @minLength 1
 * @maxLength 500
 * @example "Douleur à l'épaule depuis mardi"
 */
export type Text = string;

export interface SomeThingRequest {
  patientId: Uuid;
  text: Text;
}

export interface SomeThingReplacement {
  text: Text;
}

export interface SomeThingResponse {
  id: Uuid;
  /**
   * Grows with every change; also the ETag.
   * @isInt
   * @example 1
   */
  version: number;
  patientId: Uuid;
  text: Text;
  createdAt: Instant;
  updatedAt: Instant;
}

export interface SomeThingList {
  items: SomeThingResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

export const toSomeThingResponse = ({ createdAt, updatedAt, ...someThing }: SomeThing): SomeThingResponse => ({
  ...someThing,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
