import type { Clock } from '@cabinet/kit';
import { refusal } from './errors.js';
import { freeSlots, type Slot } from './free-slots.js';
import type { AppointmentRepository, Neighbours, PractitionerFacts, ScheduleRepository } from './ports.js';
import { type Interval, minute } from './time.js';
import { openingsIn } from './working-hours.js';

const day = 24 * 60 * minute;

/** Longest range that one search covers, in days. */
export const searchDaysMax = 92;

export interface SlotSearch {
  practitionerId: string;
  appointmentTypeId: string;
  range: Interval;
  slotsMax?: number;
}

export class FindFreeSlots {
  constructor(
    private readonly appointments: AppointmentRepository,
    private readonly schedules: ScheduleRepository,
    private readonly neighbours: Neighbours,
    private readonly clock: Clock,
  ) {}

  /** Free slots of one practitioner for one type, in order of time. */
  async search({ practitionerId, appointmentTypeId, range, slotsMax }: SlotSearch): Promise<Slot[]> {
    if (range.end - range.start > searchDaysMax * day) {
      throw refusal('SLOT.RANGE_TOO_LONG', 'to', `must be within ${searchDaysMax} days of from`);
    }
    const practitioner = await this.receivingPractitioner(practitionerId);
    const { minutes } = appointmentTypeOf(practitioner, appointmentTypeId);
    return this.among(practitioner, minutes, range, slotsMax);
  }

  /** The next free slots from a time on: of the same two days if these have enough, else of four weeks. */
  async next(practitioner: PractitionerFacts, minutes: number, from: number, slotsMax = 5): Promise<Slot[]> {
    const near = await this.among(practitioner, minutes, { start: from, end: from + 2 * day }, slotsMax);
    if (near.length === slotsMax) return near;
    return this.among(practitioner, minutes, { start: from, end: from + 28 * day }, slotsMax);
  }

  /** @throws 422 for a practitioner who is unknown or no longer receives */
  async receivingPractitioner(practitionerId: string): Promise<PractitionerFacts> {
    const practitioner = await this.neighbours.practitioner(practitionerId);
    if (!practitioner)
      throw refusal('APPOINTMENT.PRACTITIONER_UNKNOWN', 'practitionerId', 'is not a known practitioner');
    if (!practitioner.active) {
      throw refusal('APPOINTMENT.PRACTITIONER_INACTIVE', 'practitionerId', 'is a practitioner who no longer receives');
    }
    return practitioner;
  }

  private async among(
    practitioner: PractitionerFacts,
    minutes: number,
    range: Interval,
    slotsMax?: number,
  ): Promise<Slot[]> {
    const [{ hours }, busy] = await Promise.all([
      this.schedules.get(practitioner.id),
      this.appointments.busyTimes(practitioner.id, range),
    ]);
    const openings = openingsIn(range, hours, zonesOf(practitioner));
    return freeSlots({ range, openings, busy, minutes, now: this.clock.now().getTime(), slotsMax });
  }
}

export const zonesOf = (practitioner: PractitionerFacts): Map<string, string> =>
  new Map(practitioner.places.map(({ id, zone }) => [id, zone]));

/** @throws 422 for a type that the practitioner does not offer */
export function appointmentTypeOf(practitioner: PractitionerFacts, appointmentTypeId: string) {
  const type = practitioner.appointmentTypes.find(({ id }) => id === appointmentTypeId);
  if (!type) throw refusal('APPOINTMENT.TYPE_UNKNOWN', 'appointmentTypeId', 'is not offered by this practitioner');
  return type;
}
