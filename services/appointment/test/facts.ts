import type { Facts, Taken } from '../src/domain/availability/availability.js';
import { noExternalTime } from '../src/domain/availability/external-time.js';
import { usualRules } from '../src/domain/schedule/booking-rules.js';
import { emptySchedule, type WorkingHours } from '../src/domain/schedule/schedule.js';
import { Occupied } from '../src/domain/time/intervals.js';
import { daysOfWeek } from '../src/domain/time/time.js';

interface Parts extends Partial<Omit<Facts, 'type' | 'schedule' | 'taken'>> {
  zone?: string;
  schedule?: Partial<Facts['schedule']>;
  rules?: Partial<Facts['type']['rules']>;
  minutes?: number;
  taken?: Taken[];
}

/** A practitioner who receives at one place, in Paris, with nothing in the way but what is given. */
export const buildFacts = ({
  zone = 'Europe/Paris',
  schedule,
  rules,
  minutes = 30,
  taken = [],
  ...parts
}: Parts = {}): Facts => ({
  now: 0,
  audience: 'patients',
  practitionerId: 'bernard',
  places: [{ id: 'cabinet', zone }],
  schedule: { ...emptySchedule('bernard'), version: 1, ...schedule },
  type: { id: 'consultation', minutes, rules: { ...usualRules, ...rules } },
  holidays: new Map(),
  resources: [],
  external: noExternalTime,
  taken: new Occupied(taken),
  ...parts,
});

export type FactsParts = Parts;

/** Hours of every day at the one place. */
export const dailyHours = (startTime: string, endTime: string, more: Partial<WorkingHours> = {}): WorkingHours => ({
  placeId: 'cabinet',
  daysOfWeek: [...daysOfWeek],
  startTime,
  endTime,
  ...more,
});
