import type { Role } from '@cabinet/kit/access/principal';

/** What somebody is to what they ask for. Which of these they are is said by the service that keeps it. */
export const relations = {
  self: 'it is about them',
  guardian: 'it is about a minor whose guardian they are',
  reader: 'they are the guardian, and what is medical of the minor is open to them still',
  carer: 'it is about an adult who chose them as carer',
  care: 'it is about somebody whom they treat',
  agenda: 'it is in their own agenda',
  delegate: 'it is of a practitioner who delegated it to them as secretary, by name or by the rule of the practice',
  locum: 'it is of a practitioner for whom they stand in',
  grant: 'it is about somebody who lets them in by name, until a day',
  breakGlass: 'they said that it is an emergency, and why',
  author: 'they wrote it',
  other: 'it is about somebody else, whoever that is',
  any: 'the role is enough, whoever it is about',
} as const;
export type Relation = keyof typeof relations;

/** The ways in which something leaves a service. */
export const channels = {
  rest: 'one, by its id',
  list: 'many, in pages',
  count: 'how many there are',
  search: 'those that a question finds',
  export: 'all of it, as a file',
  message: 'written to somebody',
  event: 'told to other services',
  calendar: 'shown in a calendar elsewhere',
  fhir: 'as FHIR resources',
  analytics: 'as figures',
} as const;
export type Channel = keyof typeof channels;

/** Why somebody may, each with its code in HL7 v3 PurposeOfUse. */
export const purposes = {
  patientRequest: 'PATRQT',
  familyRequest: 'FAMRQT',
  treatment: 'TREAT',
  emergency: 'ETREAT',
  patientAdministration: 'PATADMIN',
  practiceOperations: 'HOPERAT',
  systemAdministration: 'HSYSADMIN',
} as const;
export type Purpose = keyof typeof purposes;

/** `secretary any`: in which role, and what somebody has to be to it besides. */
export type Who = `${Role} ${Relation}`;

/** Names of groups of properties. */
export type Groups = 'all' | readonly string[];

/** Lets somebody do something; what no rule lets is denied. */
export interface Rule {
  who: readonly Who[];
  /** Left out: one, by its id. */
  on?: readonly Channel[];
  /** What of the answer they see. */
  sees: Groups;
  /** What they may change of it; left out: nothing. */
  sets?: Groups;
  purpose: Purpose;
}

export interface Resource {
  about: string;
  /** Every property that an answer about it has at all, in groups that are seen together. */
  properties: Readonly<Record<string, readonly string[]>>;
  actions: Readonly<Record<string, readonly Rule[]>>;
  /** Actions that give somebody a way in which outlives a sign-in: nobody does them by a client that acts in their name. */
  notByClients?: readonly string[];
  /**
   * Roles of whom guardians do not learn that they saw or changed it, or tried to: who looks at a minor may tell of a visit that is
   * kept from them.
   */
  unseenByGuardians?: readonly Role[];
  /**
   * True where guardians do not learn which practitioner a list was for that was refused: it shows nothing which is not kept from
   * them, as a list that is empty.
   */
  refusedListsUnseenByGuardians?: true;
  /** Groups of properties that a guardian does not see, in whichever role they come. */
  hiddenFromGuardians?: readonly string[];
}

export type Resources = Readonly<Record<string, Resource>>;
