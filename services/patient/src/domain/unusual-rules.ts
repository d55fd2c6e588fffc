import type { Address } from '@cabinet/people/address';
import { foldName } from '@cabinet/people/names';
import type { PracticeHours } from './practice-hours.js';

/** As much of somebody as tells who may be close to them; nothing of it leaves this service. */
export interface Person {
  familyName: string;
  birthName?: string;
  address?: Address;
}

/** That somebody of the practice saw or changed data of one patient. */
export interface Look {
  at: Date;
  /** As far as they are known here: as a patient, or by the directory of practitioners. */
  by?: Person;
  patient: Person & { worksHere: boolean; isOfPublicInterest: boolean };
}

type Severity = 'high' | 'low';

interface Rule {
  /** `high`: always reviewed; `low`: by sample. */
  severity: Severity;
  /** What a reviewer is told. */
  text: string;
  applies(look: Look, hours: PracticeHours): boolean;
}

/** What makes a look at one patient unusual, whatever it was for. */
const lookRules = {
  colleague: {
    severity: 'high',
    text: 'The patient works in the practice',
    applies: ({ patient }) => patient.worksHere,
  },
  'public-interest': {
    severity: 'high',
    text: 'The patient is marked as of public interest',
    applies: ({ patient }) => patient.isOfPublicInterest,
  },
  'same-name': {
    severity: 'low',
    text: 'The patient has the family name of who looked',
    applies: ({ by, patient }) => by !== undefined && haveCommon(familyNamesOf(by), familyNamesOf(patient)),
  },
  'same-street': {
    severity: 'low',
    text: 'The patient lives in the street of who looked',
    applies: ({ by, patient }) => by !== undefined && haveCommon(streetsOf(by), streetsOf(patient)),
  },
  'outside-hours': {
    severity: 'low',
    text: 'It was outside the hours of the practice',
    applies: ({ at }, hours) => !hours.isOpen(at),
  },
} as const satisfies Record<string, Rule>;

/** And of many looks together. */
const manyPatients = {
  severity: 'high',
  text: 'Many more patients within an hour than this person usually sees',
} as const;

export type Reason = keyof typeof lookRules | 'many-patients';

const allRules: Record<Reason, Pick<Rule, 'severity' | 'text'>> = { ...lookRules, 'many-patients': manyPatients };

export const textOf = (reason: Reason): string => allRules[reason].text;

export const reasonsFor = (look: Look, hours: PracticeHours): Reason[] =>
  (Object.keys(lookRules) as (keyof typeof lookRules)[]).filter((reason) => lookRules[reason].applies(look, hours));

/** Two that say little each say much together: a namesake in the same street, at night. */
export const severityOf = (reasons: readonly Reason[]): Severity =>
  reasons.length > 1 || reasons.some((reason) => allRules[reason].severity === 'high') ? 'high' : 'low';

/** How many patients somebody saw within an hour, and how many they see in the hours in which they work. */
export interface Busyness {
  patients: number;
  /** Median of the hours in which they saw anybody, of four weeks. */
  usual: number;
  /** How many such hours there were. */
  hours: number;
}

/** Nobody is asked about as few as these. */
const fewPatients = 20;
const timesUsual = 3;
/** Of who has not worked here for as long, nobody knows what is usual. */
const hoursKnownMin = 10;
const manyOfNewcomers = 60;

export const areMany = ({ patients, usual, hours }: Busyness): boolean =>
  patients > (hours < hoursKnownMin ? manyOfNewcomers : Math.max(fewPatients, timesUsual * usual));

const haveCommon = (some: string[], others: string[]): boolean => some.some((each) => others.includes(each));

const familyNamesOf = ({ familyName, birthName = '' }: Person): string[] =>
  [familyName, birthName].map(foldName).filter(Boolean);

// Neither a number nor a staircase tells a street.
const numbers = /^(?:\d+[a-z]?|bis|ter|quater)$/;
const withinHouses = /^(?:bat|batiment|app|appt|appartement|apt|etage|escalier|esc|entree|porte|bp|cs|chez|lieu dit)\b/;

/** Each with its postal code: there are many streets of one name. */
function streetsOf({ address }: Person): string[] {
  if (!address) return [];
  return address.line
    .map((line) => foldName(line))
    .filter((line) => !withinHouses.test(line))
    .map((line) => line.split(' ').filter((word) => !numbers.test(word)))
    .filter((words) => words.length > 1)
    .map((words) => `${address.country} ${address.postalCode} ${words.join(' ')}`);
}
