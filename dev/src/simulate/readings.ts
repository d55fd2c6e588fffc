import type { Random } from '../seed/random.ts';
import { around, chanceOf, rounded } from './chance.ts';
import { midnight, minuteMs, offsetOf, written } from './local-time.ts';
import { type Day, type DeviceKind, dayOf, type Person } from './person.ts';

/** As it is sent, and when that was in truth. */
export interface SimulatedReading {
  at: number;
  code: string;
  value: number;
  unit: string;
  effectiveAt: string;
  endAt?: string;
  sourceId?: string;
  certainty?: 'sure' | 'likely' | 'doubtful';
}

/** LOINC and UCUM. */
const measures = {
  pulse: ['8867-4', '/min'],
  steps: ['55423-8', '{steps}'],
  saturation: ['59408-5', '%'],
  systolic: ['8480-6', 'mm[Hg]'],
  diastolic: ['8462-4', 'mm[Hg]'],
  weight: ['29463-7', 'kg'],
  temperature: ['8310-5', 'Cel'],
  glucose: ['99504-3', 'mg/dL'],
} as const;

/** A while of one day of a person, and how what falls into it is written. */
interface Today extends Day {
  person: Person;
  day: number;
  kind: DeviceKind;
  /** When the day begins. */
  from: number;
  to: number;
  random: Random;
}

const pulseEveryMinutes = 10;
const glucoseEveryMinutes = 15;

/**
 * What a device of somebody measures on a day, in the order of time. The same for the same seed, however many days or people there are.
 * @param day days since 1970-01-01
 */
export function readingsOf(person: Person, kind: DeviceKind, day: number): SimulatedReading[] {
  const about = dayOf(person, day);
  if (about.broken.has(kind)) return [];
  const from = midnight(day, about.zone);
  const to = midnight(day + 1, about.zone);
  const random = chanceOf(kind, person.seed, person.nth, day);
  return byKind[kind]({ ...about, person, day, kind, from, to, random }).sort((a, b) => a.at - b.at);
}

const byKind: Record<DeviceKind, (today: Today) => SimulatedReading[]> = {
  watch(today) {
    const { random, person, illness } = today;
    // It lies on its charger in the evening, and now and then nobody puts it there.
    const charging = random.between(1_080, 1_300);
    const charged = charging + random.between(40, 90);
    const emptyFrom = random.chance(0.05) ? random.between(0, 1_439) : 1_440;
    const isOn = (minute: number) => minute < emptyFrom && (minute < charging || minute >= charged);
    const walks = Array.from({ length: 3 }, () => random.between(person.wakesAt, person.sleepsAt));
    const found: SimulatedReading[] = [];
    for (const { at, minute } of every(today, pulseEveryMinutes)) {
      const value = pulseAt(today, minute, walks);
      if (isOn(minute)) found.push(reading(today, 'pulse', at, glitched(random, value)));
    }
    for (const { at, minute } of every(today, 60)) {
      const isUp = isAwake(person, minute) && isAwake(person, minute + 60);
      const steps = isUp ? Math.max(0, around(random, (person.stepsADay / 14) * (1 - 0.8 * illness), 250)) : 0;
      if (steps > 0 && isOn(minute))
        found.push({
          ...reading(today, 'steps', at, rounded(steps)),
          at: at + 60 * minuteMs,
          endAt: written(at + 60 * minuteMs, today.zone),
        });
      if (!isAwake(person, minute) && isOn(minute))
        found.push(reading(today, 'saturation', at, rounded(Math.min(100, around(random, 97 - 5 * illness, 1)))));
    }
    return found;
  },

  cuff(today) {
    const { random, person, illness } = today;
    return [person.wakesAt + 40, person.sleepsAt - 60].flatMap((minute) => {
      if (random.chance(0.2)) return [];
      const at = today.from + (minute + random.between(0, 25)) * minuteMs;
      // Now and then somebody else of the house takes it, and says so.
      const isOther = random.chance(0.03);
      const certainty = isOther ? ('doubtful' as const) : undefined;
      const above = (isOther ? -20 : 0) + 6 * illness;
      return [
        { ...reading(today, 'systolic', at, rounded(around(random, person.systolic + above, 6))), certainty },
        { ...reading(today, 'diastolic', at, rounded(around(random, person.diastolic + above / 2, 4))), certainty },
        {
          ...reading(today, 'pulse', at, rounded(around(random, person.restingPulse + 8 + 18 * illness, 4))),
          certainty,
        },
      ];
    });
  },

  scale(today) {
    const { random, person, day } = today;
    if (random.chance(0.25)) return [];
    const at = today.from + (person.wakesAt + random.between(10, 30)) * minuteMs;
    const value = rounded(person.weight + 1.5 * Math.sin(day / 40) + around(random, 0, 0.3), 1);
    const sourceId = `scale-${day}`;
    const weighed = { ...reading(today, 'weight', at, value), sourceId };
    // With a bag in the hand, and put right a moment later.
    return random.chance(0.04)
      ? [
          { ...weighed, value: rounded(value + 6, 1) },
          { ...weighed, at: at + minuteMs },
        ]
      : [weighed];
  },

  thermometer(today) {
    const { random, person, illness } = today;
    if (illness === 0) return [];
    return [person.wakesAt + 20, 840, person.sleepsAt - 30].map((minute) =>
      reading(
        today,
        'temperature',
        today.from + (minute + random.between(0, 15)) * minuteMs,
        rounded(around(random, 36.8 + 2.4 * illness, 0.2), 1),
      ),
    );
  },

  sensor(today) {
    const { random, person, day } = today;
    const meals = [person.wakesAt + 45, 750, 1_170];
    // A new one every ten days, which warms up.
    const warmUntil = day % 10 === 0 ? 180 : 0;
    const lostFrom = random.chance(0.15) ? random.between(0, 1_300) : 1_440;
    return every(today, glucoseEveryMinutes).flatMap(({ at, minute }) => {
      const risen = meals.reduce((sum, meal) => sum + bump(minute - meal, 70), 0);
      const value = rounded(around(random, person.glucose + 60 * risen + 25 * today.illness, 6));
      const isLost = minute < warmUntil || (minute >= lostFrom && minute < lostFrom + 120);
      return isLost ? [] : [reading(today, 'glucose', at, value)];
    });
  },
};

/** The times of a day, in steps; on the nights of the clock change it is shorter or longer. */
function every({ from, to, zone }: Today, minutes: number): { at: number; minute: number }[] {
  const times: { at: number; minute: number }[] = [];
  const begins = offsetOf(zone, from);
  for (let at = from; at < to; at += minutes * minuteMs)
    times.push({ at, minute: Math.round((at - from) / minuteMs) + offsetOf(zone, at) - begins });
  return times;
}

function reading(today: Today, what: keyof typeof measures, at: number, value: number): SimulatedReading {
  const [code, unit] = measures[what];
  const shown = at + (today.clockOff[today.kind] ?? 0) * minuteMs;
  return { at, code, value, unit, effectiveAt: written(shown, today.zone) };
}

const isAwake = ({ wakesAt, sleepsAt }: Person, minute: number): boolean => minute >= wakesAt && minute < sleepsAt;

function pulseAt({ person, random, illness }: Today, minute: number, walks: number[]): number {
  const asleep = person.restingPulse - 4 + 14 * illness;
  if (!isAwake(person, minute)) return rounded(around(random, asleep, 2));
  const noon = Math.sin((Math.PI * (minute - person.wakesAt)) / (person.sleepsAt - person.wakesAt));
  const walking = walks.reduce((sum, walk) => sum + bump(minute - walk, 25), 0);
  return rounded(around(random, person.restingPulse + 8 + 8 * noon + 40 * walking + 16 * illness, 4));
}

/** Rises to one within `minutes`, and falls as long. */
const bump = (since: number, minutes: number): number =>
  since <= 0 || since >= 2 * minutes ? 0 : Math.sin((Math.PI * since) / (2 * minutes)) ** 2;

/** Once in two thousand it has lost the skin, or counts twice. */
const glitched = (random: Random, value: number): number => {
  if (!random.chance(0.0005)) return value;
  return random.chance(0.5) ? 0 : value * 4;
};
