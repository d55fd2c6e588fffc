import { isRealDate } from '@cabinet/people/dates';
import { DateTime } from 'luxon';
import type { Patient } from './patient.js';

/** So many days before, the practice and the family are told that somebody reaches an age. */
export const daysAhead = 30;

/** A day as YYYY-MM-DD. */
export type Day = string;

/** The ages at which rights change in a practice, and when somebody reaches one. */
export class Ages {
  /** From then on somebody decides for themself, and nobody is their guardian. */
  readonly majority: number;

  /**
   * @param zone of the practice (IANA): a day begins there
   * @param all ascending; the last is that of majority
   */
  constructor(
    private readonly zone: string,
    readonly all: readonly number[],
  ) {
    this.majority = all.at(-1) as number;
  }

  dayOf(instant: Date): Day {
    return DateTime.fromJSDate(instant, { zone: this.zone }).toISODate() as Day;
  }

  startOf(day: Day): Date {
    return DateTime.fromISO(day, { zone: this.zone }).startOf('day').toJSDate();
  }

  /** @throws never: who was erased, and has no birth date, is of age */
  majorityOf({ birthDate }: { birthDate: Day }): Date {
    return birthDate ? this.startOf(dayReached(birthDate, this.majority)) : new Date(0);
  }

  isMinor(person: { birthDate: Day }, now: Date): boolean {
    return now < this.majorityOf(person);
  }

  /** From the first of the ages on until majority. */
  isTeenager(person: { birthDate: Day }, now: Date): boolean {
    return this.isMinor(person, now) && dayReached(person.birthDate, this.all[0] as number) <= this.dayOf(now);
  }
}

/** The day on which somebody reaches an age; who was born on the last of February does on the first of March in most years. */
export function dayReached(birthDate: Day, age: number): Day {
  const day = `${String(Number(birthDate.slice(0, 4)) + age).padStart(4, '0')}${birthDate.slice(4)}`;
  return isRealDate(day) ? day : `${day.slice(0, 4)}-03-01`;
}

export const addDays = (day: Day, days: number): Day =>
  DateTime.fromISO(day, { zone: 'utc' }).plus({ days }).toISODate() as Day;

/** The first and last birth dates, and a little more, of those who reach an age within some days. */
export function bornFor(age: number, from: Day, to: Day): [from: Day, to: Day] {
  const minus = (day: Day) => DateTime.fromISO(day, { zone: 'utc' }).minus({ years: age }).toISODate() as Day;
  return [addDays(minus(from), -1), addDays(minus(to), 1)];
}

/** As much of a patient as it takes to say when they reach an age. */
export type Born = Pick<Patient, 'id' | 'version' | 'familyName' | 'givenNames' | 'birthDate' | 'createdAt'>;

/** Somebody and the day on which they reach one of the ages of the practice. */
export interface AgeAhead {
  person: Born;
  age: number;
  day: Day;
}

export interface AgeDue extends AgeAhead {
  kind: 'age-nearing' | 'age-reached';
}
