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
  /** How many patients were seen at once: one who is looked at is 1, one in a page of fifty 50. */
  among: number;
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

/** Two are compared or merged: both were looked at. */
const comparedMax = 2;
/** In a list as short as this everybody is seen. */
const shortListMax = 5;

const isMeant = ({ among }: Look): boolean => among <= comparedMax;
const isOneOfFew = ({ among }: Look): boolean => among <= shortListMax;
const isWatched = ({ patient }: Look): boolean => patient.worksHere || patient.isOfPublicInterest;

/** What makes a look at one patient unusual, whatever it was for. */
const lookRules = {
  colleague: {
    severity: 'high',
    text: 'The patient works in the practice',
    applies: (look) => isOneOfFew(look) && look.patient.worksHere,
  },
  'public-interest': {
    severity: 'high',
    text: 'The patient is marked as of public interest',
    applies: (look) => isOneOfFew(look) && look.patient.isOfPublicInterest,
  },
  listed: {
    severity: 'low',
    text: 'The patient, who works in the practice or is of public interest, stood in a list that shows all their details',
    applies: (look) => !isOneOfFew(look) && isWatched(look),
  },
  // In lists there are namesakes and neighbours every day.
  'same-name': {
    severity: 'low',
    text: 'The patient has the family name of who looked',
    applies: (look) => isMeant(look) && haveCommon(look, familyNamesOf),
  },
  'same-street': {
    severity: 'low',
    text: 'The patient lives in the street of who looked',
    applies: (look) => isMeant(look) && haveCommon(look, streetsOf),
  },
  'outside-hours': {
    severity: 'low',
    text: 'It was outside the hours of the practice',
    applies: (look, hours) => (isMeant(look) || isWatched(look)) && !hours.isOpen(look.at),
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

/** By how many days it is known what is usual. */
export const usualDays = 28;

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

/** How often as many as those of a verdict are more than that was about. */
const timesJudged = 2;

/** Whether it is to be asked again, beside what was judged before. @param judged how many patients the verdict was about */
export const areMore = (patients = 0, judged = 0): boolean => patients > timesJudged * judged;

export const areMany = ({ patients, usual, hours }: Busyness): boolean =>
  patients > (hours < hoursKnownMin ? manyOfNewcomers : Math.max(fewPatients, timesUsual * usual));

function haveCommon({ by, patient }: Look, of: (person: Person) => string[]): boolean {
  const others = of(patient);
  return by !== undefined && of(by).some((each) => others.includes(each));
}

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
