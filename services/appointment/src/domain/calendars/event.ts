import type { Appointment } from '../booking/appointment.js';

/** What an event says beside its time. */
export interface EventText {
  summary: string;
  /** Where a video appointment takes place. */
  url?: string;
}

/** An appointment of ours as an event of a calendar (RFC 5545). */
export interface CalendarEvent extends EventText {
  appointmentId: string;
  uid: string;
  /** Grows with every change of the appointment, so that an older writing never counts against a newer one. */
  sequence: number;
  start: Date;
  end: Date;
  status: 'CONFIRMED' | 'TENTATIVE' | 'CANCELLED';
  /** The same for the same state of the appointment, so that it is written the same. */
  stamp: Date;
}

const uidDomain = 'appointment.cabinet';

export const uidOf = (appointmentId: string): string => `${appointmentId}@${uidDomain}`;

/** An identifier that Google takes for an event (base32hex), and that names the appointment. */
export const googleIdOf = (appointmentId: string): string => appointmentId.replaceAll('-', '');

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const ownUid = new RegExp(`^(${uuid})@appointment\\.cabinet$`);
const ownGoogleUid = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})(@google\.com)?$/;

/** The appointment that an event's UID names. Whether it is one of this practice, the store knows. */
export function appointmentOf(uid: string): string | undefined {
  const own = ownUid.exec(uid)?.[1];
  if (own) return own;
  const parts = ownGoogleUid.exec(uid);
  return parts ? parts.slice(1, 6).join('-') : undefined;
}

const eventStatuses: Partial<Record<Appointment['status'], CalendarEvent['status']>> = {
  pending: 'TENTATIVE',
  booked: 'CONFIRMED',
  arrived: 'CONFIRMED',
  fulfilled: 'CONFIRMED',
};

/** The appointment as an event; one that no longer takes its time, or is only held, is a cancelled one. */
export const eventOf = (appointment: Appointment, { summary, url }: EventText): CalendarEvent => ({
  appointmentId: appointment.id,
  uid: uidOf(appointment.id),
  sequence: appointment.version - 1,
  start: appointment.start,
  end: appointment.end,
  status: isHold(appointment) ? 'CANCELLED' : (eventStatuses[appointment.status] ?? 'CANCELLED'),
  summary,
  url,
  stamp: appointment.cancellation?.at ?? appointment.createdAt,
});

const isHold = ({ status, heldUntil }: Appointment): boolean => status === 'pending' && heldUntil !== undefined;
