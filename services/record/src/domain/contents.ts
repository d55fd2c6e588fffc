// Words are FHIR R4's: https://hl7.org/fhir/R4/allergyintolerance.html, condition.html, encounter.html.

/** A term, at least as the words used; with a code of a terminology when one was chosen. */
export interface Concept {
  text: string;
  coding?: Coding[];
}

export interface Coding {
  system: string;
  code: string;
  display?: string;
}

export type AllergyClinicalStatus = 'active' | 'inactive' | 'resolved';
export type AllergyVerificationStatus = 'unconfirmed' | 'confirmed' | 'refuted' | 'entered-in-error';
export type AllergyType = 'allergy' | 'intolerance';
export type AllergyCategory = 'food' | 'medication' | 'environment' | 'biologic';
export type Criticality = 'low' | 'high' | 'unable-to-assess';

export interface Reaction {
  manifestation: string[];
  severity?: 'mild' | 'moderate' | 'severe';
  /** A date, as exact as it is known: 2010, 2010-05 or 2010-05-31. */
  onset?: string;
}

export interface Allergy {
  code: Concept;
  clinicalStatus: AllergyClinicalStatus;
  verificationStatus: AllergyVerificationStatus;
  type?: AllergyType;
  category?: AllergyCategory;
  criticality?: Criticality;
  /** A date, as exact as it is known: 2010, 2010-05 or 2010-05-31. */
  onset?: string;
  reactions?: Reaction[];
  note?: string;
}

export type ConditionClinicalStatus = 'active' | 'recurrence' | 'relapse' | 'inactive' | 'remission' | 'resolved';
export type ConditionVerificationStatus =
  | 'unconfirmed'
  | 'provisional'
  | 'differential'
  | 'confirmed'
  | 'refuted'
  | 'entered-in-error';

export interface Condition {
  code: Concept;
  clinicalStatus: ConditionClinicalStatus;
  verificationStatus: ConditionVerificationStatus;
  severity?: 'mild' | 'moderate' | 'severe';
  /** A date, as exact as it is known: 2010, 2010-05 or 2010-05-31. */
  onset?: string;
  /** A date, as exact as it is known: 2010, 2010-05 or 2010-05-31. */
  abatement?: string;
  note?: string;
}

export type EncounterStatus =
  | 'planned'
  | 'arrived'
  | 'triaged'
  | 'in-progress'
  | 'onleave'
  | 'finished'
  | 'cancelled'
  | 'entered-in-error';

/** HL7 v3 ActCode: ambulatory, virtual, home, emergency, inpatient. */
export type EncounterClass = 'AMB' | 'VR' | 'HH' | 'EMER' | 'IMP';

export interface Encounter {
  status: EncounterStatus;
  class: EncounterClass;
  /** `start` and `end` are times with offset. */
  period: { start: string; end?: string };
  practitionerId: string;
  /** The appointment it came of; given by the appointment's events only. */
  appointmentId?: string;
  reason?: string;
}

export interface Note {
  status: 'current' | 'entered-in-error';
  text: string;
}

/** What a device measured at home, as a practitioner took it over: FHIR R4 Observation. */
export interface Observation {
  status: 'final' | 'entered-in-error';
  /** LOINC. */
  code: Concept;
  /** In `unit`, UCUM. */
  value: number;
  unit: string;
  /** A time with offset. */
  effectiveAt: string;
  /** The reading of wearable that it was derived from. */
  readingId: string;
  deviceId?: string;
  /** What was known of the reading then. */
  certainty: 'sure' | 'likely' | 'doubtful';
  flags: string[];
  note?: string;
}

/** The recorded fact that somebody asked and no allergy is known: not the same as an empty list. */
export interface NoKnownAllergies {
  status: 'stated' | 'withdrawn';
}

export interface Contents {
  allergy: Allergy;
  condition: Condition;
  encounter: Encounter;
  note: Note;
  observation: Observation;
  'no-known-allergies': NoKnownAllergies;
}

export type EntryKind = keyof Contents;
/** Kinds that people list, add and amend. */
export type ListedKind = Exclude<EntryKind, 'no-known-allergies'>;

/** Such an entry is kept for the history and counts for nothing else. */
export function isEnteredInError(content: Contents[EntryKind]): boolean {
  if ('verificationStatus' in content) return content.verificationStatus === 'entered-in-error';
  return content.status === 'entered-in-error';
}
