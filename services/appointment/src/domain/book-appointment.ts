import { type Clock, newId, type Principal } from '@cabinet/kit';
import type { DateTime } from 'luxon';
import { audienceOf } from './access.js';
import type { Appointment } from './appointment.js';
import { availabilityAt, type Facts, modeOf, type Slot } from './availability.js';
import type { Mode } from './booking-rules.js';
import { isTaken, NotFree, PatientBusy, refusal, refusalOf } from './errors.js';
import type { FindFreeSlots } from './find-free-slots.js';
import type { Agenda, GatherFacts } from './gather-facts.js';
import type { AppointmentRepository, Neighbours, Overlap } from './ports.js';
import { assertClockShows, minute } from './time.js';

export interface BookingRequest {
  patientId: string;
  practitionerId: string;
  appointmentTypeId: string;
  start: DateTime;
  mode?: Mode;
  reason?: string;
}

/** Of many who take the seats of one group at once, each may have to look again as often as seats go to others. */
const triesMax = 100;

export class BookAppointment {
  constructor(
    private readonly appointments: AppointmentRepository,
    private readonly facts: GatherFacts,
    private readonly neighbours: Neighbours,
    private readonly slots: FindFreeSlots,
    private readonly clock: Clock,
  ) {}

  /**
   * Books a slot for a patient, or leaves nothing behind.
   * @throws 422 for what cannot be booked, 409 for what no longer can, with the next free slots, and 503 when the
   *   patient or practitioner service cannot be asked
   */
  async book(request: BookingRequest, actor: Principal): Promise<Appointment> {
    const [practitioner] = await Promise.all([
      this.slots.receivingPractitioner(request.practitionerId),
      this.assertActivePatient(request.patientId),
    ]);
    const wanted: Wanted = {
      agenda: { practitioner, appointmentTypeId: request.appointmentTypeId },
      patientId: request.patientId,
      start: request.start,
      mode: request.mode,
      audience: audienceOf(actor),
    };
    const id = newId();
    return this.take(wanted, async (place) => {
      const appointment: Appointment = {
        id,
        version: 1,
        status: 'booked',
        patientId: request.patientId,
        practitionerId: request.practitionerId,
        appointmentTypeId: request.appointmentTypeId,
        ...place,
        reason: request.reason,
        createdAt: this.clock.now(),
        createdBy: actor.id,
      };
      return (await this.appointments.add(appointment)) === 'stored' ? appointment : 'overlap';
    });
  }

  /**
   * Decides by the rules what is to be stored, and stores it; when the store finds that somebody was faster, looks at
   * what is taken now and decides again.
   * @param store gives back what it stored
   */
  async take<T extends object>(wanted: Wanted, store: (place: PlaceInAgenda) => Promise<T | Overlap>): Promise<T> {
    const start = wholeMinute(wanted.start);
    const range = { start, end: start };
    let facts = await this.facts.forBooking(wanted.agenda, range, wanted.audience);
    for (let tries = 1; tries <= triesMax; tries += 1) {
      const place = await this.decide(wanted, start, facts);
      const stored = await store(place);
      if (stored !== 'overlap') return stored;
      [facts] = (await this.facts.about([wanted.agenda], range, wanted.audience)) as [Facts];
      await this.decide(wanted, start, facts);
      const visit = { start, end: start + facts.type.minutes * minute };
      const { id } = wanted.agenda.moving ?? {};
      if (await this.appointments.isPatientBusy(wanted.patientId, visit, this.clock.now(), id)) throw new PatientBusy();
    }
    throw await this.notFree({ code: 'APPOINTMENT.SLOT_TAKEN' }, wanted, start);
  }

  /** The time as it would be stored. @throws 422, or 409 when it was taken */
  private async decide(wanted: Wanted, start: number, facts: Facts): Promise<PlaceInAgenda> {
    const { slot, refusals } = availabilityAt(start, facts);
    const zone = slot?.zone ?? facts.places[0]?.zone;
    if (zone) assertClockShows(wanted.start, zone, 'start');
    const [first] = refusals ?? [];
    if (first && isTaken(first)) throw await this.notFree(first, wanted, start);
    if (first) throw refusalOf(first, 'start');
    const mode = wanted.agenda.moving ? wanted.mode : modeOf(facts.type, wanted.mode);
    if (!mode) throw refusal('APPOINTMENT.MODE_NOT_OFFERED', 'mode', 'is not one in which this type is offered');
    return { mode, ...placeOf(slot as Slot) };
  }

  private async notFree(
    why: ConstructorParameters<typeof NotFree>[0],
    wanted: Wanted,
    start: number,
  ): Promise<NotFree> {
    return new NotFree(why, await this.slots.next(wanted.agenda, start, wanted.audience));
  }

  private async assertActivePatient(patientId: string): Promise<void> {
    const patient = await this.neighbours.patient(patientId);
    if (!patient) throw refusal('APPOINTMENT.PATIENT_UNKNOWN', 'patientId', 'is not a known patient');
    if (!patient.active)
      throw refusal('APPOINTMENT.PATIENT_INACTIVE', 'patientId', 'is a patient who is no longer active');
  }
}

export interface Wanted {
  agenda: Agenda;
  patientId: string;
  start: DateTime;
  mode?: Mode;
  audience: Facts['audience'];
}

/** What of an appointment follows from the slot that it takes. */
export type PlaceInAgenda = Pick<
  Appointment,
  | 'mode'
  | 'placeId'
  | 'zone'
  | 'start'
  | 'end'
  | 'busyFrom'
  | 'busyUntil'
  | 'session'
  | 'seat'
  | 'day'
  | 'dayPlace'
  | 'resources'
>;

export const placeOf = (slot: Slot): Omit<PlaceInAgenda, 'mode'> => ({
  placeId: slot.placeId,
  zone: slot.zone,
  start: new Date(slot.start),
  end: new Date(slot.end),
  busyFrom: slot.blocked.start === slot.start ? undefined : new Date(slot.blocked.start),
  busyUntil: slot.blocked.end === slot.end ? undefined : new Date(slot.blocked.end),
  session: slot.session,
  seat: slot.seat,
  day: slot.day,
  dayPlace: slot.dayPlace,
  resources: slot.resources,
});

/** @throws 422 for a time that is not on a whole minute */
export function wholeMinute(start: DateTime): number {
  const ms = start.toMillis();
  if (ms % minute !== 0) throw refusal('APPOINTMENT.NOT_A_SLOT', 'start', 'must be on a whole minute');
  return ms;
}
