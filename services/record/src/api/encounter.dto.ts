import type { EncounterClass, EncounterStatus } from '../domain/contents.js';
import type { EntryMeta, InEmergency, Instant, Keepable, Reason, Uuid, Words } from './common.dto.js';

export interface PeriodDto {
  start: Instant;
  end?: Instant;
}

/** FHIR R4 Encounter. */
export interface EncounterRequest extends Keepable {
  /** `finished` needs the end of the period; `entered-in-error` takes the entry out of the list. */
  status: EncounterStatus;
  /** HL7 v3 ActCode: ambulatory, virtual, home, emergency, inpatient. */
  class: EncounterClass;
  period: PeriodDto;
  reason?: Words;
}

/** The whole content as it is to be from now on, and why. */
export interface EncounterAmendment extends EncounterRequest {
  amendmentReason: Reason;
}

export interface EncounterResponse extends EncounterRequest, EntryMeta {
  practitionerId: Uuid;
  /** The appointment it came of, if any. */
  appointmentId?: Uuid;
}

export interface EncounterList extends InEmergency {
  /** The newest first. */
  items: EncounterResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

/** Everything an entry ever said. */
export interface EncounterVersions extends InEmergency {
  /** The newest first. */
  items: EncounterResponse[];
}
