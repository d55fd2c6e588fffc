import type { Schedule } from '../schedule/schedule.js';
import type { Interval } from '../time/intervals.js';
import type { Taken } from './availability.js';
import type { ExternalTime } from './external-time.js';

/** A question about one practitioner's time. */
export interface AgendaQuery {
  practitionerId: string;
  range: Interval;
  now: Date;
}

/** What practitioners have set, and what calendars elsewhere say. */
export interface AgendaPlan {
  schedule: Schedule;
  external: ExternalTime;
}

/** What free times follow from. Answers may reach beyond the range; holds that have expired by `now` do not count. */
export interface Agendas {
  plan(query: AgendaQuery): Promise<AgendaPlan>;
  /** What stands in the practitioner's time. */
  taken(query: AgendaQuery): Promise<Taken[]>;
  /** What these patients keep from guardians within the range, whoever's agenda it is in. */
  keptBy(patientIds: readonly string[], range: Interval, now: Date): Promise<KeptTime[]>;
  /** When the resources of these numbers are taken within the range, by whichever practitioner. */
  resourcesTaken(numbers: number[], range: Interval, now: Date): Promise<ResourceUse[]>;
}

export interface KeptTime extends Interval {
  appointmentId: string;
}

export interface ResourceUse extends Interval {
  number: number;
  appointmentId: string;
  session: string;
}
