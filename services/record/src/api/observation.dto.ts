import type { ConceptDto, EntryMeta, InEmergency, Instant, Keepable, Reason, Uuid, Words } from './common.dto.js';

/** A reading of wearable, as it is shown in a curve. */
export interface ObservationRequest extends Keepable {
  readingId: Uuid;
  /**
   * LOINC.
   * @maxLength 20
   * @example "8867-4"
   */
  code: string;
  /** When it was so: the reading's own time. */
  effectiveAt: Instant;
  note?: Words;
}

/** What was measured stays; what is said of it may change. */
export interface ObservationAmendment extends Keepable {
  /** `entered-in-error` takes the entry out of the list; its history stays. */
  status: 'final' | 'entered-in-error';
  note?: Words;
  amendmentReason: Reason;
}

/** FHIR R4 Observation. */
export interface ObservationResponse extends EntryMeta, Keepable {
  status: 'final' | 'entered-in-error';
  code: ConceptDto;
  /** @example 132 */
  value: number;
  /** UCUM.
   * @example "mm[Hg]" */
  unit: string;
  effectiveAt: Instant;
  /** What it was derived from. */
  readingId: Uuid;
  deviceId?: Uuid;
  /** How sure it was, when it was accepted, that the reading is of this patient. */
  certainty: 'sure' | 'likely' | 'doubtful';
  /** What was known of the reading then, such as `typed` or `implausible`. */
  flags: string[];
  note?: Words;
}

export interface ObservationList extends InEmergency {
  /** The newest first. */
  items: ObservationResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

/** Everything an entry ever said. */
export interface ObservationVersions extends InEmergency {
  /** The newest first. */
  items: ObservationResponse[];
}
