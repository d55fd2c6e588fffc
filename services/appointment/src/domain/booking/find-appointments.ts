import { noteKeptFromGuardians } from '@cabinet/access/family';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { assertVersion } from '@cabinet/kit/http/etag';
import { wasStoredBefore } from '@cabinet/kit/http/request-context';
import { type Page, toPage } from '@cabinet/service/http/pages';
import type { AvailabilityFacts } from '../availability/availability-facts.js';
import type { Reference } from '../reference.js';
import { day } from '../time/time.js';
import { assertMayDo, assertMayKeep, assertMaySee, noteAbout, noteListed, visibleTo } from './access.js';
import type { Appointment } from './appointment.js';
import { AppointmentNotFound } from './errors.js';
import type { AppointmentFilter, Appointments } from './ports.js';

/** So long after a visit its patient is in the practitioner's care. */
const careDays = 731;

export class FindAppointments {
  constructor(
    private readonly appointments: Appointments,
    private readonly facts: AvailabilityFacts,
    private readonly clock: Clock,
  ) {}

  /**
   * The appointment that a request is about; the trail says whose it is.
   * @throws 404 for one that is none or that the actor may not see, 403 for what is not for its patient to do, 412 when it is no
   *   longer of that version, unless by the request itself
   */
  get(which: Reference, actor: Principal): Promise<Appointment> {
    return this.foundFor(assertMayDo, which, actor);
  }

  /** One that may be kept from guardians. @throws as `get` */
  getToKeep(which: Reference, actor: Principal): Promise<Appointment> {
    return this.foundFor(assertMayKeep, which, actor);
  }

  private async foundFor(
    assertMay: typeof assertMayDo,
    { id, version }: Reference,
    actor: Principal,
  ): Promise<Appointment> {
    const appointment = await this.appointments.find(id);
    if (!appointment) throw new AppointmentNotFound();
    noteAbout(appointment);
    assertMaySee(actor, appointment);
    assertMay(actor, appointment);
    // Only now: to others neither the appointment nor its version exists.
    if (version !== undefined && !wasStoredBefore()) assertVersion(version, appointment.version);
    return appointment;
  }

  /**
   * Those that the actor may see, in order of start.
   * @throws NotAllowed (403) for somebody else's
   */
  async list(
    filter: AppointmentFilter,
    { limit, after }: { limit: number; after?: [start: number, id: string] },
    actor: Principal,
  ): Promise<Page<Appointment>> {
    const visible = visibleTo(actor, filter);
    const page = toPage(await this.appointments.list(visible, limit, after), limit);
    noteListed(page.items, visible, actor);
    return page;
  }

  /**
   * Whether a practitioner treats a patient: by a visit, booked or past, that others than the practitioner stand for.
   * @param within only visits that start in that time count: that in which somebody stands in for the practitioner
   */
  async care(
    patientId: string,
    practitionerId: string,
    within: { since?: Date; until?: Date } = {},
  ): Promise<{ exists: boolean; keptFromGuardians: boolean }> {
    const earliest = this.clock.now().getTime() - careDays * day;
    const since = new Date(Math.max(earliest, within.since?.getTime() ?? 0));
    const care = await this.appointments.care(patientId, practitionerId, { since, until: within.until });
    // The question itself would tell who looks in the trail.
    if (care === 'kept') noteKeptFromGuardians();
    return { exists: care !== 'none', keptFromGuardians: care === 'kept' };
  }

  /** Where each takes place by video, in their order; undefined for one that does not, or no longer. */
  videoLinks(appointments: Appointment[]): Promise<(string | undefined)[]> {
    return Promise.all(
      appointments.map(async (each) => {
        const isAhead = each.status === 'booked' || each.status === 'arrived';
        return each.mode === 'video' && isAhead ? (await this.facts.rulesOf(each)).videoLink : undefined;
      }),
    );
  }
}
