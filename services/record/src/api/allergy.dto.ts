import type {
  AllergyCategory,
  AllergyClinicalStatus,
  AllergyType,
  AllergyVerificationStatus,
  Criticality,
} from '../domain/contents.js';
import type {
  AuthorResponse,
  ConceptDto,
  EntryMeta,
  InEmergency,
  Instant,
  Keepable,
  PartialDate,
  Reason,
  Words,
} from './common.dto.js';

export interface ReactionDto {
  /**
   * What was seen, one after the other.
   * @minItems 1
   * @maxItems 10
   * @example ["Hives"]
   */
  manifestation: Manifestation[];
  severity?: 'mild' | 'moderate' | 'severe';
  onset?: PartialDate;
}

/**
 * @minLength 1
 * @maxLength 200
 */
type Manifestation = string;

/** FHIR R4 AllergyIntolerance. */
export interface AllergyRequest extends Keepable {
  /** The substance, or the allergy to it. */
  code: ConceptDto;
  clinicalStatus: AllergyClinicalStatus;
  /** `entered-in-error` takes the entry out of the list; its history stays. */
  verificationStatus: AllergyVerificationStatus;
  type?: AllergyType;
  category?: AllergyCategory;
  criticality?: Criticality;
  onset?: PartialDate;
  /** @maxItems 20 */
  reactions?: ReactionDto[];
  note?: Words;
}

/** The whole content as it is to be from now on, and why. */
export interface AllergyAmendment extends AllergyRequest {
  amendmentReason: Reason;
}

export interface AllergyResponse extends AllergyRequest, EntryMeta {}

/** That somebody asked and no allergy is known. */
export interface StatementResponse {
  /** Grows when it is confirmed. */
  version: number;
  /** Who stated or confirmed it last. */
  author: AuthorResponse;
  /** When it was stated or confirmed last. */
  at: Instant;
}

/** Never an empty list without a word: `state` says what an absence of items means. */
export interface AllergyList extends InEmergency {
  /**
   * - `unknown`: nobody has recorded anything; do not read it as "none"
   * - `none-known`: somebody asked and none is known; see `statement`
   * - `listed`: see `items`
   */
  state: 'unknown' | 'none-known' | 'listed';
  /** With `none-known` only. */
  statement?: StatementResponse;
  /** All of them: the list is never cut into pages. */
  items: AllergyResponse[];
}

/** Everything an entry ever said. */
export interface AllergyVersions extends InEmergency {
  /** The newest first. */
  items: AllergyResponse[];
}

export interface WithdrawalRequest {
  amendmentReason: Reason;
}
