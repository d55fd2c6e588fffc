import { around, chanceOf } from './chance.ts';

export const deviceKinds = ['watch', 'cuff', 'scale', 'thermometer', 'sensor'] as const;
export type DeviceKind = (typeof deviceKinds)[number];

/** Somebody who measures at home; nobody in it exists. Minutes are those after midnight, on the clock of where they are. */
export interface Person {
  seed: number;
  nth: number;
  devices: readonly DeviceKind[];
  wakesAt: number;
  sleepsAt: number;
  restingPulse: number;
  systolic: number;
  diastolic: number;
  weight: number;
  stepsADay: number;
  glucose: number;
}

/** What is different about a day of somebody. */
export interface Day {
  /** Where they are. */
  zone: string;
  /** 0: well; 1: as ill as one is at home. */
  illness: number;
  /** Devices that measure nothing that day. */
  broken: ReadonlySet<DeviceKind>;
  /** By which the clocks of devices are wrong, in minutes. */
  clockOff: Readonly<Partial<Record<DeviceKind, number>>>;
  /** Nothing comes through that day: it is sent after the next. */
  isOffline: boolean;
}

export const homeZone = 'Europe/Paris';
const elsewhere = ['America/Martinique', 'Asia/Tokyo', 'Indian/Reunion', 'Europe/London', 'Asia/Kolkata'];

/** The same person for the same seed and number, whoever else there is. */
export function personOf(seed: number, nth: number): Person {
  const random = chanceOf('person', seed, nth);
  const hasHighPressure = random.chance(0.35);
  const hasDiabetes = random.chance(0.1);
  const devices = deviceKinds.filter((kind) => {
    const chances = { watch: 0.85, cuff: hasHighPressure ? 0.9 : 0.3, scale: 0.4, thermometer: 0.5, sensor: 0 };
    return kind === 'sensor' ? hasDiabetes : random.chance(chances[kind]);
  });
  return {
    seed,
    nth,
    devices: devices.length > 0 ? devices : ['watch'],
    wakesAt: random.between(330, 480),
    sleepsAt: random.between(1_290, 1_410),
    restingPulse: around(random, 64, 8),
    systolic: around(random, hasHighPressure ? 148 : 121, 7),
    diastolic: around(random, hasHighPressure ? 91 : 76, 5),
    weight: around(random, 74, 15),
    stepsADay: random.between(2_000, 11_000),
    glucose: around(random, 128, 14),
  };
}

/** Illnesses, journeys and failures fall into months of thirty days, so that any days that are asked for are the same. */
const monthDays = 30;

interface Spell {
  from: number;
  /** Not itself. */
  to: number;
}

/** At most one in each month; what began in the month before may go on. */
function spellAt(what: string, { seed, nth }: Person, day: number, chance: number, days: [number, number]) {
  for (const month of [Math.floor(day / monthDays), Math.floor(day / monthDays) - 1]) {
    const random = chanceOf(what, seed, nth, month);
    if (!random.chance(chance)) continue;
    const from = month * monthDays + random.between(0, monthDays - 1);
    const spell: Spell = { from, to: from + random.between(...days) };
    if (spell.from <= day && day < spell.to) return { ...spell, random };
  }
  return undefined;
}

/** @param day days since 1970-01-01 */
export function dayOf(person: Person, day: number): Day {
  const ill = spellAt('ill', person, day, 0.25, [3, 8]);
  const away = spellAt('away', person, day, 0.15, [4, 12]);
  const broken = new Set<DeviceKind>();
  const clockOff: Partial<Record<DeviceKind, number>> = {};
  for (const kind of person.devices) {
    if (spellAt(`broken ${kind}`, person, day, 0.2, [1, 5])) broken.add(kind);
    // Clocks of what is worn are set by a telephone; others have batteries that are changed.
    const wrong = kind === 'watch' ? undefined : spellAt(`clock ${kind}`, person, day, 0.12, [2, 9]);
    if (wrong) clockOff[kind] = wrong.random.pick([-60, 60, -1_440, 17, -9_000_000]);
  }
  return {
    zone: away?.random.pick(elsewhere) ?? homeZone,
    illness: ill ? severity(day - ill.from, ill.to - ill.from) * ill.random.pick([0.4, 0.7, 1]) : 0,
    broken,
    clockOff,
    isOffline: chanceOf('offline', person.seed, person.nth, day).chance(0.04),
  };
}

/** It grows for a day or two, and fades. */
const severity = (nth: number, days: number): number => (nth === 0 ? 0.6 : Math.max(0.1, 1 - (nth - 1) / days));
