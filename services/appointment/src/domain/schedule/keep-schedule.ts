import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { type Page, toPage } from '@cabinet/service/http/pages';
import type { Directory } from '../directory.js';
import { assertMaySetHours } from './access.js';
import type { PublicHolidays, Resources, Schedules, ScheduleVersion } from './ports.js';
import { assertSchedule, type Schedule } from './schedule.js';

/** What is left out stays as it is. */
export interface ScheduleChange extends Partial<Omit<Schedule, 'version'>> {
  practitionerId: string;
  version: ExpectedVersion;
}

export class KeepSchedule {
  constructor(
    private readonly schedules: Schedules,
    private readonly resources: Resources,
    private readonly holidays: PublicHolidays,
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  of(practitionerId: string): Promise<Schedule> {
    return this.schedules.get(practitionerId);
  }

  /**
   * What was set of it, the newest first; `before` is the last version of the page before.
   * @throws NotAllowed (403) for another's
   */
  async versionsOf(
    practitionerId: string,
    { before, limit }: { before?: number; limit: number },
    actor: Principal,
  ): Promise<Page<ScheduleVersion>> {
    assertMaySetHours(actor, practitionerId);
    return toPage(await this.schedules.versions(practitionerId, { before, limit: limit + 1 }), limit);
  }

  /** @throws NotAllowed (403) for another's, 422 for what cannot be kept, 412 when the schedule was changed since it was read */
  async set({ version, ...change }: ScheduleChange, actor: Principal): Promise<Schedule> {
    assertMaySetHours(actor, change.practitionerId);
    const practitioner = await this.directory.receivingPractitioner(change.practitionerId);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const current = await this.schedules.get(change.practitionerId);
    assertVersion(version, current.version);
    const schedule: Schedule = { ...current, ...given };
    const resourceIds = schedule.rules.flatMap(({ needs }) => needs.flatMap(({ anyOf }) => anyOf));
    assertSchedule(schedule, {
      placeIds: new Set(practitioner.places.map(({ id }) => id)),
      appointmentTypeIds: new Set(practitioner.appointmentTypes.map(({ id }) => id)),
      resourceIds: new Set((await this.resources.named(resourceIds)).map(({ id }) => id)),
    });
    await this.assertHolidays(change.holidays ?? []);
    return this.schedules.save(schedule, { userId: actor.id, at: this.clock.now() });
  }

  private async assertHolidays(holidays: Schedule['holidays']): Promise<void> {
    for (const [index, calendar] of holidays.entries()) {
      if ((await this.holidays.of(calendar, 2026)) === undefined)
        throw invalidField(
          `holidays[${index}]`,
          'UNKNOWN_CALENDAR',
          'is not a country or territory whose holidays are known',
        );
    }
  }
}
