import { newId } from '@cabinet/kit/ids';
import type { Facts, Slot } from '../availability/availability.js';
import type { BookingRules } from '../schedule/booking-rules.js';
import type { Appointment } from './appointment.js';
import type { Change } from './ports.js';

/** What of an appointment follows from the time that it takes. */
export type PlaceInAgenda = Pick<
  Appointment,
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
  | 'overbooking'
  | 'calendarCheck'
  | 'scheduleVersion'
>;

/** What of an appointment is so wherever it takes place. */
type Booking = Omit<Appointment, keyof PlaceInAgenda | 'id' | 'version' | 'status'> & {
  /** By default a new one. */
  id?: string;
  /** What it is once nothing speaks against its time, unless it is held. */
  becomes: 'pending' | 'booked';
};

/** What a patient books of some types is for the practice to confirm. */
export const becomesOf = ({ needsConfirmation }: BookingRules, audience: Facts['audience']): Booking['becomes'] =>
  needsConfirmation && audience === 'patients' ? 'pending' : 'booked';

/** The one way in which appointments come to be: pending while they are held, or while a calendar may have their time. */
export function appointmentIn(place: PlaceInAgenda, { becomes, id = newId(), ...booking }: Booking): Appointment {
  return {
    ...booking,
    ...place,
    id,
    version: 1,
    status: booking.heldUntil || place.calendarCheck ? 'pending' : becomes,
    calendarCheck: place.calendarCheck && { ...place.calendarCheck, becomes },
  };
}

/**
 * The appointment at another time; a doubt about the old one is over. Of what is pending nothing was told, so nothing is,
 * unless only that doubt kept it from being booked.
 */
export function movedTo(appointment: Appointment, place: PlaceInAgenda): Change {
  const isBooked = appointment.status === 'booked';
  const becomes = appointment.calendarCheck?.becomes ?? (isBooked ? 'booked' : 'pending');
  // What was said of it was said of its time before.
  const moved = {
    ...appointment,
    ...place,
    acceptedAt: undefined,
    delay: undefined,
    calendarCheck: place.calendarCheck && { ...place.calendarCheck, becomes },
  };
  if (isBooked) return { appointment: moved, happening: 'moved' };
  const isToBook = becomes === 'booked' && !appointment.heldUntil && !place.calendarCheck;
  return isToBook ? { appointment: { ...moved, status: 'booked' }, happening: 'booked' } : { appointment: moved };
}

export const placeOf = (slot: Slot): PlaceInAgenda => ({
  ...alone,
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
  scheduleVersion: slot.scheduleVersion,
  calendarCheck: slot.doubt === 'tentative' ? { state: 'awaited', becomes: 'booked' } : undefined,
});

/** Of an appointment that keeps nothing free around it, takes no seat, no place of the day and no room, and asks no schedule. */
export const alone = {
  busyFrom: undefined,
  busyUntil: undefined,
  session: undefined,
  seat: undefined,
  day: undefined,
  dayPlace: undefined,
  resources: undefined,
  overbooking: undefined,
  scheduleVersion: undefined,
  calendarCheck: undefined,
} satisfies Partial<PlaceInAgenda>;
