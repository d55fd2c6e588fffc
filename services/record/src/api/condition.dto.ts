import type { ConditionClinicalStatus, ConditionVerificationStatus } from '../domain/contents.js';
import type { ConceptDto, EntryMeta, InEmergency, Keepable, PartialDate, Reason, Words } from './common.dto.js';

/** FHIR R4 Condition. */
export interface ConditionRequest extends Keepable {
  code: ConceptDto;
  clinicalStatus: ConditionClinicalStatus;
  /** `entered-in-error` takes the entry out of the list; its history stays. */
  verificationStatus: ConditionVerificationStatus;
  severity?: 'mild' | 'moderate' | 'severe';
  onset?: PartialDate;
  /** Needs a clinical status that is no longer active. */
  abatement?: PartialDate;
  note?: Words;
}

/** The whole content as it is to be from now on, and why. */
export interface ConditionAmendment extends ConditionRequest {
  amendmentReason: Reason;
}

export interface ConditionResponse extends ConditionRequest, EntryMeta {}

export interface ConditionList extends InEmergency {
  /** The newest first. */
  items: ConditionResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

/** Everything an entry ever said. */
export interface ConditionVersions extends InEmergency {
  /** The newest first. */
  items: ConditionResponse[];
}
