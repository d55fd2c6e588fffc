/** What the patient service says of a patient. */
export interface PatientFacts {
  id: string;
  active: boolean;
  /** The patient this one turned out to be. */
  mergedInto?: string;
}

/** A business identifier, as FHIR has it: `{ system: 'urn:oid:1.2.250.1.213.1.4.8', value: '2550814168025' }`. */
export interface Identifier {
  system: string;
  value: string;
}

/** What the practitioner service says of a practitioner. */
export interface PractitionerFacts {
  id: string;
  active: boolean;
  places: { id: string; zone: string }[];
  appointmentTypes: { id: string; name: string; minutes: number }[];
}

/** Questions to other services. Answers are at most five seconds old; undefined means: there is no such one. */
export interface Neighbours {
  /** @throws Unavailable (503) when the patient service cannot be asked */
  patient(id: string): Promise<PatientFacts | undefined>;
  /**
   * Asked anew each time.
   * @throws Unavailable (503) when the patient service cannot be asked
   */
  hasDied(patientId: string): Promise<boolean>;
  /**
   * Whether a practitioner receives; asked anew each time.
   * @throws Unavailable (503) when the practitioner service cannot be asked
   */
  isInUse(practitionerId: string): Promise<boolean>;
  /** @throws Unavailable (503) when the practitioner service cannot be asked */
  practitioner(id: string): Promise<PractitionerFacts | undefined>;
  /**
   * As `FAMILY NAME Given names`; undefined for a patient who is unknown, or whose data has been erased.
   * @throws Unavailable (503) when the patient service cannot be asked
   */
  patientName(id: string): Promise<string | undefined>;
  /**
   * All who receive; of one speciality, by the beginnings of words of its name or its code, if one is given.
   * @throws Unavailable (503) when the practitioner service cannot be asked, NeighbourRefused when it is no speciality
   */
  receivingPractitioners(speciality?: string): Promise<PractitionerFacts[]>;
  /**
   * Those of the identifiers that belong to a patient, each with the patient.
   * @throws Unavailable (503) when the patient service cannot be asked, NeighbourRefused naming those that can be none
   */
  patientsByIdentifier(identifiers: Identifier[]): Promise<(Identifier & { patient: PatientFacts })[]>;
  /** @throws Unavailable (503) when the practitioner service cannot be asked, NeighbourRefused when it is no number */
  practitionerByRpps(rpps: string): Promise<PractitionerFacts | undefined>;
}
