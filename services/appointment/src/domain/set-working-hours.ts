import { type FindFreeSlots, zonesOf } from './find-free-slots.js';
import type { Schedule, ScheduleRepository } from './ports.js';
import { assertWorkingHours } from './working-hours.js';

export class SetWorkingHours {
  constructor(
    private readonly schedules: ScheduleRepository,
    private readonly slots: FindFreeSlots,
  ) {}

  of(practitionerId: string): Promise<Schedule> {
    return this.schedules.get(practitionerId);
  }

  /** @throws 422 for hours that cannot be kept, 412 when they were changed since they were read */
  async set(schedule: Schedule): Promise<Schedule> {
    const practitioner = await this.slots.receivingPractitioner(schedule.practitionerId);
    assertWorkingHours(schedule.hours, new Set(zonesOf(practitioner).keys()));
    return this.schedules.save(schedule);
  }
}
