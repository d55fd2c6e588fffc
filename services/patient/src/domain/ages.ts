import { minorsOwn } from '@cabinet/access/family';
import { type Section, sections } from '@cabinet/kit/access/principal';
import { isRealDate } from '@cabinet/people/dates';
import { DateTime } from 'luxon';
import type { Patient } from './patient.js';

/** So many days before, the practice and the family are told that somebody reaches an age. */
export const daysAhead = 30;

/** A day as YYYY-MM-DD. */
export type Day = string;

/** An age at which rights change, and what is the minor's own from then on; with the last, which is majority, all of it is. */
export interface PracticeAge {
  age: number;
  sections: readonly Section[];
}

/** A section in which a guardian acts no longer than this, while they go on in others. */
export interface SectionEnd {
  section: Section;
  /** The first instant at which they may not any more. */
  at: Date;
}

const agesMax = 10;
const ageMax = 25;

/**
 * The ages of a practice as it writes them: `12,15:record+accesses,18`. Ascending, from 1 to 25, ten at most; after each what becomes the
 * minor's own, if anything; the last is majority.
 * @throws RangeError saying in words what is wrong
 */
export function readAges(text: string): PracticeAge[] {
  const named = new Set<string>();
  const all = text.split(',').map((part): PracticeAge => {
    const [, age, its] = /^\s*(\d{1,2})\s*(?::\s*([a-z+\s]+?))?\s*$/.exec(part) ?? [];
    if (!age || Number(age) < 1 || Number(age) > ageMax) {
      throw new RangeError(`must be ages from 1 to ${ageMax}, such as 12,15:record+accesses,18`);
    }
    const sectionsOfAge = its?.split('+').map((section) => readSection(section.trim(), named)) ?? [];
    return { age: Number(age), sections: sectionsOfAge };
  });
  if (all.length > agesMax) throw new RangeError(`must be ${agesMax} ages at most`);
  if (all.some(({ age }, nth) => nth > 0 && age <= (all[nth - 1]?.age ?? 0))) throw new RangeError('must be ascending');
  const majority = all.pop() as PracticeAge;
  if (majority.sections.length > 0) {
    throw new RangeError(
      `names sections after ${majority.age}, which is majority: with it guardians act in nothing more`,
    );
  }
  return [...all, { ...majority, sections }];
}

function readSection(name: string, named: Set<string>): Section {
  const found = minorsOwn.find((section) => section === name);
  if (!found) {
    throw new RangeError(`names ${name}, where ${minorsOwn.join(' and ')} alone become a minor's own before majority`);
  }
  if (named.has(name)) throw new RangeError(`names ${name} twice`);
  named.add(name);
  return found;
}

/** The ages at which rights change in a practice, and when somebody reaches one. */
export class Ages {
  /** From then on somebody decides for themself, and nobody is their guardian. */
  readonly majority: number;
  /** All that decides when somebody reaches which age, and what follows: what was worked out by another is worked out anew. */
  readonly setting: string;

  /**
   * @param zone of the practice (IANA): a day begins there
   * @param all ascending; the last is that of majority
   */
  constructor(
    private readonly zone: string,
    readonly all: readonly PracticeAge[],
  ) {
    this.majority = (all.at(-1) as PracticeAge).age;
    const written = all.map(({ age, sections: its }) =>
      its.length > 0 && age !== this.majority ? `${age}:${its.join('+')}` : String(age),
    );
    this.setting = `${zone} ${written.join()}`;
  }

  /** Those of a setting of before. */
  static of(setting: string): Ages {
    const [zone = '', all = ''] = setting.split(' ');
    return new Ages(zone, readAges(all));
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

  /** At which age a section becomes a minor's own, and on which day; undefined for one that stays with guardians until majority. */
  whenOwn(section: Section, { birthDate }: { birthDate: Day }): { age: number; day: Day } | undefined {
    const age = this.all.find(({ sections: its }) => its.includes(section))?.age as number;
    return age === this.majority ? undefined : { age, day: dayReached(birthDate, age) };
  }

  /** When a guardian's sections end before the rest does. @param opened those that the minor has opened to them all the same */
  endsOf(minor: { birthDate: Day }, opened: readonly Section[]): SectionEnd[] {
    return sections.flatMap((section) => {
      const own = opened.includes(section) ? undefined : this.whenOwn(section, minor);
      return own ? [{ section, at: this.startOf(own.day) }] : [];
    });
  }

  /** From the first of the ages on until majority. */
  isTeenager(person: { birthDate: Day }, now: Date): boolean {
    return (
      this.isMinor(person, now) && dayReached(person.birthDate, (this.all[0] as PracticeAge).age) <= this.dayOf(now)
    );
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
export interface AgeAhead extends PracticeAge {
  person: Born;
  day: Day;
}

export interface AgeDue extends AgeAhead {
  kind: 'age-nearing' | 'age-reached';
}
