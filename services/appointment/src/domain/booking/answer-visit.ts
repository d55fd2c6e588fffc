import type { ActsFor, Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { assertVersion } from '@cabinet/kit/http/etag';
import { wasStoredBefore } from '@cabinet/kit/http/request-context';
import { noteReason } from '@cabinet/service/audit/subjects';
import type { AvailabilityFacts } from '../availability/availability-facts.js';
import type { FindFreeSlots, FoundSlot } from '../availability/find-free-slots.js';
import { capacityOf } from '../capacity.js';
import type { Directory } from '../directory.js';
import type { Reference } from '../reference.js';
import { hour, minute } from '../time/time.js';
import { noteAbout } from './access.js';
import { type Appointment, assertIsSoon, delayKnownMinutes, statusAfter } from './appointment.js';
import type { ChangeAppointment } from './change-appointment.js';
import { AppointmentNotFound, TooLate } from './errors.js';
import type { Appointments, Change } from './ports.js';

/** What is said of a visit, and by whom: its patient, or who acts for them. */
export type VisitAnswer = Answering & {
  /** Patient id of who says it. */
  by: string;
  as: 'patient' | ActsFor['as'];
};

type Answering =
  | { says: 'accept' }
  | { says: 'cancel' }
  | { says: 'delay'; minutes: number }
  | { says: 'move'; start: string };

/** Until when patients may, by the rules of the type; a move has times of its own. */
export interface MayAnswer {
  appointment: Appointment;
  cancelUntil: Date;
  moveUntil: Date;
  lateFrom: Date;
}

/** Other times are looked for from so long before the visit on, and so many are looked at. */
const nearHours = 4;
const lookedAtMax = 60;
const otherTimesMax = 6;

interface Parts {
  appointments: Pick<Appointments, 'find'>;
  change: ChangeAppointment;
  facts: Pick<AvailabilityFacts, 'rulesOf'>;
  slots: Pick<FindFreeSlots, 'next'>;
  directory: Directory;
  clock: Clock;
}

/**
 * What patients, and those who act for them, say of a visit without signing in, by a link that was sent to them. A service that has
 * looked at the link says who they are; the rules are those for patients.
 */
export class AnswerVisit {
  constructor(private readonly parts: Parts) {}

  /** @throws AppointmentNotFound (404) */
  async possible(id: string): Promise<MayAnswer> {
    const appointment = await this.found(id);
    const { cancelNoticeMinutes, moveNoticeMinutes } = await this.parts.facts.rulesOf(appointment);
    const before = (minutes: number) => new Date(appointment.start.getTime() - minutes * minute);
    return {
      appointment,
      cancelUntil: before(cancelNoticeMinutes),
      moveUntil: before(moveNoticeMinutes),
      lateFrom: before(delayKnownMinutes),
    };
  }

  /**
   * The free times nearest to it, of the same practitioner and type, in their order.
   * @param as to a guardian what the patient keeps from them looks as if somebody else had it
   * @throws AppointmentNotFound (404)
   */
  async otherTimes(id: string, as: VisitAnswer['as']): Promise<FoundSlot[]> {
    const { directory, slots, clock } = this.parts;
    const appointment = await this.found(id);
    const start = appointment.start.getTime();
    const practitioner = await directory.receivingPractitioner(appointment.practitionerId);
    const agenda = {
      ...{ practitioner, appointmentTypeId: appointment.appointmentTypeId, moving: appointment },
      audience: 'patients' as const,
      wards: as === 'guardian' ? [appointment.patientId] : [],
    };
    const near = await slots.next(agenda, Math.max(clock.now().getTime(), start - nearHours * hour), lookedAtMax);
    const nearest = near
      .filter((slot) => slot.start !== start)
      .sort((a, b) => Math.abs(a.start - start) - Math.abs(b.start - start));
    return nearest.slice(0, otherTimesMax).sort((a, b) => a.start - b.start);
  }

  /**
   * @throws AppointmentNotFound (404) also for who is not, or no longer, to see it; 412 when it was changed, and as what is done by who
   *   has signed in
   */
  async answer({ id, version }: Reference, answer: VisitAnswer, actor: Principal): Promise<Appointment> {
    const appointment = await this.found(id);
    const sayer = sayerOf(answer, appointment, actor);
    if (capacityOf(sayer, appointment) !== answer.as) throw new AppointmentNotFound();
    noteReason({ onBehalfOf: answer.by });
    if (wasStoredBefore()) return appointment;
    if (version !== undefined) assertVersion(version, appointment.version);
    const { change } = this.parts;
    if (answer.says === 'move') return change.moved(appointment, { start: answer.start }, sayer);
    const its = await this.changeBy(answer, appointment, sayer);
    if (its.appointment === appointment) return appointment;
    await change.storeAll([its]);
    return { ...its.appointment, version: appointment.version + 1 };
  }

  private async changeBy(
    answer: Exclude<VisitAnswer, { says: 'move' }>,
    appointment: Appointment,
    actor: Principal,
  ): Promise<Change> {
    const now = this.parts.clock.now();
    switch (answer.says) {
      case 'cancel':
        return this.parts.change.cancelled(appointment, { reason: 'By a link in a message', code: 'pat' }, actor);
      case 'accept': {
        const status = statusAfter('accepted', appointment.status);
        if (appointment.start <= now) throw new TooLate(0);
        if (appointment.acceptedAt) return { appointment };
        return { appointment: { ...appointment, status, acceptedAt: now }, happening: 'accepted' };
      }
      case 'delay': {
        const status = statusAfter('delayed', appointment.status);
        assertIsSoon(appointment, now);
        const { minutes } = answer;
        if (appointment.delay?.minutes === minutes) return { appointment };
        return { appointment: { ...appointment, status, delay: { minutes, at: now } }, happening: 'delayed' };
      }
    }
  }

  private async found(id: string): Promise<Appointment> {
    const appointment = await this.parts.appointments.find(id);
    if (!appointment) throw new AppointmentNotFound();
    noteAbout(appointment);
    return appointment;
  }
}

/** Who says it, as a token would say who they are; what they did is written down as done by the service that asked. */
function sayerOf({ by, as }: VisitAnswer, { patientId }: Appointment, actor: Principal): Principal {
  const { id } = actor;
  if (as === 'patient') return { id, roles: ['patient'], patientId: by };
  return { id, roles: ['patient'], patientId: by, actsFor: [{ patientId, as, sections: ['appointments'] }] };
}
