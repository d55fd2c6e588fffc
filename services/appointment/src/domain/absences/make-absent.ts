import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { FieldErrors, invalidField } from '@cabinet/kit/errors';
import { wasStoredBefore } from '@cabinet/kit/http/request-context';
import { type Facts, freeSlots, type Slot } from '../availability/availability.js';
import type { AvailabilityFacts } from '../availability/availability-facts.js';
import { absenceIn } from '../availability/openings.js';
import { isMovedIn, maySee, noteAbout } from '../booking/access.js';
import { type Appointment, toldOfCancellation } from '../booking/appointment.js';
import { movedTo, placeOf } from '../booking/place-in-agenda.js';
import type { Appointments, Change, PatientTime, Seen } from '../booking/ports.js';
import type { Directory } from '../directory.js';
import { refusal } from '../refusal.js';
import { assertMaySetHours } from '../schedule/access.js';
import type { Schedules } from '../schedule/ports.js';
import { absenceDaysMax, checkAbsence, type Schedule } from '../schedule/schedule.js';
import { withTaken } from '../series/judge-series.js';
import { type Interval, overlaps } from '../time/intervals.js';
import { dateIn, day, daysAfter } from '../time/time.js';
import {
  type AbsencePlan,
  type AbsencePreview,
  differences,
  type Fate,
  isSamePreview,
  type NotedPreview,
  notePreview,
  type PreviewSeal,
} from './absence-preview.js';
import { AbsenceChanged } from './errors.js';

/** Appointments that one absence may touch. */
export const touchedMax = 200;

/** Others may book beside the absence, again and again, while it is made. */
const triesMax = 20;

export interface AbsenceResult {
  schedule: Schedule;
  /** As they are now, in order of their old start. */
  appointments: Appointment[];
}

/** A practitioner will be absent: what becomes of those who have an appointment. */
export class MakeAbsent {
  constructor(
    private readonly appointments: Appointments,
    private readonly schedules: Schedules,
    private readonly facts: AvailabilityFacts,
    private readonly directory: Directory,
    private readonly clock: Clock,
    private readonly seal: PreviewSeal,
  ) {}

  /**
   * Which appointments the absence touches, and what would become of each. Changes nothing.
   * @throws NotAllowed (403) for the hours of another, 422 for dates that do not exist or are too far, or too many appointments
   */
  async preview(practitionerId: string, plan: AbsencePlan, actor: Principal): Promise<AbsencePreview> {
    assertMaySetHours(actor, practitionerId);
    const { fates, noted } = await this.look(practitionerId, plan);
    noteAbout(...fates.map(({ appointment }) => appointment));
    return { fates, token: this.seal.close(practitionerId, noted) };
  }

  /**
   * Stores the absence and does to each appointment what was previewed: all of it, or nothing.
   * @throws NotAllowed (403) for the hours of another, 409 with all that has changed since the preview
   */
  async apply(
    practitionerId: string,
    plan: AbsencePlan,
    { token, reason }: { token: string; reason: string },
    actor: Principal,
  ): Promise<AbsenceResult> {
    assertMaySetHours(actor, practitionerId);
    const previewed = this.seal.open(practitionerId, token);
    if (!previewed) throw invalidField('token', 'INVALID_TOKEN', 'is not the token of a preview of this practitioner');
    if (wasStoredBefore()) return this.stored(practitionerId, previewed);
    for (let tries = 1; ; tries += 1) {
      const { schedule, seen, fates, noted } = await this.look(practitionerId, plan);
      if (!isSamePreview(previewed, noted) || tries > triesMax) throw await this.changed(previewed, noted, actor);
      const cancellation = { reason, code: 'prov' as const, at: this.clock.now(), by: actor.id };
      const changes = fates.map((fate) => changeOf(fate, cancellation, actor));
      noteAbout(...changes.map(({ appointment }) => appointment));
      const by = { userId: actor.id, at: cancellation.at };
      if ((await this.appointments.saveAll(changes, { schedule, seen, by })) === 'overlap') continue;
      return {
        schedule: { ...schedule, version: schedule.version + 1 },
        appointments: changes.map(({ appointment }) => ({ ...appointment, version: appointment.version + 1 })),
      };
    }
  }

  /** What was done as previewed, as it is now. */
  private async stored(practitionerId: string, { fates }: NotedPreview): Promise<AbsenceResult> {
    const found = await Promise.all(fates.map(([id]) => this.appointments.find(id)));
    const appointments = found.filter((each) => each !== undefined);
    noteAbout(...appointments);
    return { schedule: await this.schedules.get(practitionerId), appointments };
  }

  /** As far as the actor sees what has changed. */
  private async changed(before: NotedPreview, after: NotedPreview, actor: Principal): Promise<AbsenceChanged> {
    const all = await Promise.all(
      differences(before, after).map(async (each) => ({ each, of: await this.appointments.find(each.appointmentId) })),
    );
    return new AbsenceChanged(all.filter(({ of }) => of && maySee(actor, of)).map(({ each }) => each));
  }

  /** The schedule with the absence in it, and what follows. */
  private async look(
    practitionerId: string,
    plan: AbsencePlan,
  ): Promise<{ schedule: Schedule; seen: Seen; fates: Fate[]; noted: NotedPreview }> {
    const errors = new FieldErrors();
    checkAbsence(plan, '', errors);
    errors.throwIfAny();
    if (plan.endDate > daysAfter(dateIn(this.clock.now().getTime(), 'UTC'), absenceDaysMax)) {
      throw invalidField('endDate', 'TOO_FAR', `must be within ${absenceDaysMax} days`);
    }
    const stored = await this.schedules.get(practitionerId);
    const { startDate, endDate, startTime, endTime } = plan;
    const schedule = { ...stored, absences: [...stored.absences, { startDate, endDate, startTime, endTime }] };
    const { touched, seen } = await this.touched(practitionerId, plan);
    const fates = await this.fatesOf(touched, plan, schedule);
    return { schedule, seen, fates, noted: notePreview(plan, stored.version, fates) };
  }

  private async touched(practitionerId: string, plan: AbsencePlan): Promise<{ touched: Appointment[]; seen: Seen }> {
    const around = absenceIn('UTC', plan);
    const range = { start: Math.max(around.start - day, this.clock.now().getTime()), end: around.end + day };
    const statuses = ['booked', 'pending'] satisfies Seen['statuses'];
    const filter = { practitionerId, statuses, from: new Date(range.start), to: new Date(range.end) };
    const seen: Seen = { range, statuses, appointmentIds: [] };
    const isTouched = (each: Appointment) =>
      each.start > this.clock.now() &&
      overlaps({ start: +each.start, end: +each.end }, absenceIn(each.zone, plan)) &&
      (each.heldUntil === undefined || each.heldUntil > this.clock.now());
    const touched: Appointment[] = [];
    let after: [start: number, id: string] | undefined;
    do {
      const found = await this.appointments.list(filter, touchedMax, after);
      const page = found.slice(0, touchedMax);
      seen.appointmentIds.push(...page.map(({ id }) => id));
      touched.push(...page.filter(isTouched));
      if (touched.length > touchedMax) {
        throw refusal(
          'ABSENCE.TOO_MANY',
          'endDate',
          `leaves more than ${touchedMax} appointments to decide on; take it in parts`,
        );
      }
      const last = found.length > touchedMax ? page.at(-1) : undefined;
      after = last && [+last.start, last.id];
    } while (after);
    return { touched, seen };
  }

  /** Each goes to the first slot behind the absence that is left when those before it have theirs. */
  private async fatesOf(touched: Appointment[], plan: AbsencePlan, schedule: Schedule): Promise<Fate[]> {
    if (plan.action === 'cancel' || touched.length === 0) {
      return touched.map((appointment) => ({ appointment, becomes: 'cancelled' }));
    }
    const range = behind(touched, plan);
    const groups = await this.groupsOf(touched, range, schedule);
    const ids = new Set(touched.map(({ id }) => id));
    const patientIds = [...new Set(touched.map(({ patientId }) => patientId))];
    const busy = await this.appointments.takenOf(patientIds, range, this.clock.now());
    return touched.map((appointment): Fate => {
      const times = (busy.get(appointment.patientId) ?? []).filter(({ appointmentId }) => !ids.has(appointmentId));
      const slot = appointment.heldUntil ? undefined : firstFor(times, groups.get(groupOf(appointment)), range);
      if (!slot) return { appointment, becomes: 'cancelled' };
      for (const [key, facts] of groups) {
        groups.set(key, withTaken(facts, slot, appointment.id, appointment.appointmentTypeId));
      }
      const time = { start: slot.start, end: slot.end, appointmentId: appointment.id };
      busy.set(appointment.patientId, [...times, { ...time, appointmentId: `new ${appointment.id}` }]);
      return { appointment, becomes: 'moved', slot };
    });
  }

  /** The facts for each type and length, as they are with the absence and without those that it touches. */
  private async groupsOf(touched: Appointment[], range: Interval, schedule: Schedule): Promise<Map<string, Facts>> {
    const practitioner = await this.directory.receivingPractitioner(schedule.practitionerId);
    const firsts = new Map(touched.toReversed().map((each) => [groupOf(each), each]));
    const agendas = [...firsts.values()].map((moving) => ({
      practitioner,
      appointmentTypeId: moving.appointmentTypeId,
      audience: 'staff' as const,
      moving,
      alsoMoving: touched.map(({ id }) => id),
    }));
    const facts = await this.facts.loadAll(agendas, range);
    return new Map([...firsts.keys()].map((key, nth) => [key, { ...(facts[nth] as Facts), schedule }]));
  }
}

const groupOf = ({ appointmentTypeId, start, end }: Appointment): string => `${appointmentTypeId} ${+end - +start}`;

function behind(touched: Appointment[], plan: AbsencePlan): Interval {
  const end = Math.max(...touched.map(({ zone }) => absenceIn(zone, plan).end));
  return { start: end, end: end + plan.withinDays * day };
}

function firstFor(busy: readonly PatientTime[], facts: Facts | undefined, range: Interval): Slot | undefined {
  if (!facts) return undefined;
  for (const slot of freeSlots(facts, range)) {
    if (!busy.some((each) => overlaps(each, slot))) return slot;
  }
  return undefined;
}

/** Of what is pending nothing was told, so nothing is. */
function changeOf(
  { appointment, slot }: Fate,
  cancellation: NonNullable<Appointment['cancellation']>,
  actor: Principal,
): Change {
  if (slot) {
    const bookedAs = isMovedIn(actor, appointment) ? 'practitioner' : appointment.bookedAs;
    return movedTo({ ...appointment, bookedAs }, placeOf(slot));
  }
  const happening = toldOfCancellation(appointment, true);
  return { appointment: { ...appointment, status: 'cancelled', cancellation }, happening };
}
