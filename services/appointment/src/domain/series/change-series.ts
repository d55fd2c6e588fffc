import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { DomainError } from '@cabinet/kit/errors';
import { wasStoredBefore } from '@cabinet/kit/http/request-context';
import type { AvailabilityFacts } from '../availability/availability-facts.js';
import { maySee, movedOnWordOf, noteAbout } from '../booking/access.js';
import { type Appointment, statusAfter } from '../booking/appointment.js';
import { seenBy, wholeMinute } from '../booking/book-appointment.js';
import type { Cancelling, ChangeAppointment } from '../booking/change-appointment.js';
import type { FindAppointments } from '../booking/find-appointments.js';
import { movedTo, placeOf } from '../booking/place-in-agenda.js';
import type { Appointments } from '../booking/ports.js';
import { audienceOf, wardsIn } from '../capacity.js';
import type { Directory } from '../directory.js';
import type { Reference } from '../reference.js';
import { assertClockShows, day, daysAfter, inZone, parseInstant } from '../time/time.js';
import { beginningAt, spanOf } from './book-series.js';
import { NotOfASeries, SeriesNotPossible } from './errors.js';
import type { FindSeries, SeriesState } from './find-series.js';
import { judgeSeries } from './judge-series.js';
import { type Occurrence, occurrenceOn, occurrencesMax } from './series.js';

const triesMax = 20;

/**
 * Changes "this and the following" of a series; what becomes of one alone is a change like any other. A request that is
 * repeated although its change is stored gets what it changed as that is now.
 */
export class ChangeSeries {
  constructor(
    private readonly appointments: Appointments,
    private readonly find: FindAppointments,
    private readonly findSeries: FindSeries,
    private readonly facts: AvailabilityFacts,
    private readonly change: ChangeAppointment,
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  /**
   * Moves an occurrence to `start`, and the following ones that still are where the series has them by as many days and to
   * the same time of day: all in one transaction, or none.
   * @param asked with its offset, as it was asked for
   * @returns those that moved, in order
   * @throws as a move, and 409 with each that is not possible
   */
  async moveFollowing(which: Reference, asked: string, actor: Principal): Promise<Appointment[]> {
    const appointment = await this.find.get(which, actor);
    const start = parseInstant(asked, 'start');
    const moving = (await this.following(appointment, actor)).filter(
      (each) => each.id === appointment.id || (each.status === 'booked' && isInPlace(each)),
    );
    if (wasStoredBefore()) return moving;
    for (const each of moving) {
      statusAfter('moved', each.status);
      await this.change.assertInWindow(each, 'moveNoticeMinutes', actor);
    }
    assertClockShows(start, appointment.zone, 'start');
    const target = wholeMinute(start);
    const occurrences = beginningAt(target, shifted(moving, appointment, target), appointment.zone);
    const range = spanOf(target, occurrences);
    const practitioner = await this.directory.receivingPractitioner(appointment.practitionerId);
    const audience = audienceOf(actor, appointment);
    const agenda = {
      practitioner,
      appointmentTypeId: appointment.appointmentTypeId,
      audience,
      wards: wardsIn(actor, audience),
      moving: appointment,
      alsoMoving: moving.map(({ id }) => id),
    };
    for (let tries = 1; ; tries += 1) {
      const facts = await this.facts.load(agenda, range);
      const busy = await this.appointments.takenOf([appointment.patientId], range, this.clock.now());
      const otherVisits = seenBy(agenda, appointment.patientId, busy.get(appointment.patientId) ?? []).filter(
        ({ appointmentId }) => !agenda.alsoMoving.includes(appointmentId),
      );
      const { possible, impossible } = judgeSeries(occurrences, facts, otherVisits);
      if (impossible.length > 0 || tries > triesMax) {
        throw new SeriesNotPossible(impossible, possible.length, facts.audience, actor);
      }
      const changes = possible.map(({ slot }, nth) => {
        const each = moving[nth] as Appointment;
        const occurrence = new Date(slot.start);
        return movedTo({ ...each, bookedAs: movedOnWordOf(actor, each), occurrence }, placeOf(slot));
      });
      if ((await this.appointments.saveAll(changes)) === 'stored') return changes.map((each) => next(each.appointment));
      await this.appointments.releaseExpired(this.clock.now());
    }
  }

  /**
   * Cancels an occurrence and all that follow in the series, moved alone or not: all or none.
   * @returns those that were cancelled, in order
   * @throws 409 for a patient who comes too late for one of them
   */
  async cancelFollowing(which: Reference, cancelling: Cancelling, actor: Principal): Promise<Appointment[]> {
    const appointment = await this.find.get(which, actor);
    const all = await this.following(appointment, actor);
    if (wasStoredBefore()) return all.filter(({ status }) => status === 'cancelled');
    statusAfter('cancelled', appointment.status);
    const following = all.filter(({ status }) => isAhead(status));
    const cancelled = await Promise.all(following.map((each) => this.change.cancelled(each, cancelling, actor)));
    await this.change.storeAll(cancelled);
    return cancelled.map((each) => next(each.appointment));
  }

  /**
   * Keeps all that the actor sees of a series from the patient's guardians, or no longer.
   * @throws 404 for what is none to the actor, NotAllowed (403) for a guardian or a carer
   */
  async keep(id: string, keptFromGuardians: boolean, actor: Principal): Promise<SeriesState> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.keepAll(id, keptFromGuardians, actor);
      } catch (error) {
        // Whoever changes one of them at the same moment keeps nobody from it.
        const isOvertaken = error instanceof DomainError && error.kind === 'precondition-failed';
        if (!isOvertaken || tries === keepTriesMax) throw error;
      }
    }
  }

  private async keepAll(id: string, keptFromGuardians: boolean, actor: Principal): Promise<SeriesState> {
    const { series, appointments } = await this.findSeries.get(id, actor);
    noteAbout(...appointments.map(({ patientId }) => ({ patientId, keptFromGuardians })));
    const differing = appointments.filter((each) => each.keptFromGuardians !== keptFromGuardians);
    if (wasStoredBefore() || differing.length === 0) return { series, appointments };
    await this.change.storeAll(
      differing.map((each) => ({
        appointment: { ...each, keptFromGuardians },
        happening: each.status === 'pending' ? undefined : ('privacy-changed' as const),
      })),
    );
    const ids = new Set(differing.map((each) => each.id));
    const now = appointments.map((each) => (ids.has(each.id) ? next({ ...each, keptFromGuardians }) : each));
    return { series, appointments: now };
  }

  /** This one and those that the series has after it and the actor sees, in order. @throws 409 when it is of no series */
  private async following({ seriesId, occurrence }: Appointment, actor: Principal): Promise<Appointment[]> {
    if (!seriesId || !occurrence) throw new NotOfASeries();
    const all = await this.appointments.list({ seriesId }, occurrencesMax);
    const following = all
      .filter((each) => each.occurrence && each.occurrence >= occurrence && maySee(actor, each))
      .sort((a, b) => Number(a.occurrence) - Number(b.occurrence));
    noteAbout(...following);
    return following;
  }
}

const keepTriesMax = 10;

const isAhead = (status: Appointment['status']): boolean => status === 'booked' || status === 'pending';

const isInPlace = ({ start, occurrence }: Appointment): boolean => Number(start) === Number(occurrence);

/** Where each then is: as many days later as the first one, at its new time of day. */
function shifted(moving: Appointment[], { occurrence, zone }: Appointment, start: number): Occurrence[] {
  const dateOf = (instant: Date | number) => inZone(instant, zone).slice(0, 10);
  const days = (Date.parse(dateOf(start)) - Date.parse(dateOf(occurrence as Date))) / day;
  const time = inZone(start, zone).slice(11, 16);
  return moving.map((each) => occurrenceOn(daysAfter(dateOf(each.occurrence as Date), days), time, zone));
}

const next = (stored: Appointment): Appointment => ({ ...stored, version: stored.version + 1 });
