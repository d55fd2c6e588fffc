import type { ImportProgress } from '../domain/file-import.js';
import type { Instant, Uuid } from './common.dto.js';

/**
 * What the file is.
 * @example "apple-health"
 */
export type FileFormat =
  | 'apple-health'
  | 'csv'
  | 'dexcom'
  | 'fhir'
  | 'fitbit'
  | 'garmin-fit'
  | 'health-connect'
  | 'open-mhealth'
  | 'oura'
  | 'withings';

export interface ImportRequest {
  patientId: Uuid;
  format: FileFormat;
  /**
   * IANA; in which times are that come without an offset. Europe/Paris when it is left out.
   * @maxLength 64
   * @example "Europe/Paris"
   */
  zone?: string;
  /**
   * The size of the file, so that it can be said how far it has been read.
   * @isInt
   * @minimum 0
   * @maximum 1000000000000
   * @example 1073741824
   */
  bytes?: number;
}

export interface ImportedType {
  /** LOINC; empty of what has none that is kept here.
   * @example "8867-4" */
  code: string;
  /** @isInt
   * @example 51022 */
  stored: number;
  /** @isInt
   * @example 0 */
  known: number;
  /** @isInt
   * @example 0 */
  corrected: number;
  /** @isInt
   * @example 3 */
  refused: number;
}

export interface LeftOutType {
  /** By the source's own name.
   * @example "HKQuantityTypeIdentifierFlightsClimbed" */
  type: string;
  /** @isInt
   * @example 4211 */
  count: number;
}

export interface RefusedReading {
  /** @example "value" */
  path: string;
  /** @example "NOT_A_NUMBER" */
  code: string;
  /** @example "must be a number of at most 10000000" */
  message: string;
  /** LOINC, where it is known.
   * @example "8867-4" */
  reading?: string;
}

export interface ImportResponse {
  id: Uuid;
  patientId: Uuid;
  format: FileFormat;
  /** @example "Europe/Paris" */
  zone: string;
  /** @isInt
   * @example 1073741824 */
  bytes?: number;
  /** How many bytes have been read: where the next part begins.
   * @isInt
   * @example 4194304 */
  offset: number;
  startedAt: Instant;
  changedAt: Instant;
  endedAt?: Instant;
  types: ImportedType[];
  /** What is in the file and not kept here. */
  leftOut: LeftOutType[];
  /** The first hundred reasons for which readings were refused. */
  refusals: RefusedReading[];
}

export const toImportResponse = ({ report, read, ...file }: ImportProgress): ImportResponse => ({
  id: file.id,
  patientId: file.patientId,
  format: file.format,
  zone: file.zone,
  bytes: file.bytes,
  offset: read,
  startedAt: file.startedAt.toISOString(),
  changedAt: file.changedAt.toISOString(),
  endedAt: file.endedAt?.toISOString(),
  ...report,
});
