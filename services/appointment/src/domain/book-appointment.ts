import { type Clock, newId, type Principal } from '@cabinet/kit';
import type { DateTime } from 'luxon';
import type { Appointment } from './appointment.js';
import { PatientBusy, refusal, SlotTaken } from './errors.js';
import { appointmentTypeOf, type FindFreeSlots, zonesOf } from './find-free-slots.js';
import type { AppointmentRepository, Neighbours, PractitionerFacts, ScheduleRepository } from './ports.js';
import { assertClockShows, type Interval, minute } from './time.js';
import { type Opening, openingsIn, type WorkingHours } from './working-hours.js';

export interface BookingRequest {
  patientId: string;
  practitionerId: string;
  appointmentTypeId: string;
  start: DateTime;
  reason?: string;
}

export class BookAppointment {
  constructor(
    private readonly appointments: AppointmentRepository,
    private readonly schedules: ScheduleRepository,
    private readonly neighbours: Neighbours,
    private readonly slots: FindFreeSlots,
    private readonly clock: Clock,
  ) {}

  /**
   * Books a slot for a patient, or leaves nothing behind.
   * @throws 422 for what cannot be booked, 409 SLOT_TAKEN or PATIENT_BUSY for what no longer can, 503 when the patient
   *   or practitioner service cannot be asked
   */
  async book(request: BookingRequest, actor: Principal): Promise<Appointment> {
    const [practitioner] = await Promise.all([
      this.slots.receivingPractitioner(request.practitionerId),
      this.assertActivePatient(request.patientId),
    ]);
    const { minutes } = appointmentTypeOf(practitioner, request.appointmentTypeId);
    const wanted = lasting(request.start, minutes);
    this.assertAhead(wanted);
    const opening = await this.openingAround(wanted, practitioner);
    assertClockShows(request.start, opening.zone, 'start');
    if (!isStaff(actor)) assertOnGrid(wanted, opening);

    const appointment: Appointment = {
      id: newId(),
      version: 1,
      status: 'booked',
      patientId: request.patientId,
      practitionerId: request.practitionerId,
      appointmentTypeId: request.appointmentTypeId,
      placeId: opening.placeId,
      zone: opening.zone,
      start: new Date(wanted.start),
      end: new Date(wanted.end),
      reason: request.reason,
      createdAt: this.clock.now(),
      createdBy: actor.id,
    };
    if ((await this.appointments.add(appointment)) === 'overlap')
      throw await this.whyTaken(practitioner, wanted, minutes);
    return appointment;
  }

  /** The opening that holds the whole time. @throws 422 OUTSIDE_WORKING_HOURS */
  async openingAround(wanted: Interval, practitioner: PractitionerFacts): Promise<Opening> {
    return openingAround(wanted, (await this.schedules.get(practitioner.id)).hours, practitioner);
  }

  assertAhead(wanted: Interval): void {
    if (wanted.start < this.clock.now().getTime()) throw refusal('APPOINTMENT.IN_THE_PAST', 'start', 'has passed');
  }

  /** Says which of the two was taken: the practitioner's time, with what is free next, or the patient's. */
  async whyTaken(practitioner: PractitionerFacts, wanted: Interval, minutes: number): Promise<SlotTaken | PatientBusy> {
    return (await this.isTaken(practitioner, wanted))
      ? this.slotTaken(practitioner, wanted, minutes)
      : new PatientBusy();
  }

  private async isTaken(practitioner: PractitionerFacts, wanted: Interval): Promise<boolean> {
    return (await this.appointments.busyTimes(practitioner.id, wanted)).length > 0;
  }

  private async slotTaken(practitioner: PractitionerFacts, wanted: Interval, minutes: number): Promise<SlotTaken> {
    return new SlotTaken(await this.slots.next(practitioner, minutes, wanted.start));
  }

  private async assertActivePatient(patientId: string): Promise<void> {
    const patient = await this.neighbours.patient(patientId);
    if (!patient) throw refusal('APPOINTMENT.PATIENT_UNKNOWN', 'patientId', 'is not a known patient');
    if (!patient.active)
      throw refusal('APPOINTMENT.PATIENT_INACTIVE', 'patientId', 'is a patient who is no longer active');
  }
}

/** The opening that holds the whole time. @throws 422 OUTSIDE_WORKING_HOURS */
export function openingAround(wanted: Interval, hours: WorkingHours[], practitioner: PractitionerFacts): Opening {
  const opening = openingsIn(wanted, hours, zonesOf(practitioner)).find(
    ({ start, end }) => start <= wanted.start && wanted.end <= end,
  );
  if (!opening) {
    throw refusal('APPOINTMENT.OUTSIDE_WORKING_HOURS', 'start', 'is outside the working hours of the practitioner');
  }
  return opening;
}

/** @throws 422 for a time that is not on a whole minute */
export function lasting(start: DateTime, minutes: number): Interval {
  const ms = start.toMillis();
  if (ms % minute !== 0) throw refusal('APPOINTMENT.NOT_A_SLOT', 'start', 'must be on a whole minute');
  return { start: ms, end: ms + minutes * minute };
}

const isStaff = (actor: Principal): boolean => actor.roles.some((role) => role !== 'patient');

// Patients take what is offered; staff may place an appointment anywhere within the hours.
function assertOnGrid(wanted: Interval, opening: Opening): void {
  if ((wanted.start - opening.start) % (wanted.end - wanted.start) !== 0) {
    throw refusal('APPOINTMENT.NOT_A_SLOT', 'start', 'is not the start of a slot; see GET /api/slots');
  }
}
