import type { appointmentApi } from '@cabinet/contracts';
import { Refused } from './operation.ts';
import { type Appointment, idOf, type Practitioner, patients, practitioners } from './people.ts';

type Slot = appointmentApi.components['schemas']['SlotResponse'];
type SlotRefusal = appointmentApi.components['schemas']['SlotRefusal'];
type Wanted = Pick<appointmentApi.components['schemas']['AppointmentRequest'], 'start' | 'overbook'>;

const minute = 60_000;
const day = 24 * 60 * minute;

/** All that is booked or kept, and in which agenda something changed, one after the other. */
export const appointments = new Map<string, Appointment>();
export const changes: { practitionerId: string; from: string; until: string }[] = [];
const listeners = new Set<() => void>();

export function onChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function store(appointment: Appointment): Appointment {
  const before = appointments.get(appointment.id);
  appointments.set(appointment.id, appointment);
  // Also where it was: that may be in the agenda of somebody else.
  for (const { practitionerId, start: from, end: until } of [...(before ? [before] : []), appointment])
    changes.push({ practitionerId, from, until });
  for (const listener of listeners) listener();
  return appointment;
}

const isWeekend = (date: string): boolean => [0, 6].includes(new Date(`${date}T12:00:00Z`).getUTCDay());

/** In some weeks, the first day of the week that is a public holiday at all places. */
export const holiday = Array.from({ length: 3 }, (_, nth) =>
  new Date(Date.now() + (20 + nth) * day).toISOString().slice(0, 10),
).find((date) => !isWeekend(date)) as string;

/** The clock of a place in Europe, as the weekday and hour of an instant; good enough for working hours. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockAt(instant: number, zone: string): { hour: number; weekday: string } {
  const options = { timeZone: zone, hour: '2-digit', weekday: 'short', hourCycle: 'h23' } as const;
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat('en-GB', options);
  clocks.set(zone, clock);
  const parts = new Map(clock.formatToParts(instant).map(({ type, value }) => [type, value]));
  return { hour: Number(parts.get('hour')), weekday: parts.get('weekday') ?? '' };
}

/** Whether it takes its time from others. */
const blocks = ({ status, heldUntil }: Appointment): boolean =>
  ['booked', 'pending', 'arrived'].includes(status) && !(heldUntil && Date.parse(heldUntil) < Date.now());

/** What stands in an agenda between two times. */
const takenIn = (practitionerId: string, start: number, end: number): Appointment[] =>
  [...appointments.values()].filter(
    (each) =>
      each.practitionerId === practitionerId &&
      blocks(each) &&
      Date.parse(each.start) < end &&
      Date.parse(each.end) > start,
  );

const isOpen = (start: number, zone: string): boolean => {
  const { hour, weekday } = clockAt(start, zone);
  return ((hour >= 9 && hour < 12) || (hour >= 14 && hour < 18)) && !/Sat|Sun/.test(weekday);
};
const isHoliday = (start: number): boolean => new Date(start).toISOString().startsWith(holiday);

/** All that is in the way of a time. */
export function inTheWay(practitioner: Practitioner, start: number, end: number): SlotRefusal[] {
  const reasons: SlotRefusal[] = [];
  const because = (code: SlotRefusal['code'], message: string, more = {}) => reasons.push({ code, message, ...more });
  if (start < Date.now()) because('APPOINTMENT.IN_THE_PAST', 'has passed');
  if (isHoliday(start)) because('APPOINTMENT.PUBLIC_HOLIDAY', 'is a public holiday');
  else if (!isOpen(start, practitioner.places[0]?.zone ?? 'UTC'))
    because('APPOINTMENT.OUTSIDE_WORKING_HOURS', 'is closed');
  if (start % (30 * minute) !== 0) because('APPOINTMENT.NOT_A_SLOT', 'is no beginning of a visit');
  for (const each of takenIn(practitioner.id, start, end)) {
    const more = { appointmentId: each.id, from: each.start, until: each.end };
    because('APPOINTMENT.SLOT_TAKEN', 'is taken', more);
  }
  return reasons;
}

/** Half hours of weekdays between 9 and 12, 14 and 18, at which nobody comes. */
export function freeSlots(
  practitioner: Practitioner,
  appointmentTypeId: string,
  from: number,
  to: number,
  slotsMax = 200,
): Slot[] {
  const [place] = practitioner.places;
  const type = practitioner.appointmentTypes.find(({ id }) => id === appointmentTypeId);
  if (!place || !type)
    throw new Refused(422, 'APPOINTMENT.TYPE_UNKNOWN', 'The practitioner has no such appointment type');
  const slots: Slot[] = [];
  const begin = Math.ceil(Math.max(from, Date.now()) / (30 * minute)) * 30 * minute;
  for (let start = begin; start < to && slots.length < slotsMax; start += 30 * minute) {
    if (!isOpen(start, place.zone) || isHoliday(start)) continue;
    const end = start + type.minutes * minute;
    if (takenIn(practitioner.id, start, end).length > 0) continue;
    slots.push({
      practitionerId: practitioner.id,
      placeId: place.id,
      appointmentTypeId,
      start: new Date(start).toISOString(),
      end: new Date(end).toISOString(),
      zone: place.zone,
    });
  }
  return slots;
}

/**
 * The place in an agenda that somebody wants, over what is in its way where they say why.
 * @param moving what is to go there: it is not in its own way, and keeps its length
 * @throws Refused (409) with the nearest free times, or (422), as the service does
 */
export function placeIn(
  practitioner: Practitioner,
  appointmentTypeId: string,
  { start, overbook }: Wanted,
  by: string,
  moving?: Appointment,
): Pick<Appointment, 'start' | 'end' | 'placeId' | 'zone' | 'overbooking'> {
  const [place] = practitioner.places;
  const type = practitioner.appointmentTypes.find(({ id }) => id === appointmentTypeId);
  if (!place || !type)
    throw new Refused(422, 'APPOINTMENT.TYPE_UNKNOWN', 'The practitioner has no such appointment type');
  const at = Date.parse(start);
  const length = moving ? Date.parse(moving.end) - Date.parse(moving.start) : type.minutes * minute;
  const reasons = inTheWay(practitioner, at, at + length).filter(
    ({ appointmentId }) => !moving || appointmentId !== moving.id,
  );
  const [first] = reasons;
  if (first && !(overbook && first.code !== 'APPOINTMENT.IN_THE_PAST')) {
    if (first.code !== 'APPOINTMENT.SLOT_TAKEN') throw new Refused(422, first.code, first.message);
    throw slotTaken(freeSlots(practitioner, appointmentTypeId, at - day, at + 14 * day));
  }
  return {
    ...{ start: new Date(at).toISOString(), end: new Date(at + length).toISOString() },
    ...{ placeId: place.id, zone: place.zone },
    overbooking: first && overbook && { by, reason: overbook.reason, over: reasons.map(({ code }) => code) },
  };
}

/** @throws Refused as `placeIn` */
export function take(
  wanted: appointmentApi.components['schemas']['AppointmentRequest'],
  by: string,
  status: Appointment['status'],
  heldMinutes?: number,
): Appointment {
  const practitioner = practitioners.find(({ id }) => id === wanted.practitionerId);
  if (!practitioner) throw new Refused(422, 'APPOINTMENT.PRACTITIONER_UNKNOWN', 'There is no such practitioner');
  const { practitionerId, appointmentTypeId, patientId } = wanted;
  return store({
    ...placeIn(practitioner, appointmentTypeId, wanted, by),
    ...{ practitionerId, appointmentTypeId, patientId },
    id: idOf(`${wanted.practitionerId} ${wanted.start} ${Date.now()}`),
    version: 1,
    status,
    mode: 'in-person',
    ...(wanted.reason && { reason: wanted.reason }),
    ...(heldMinutes && { heldUntil: new Date(Date.now() + heldMinutes * minute).toISOString() }),
    createdAt: new Date().toISOString(),
  });
}

export const slotTaken = (nextFreeSlots: Slot[]): Refused =>
  new Refused(409, 'APPOINTMENT.SLOT_TAKEN', 'The slot has been taken', { nextFreeSlots: nextFreeSlots.slice(0, 5) });

/** From the next midnight on: what there is depends on the day, and not on the hour. */
const tomorrow = Math.ceil(Date.now() / day) * day;

/** Every third half hour of the next days is somebody's, Alice's among them; one of hers is cancelled. */
for (const [nth, practitioner] of practitioners.entries()) {
  const typeId = practitioner.appointmentTypes[0]?.id as string;
  for (const [place, slot] of freeSlots(practitioner, typeId, tomorrow, tomorrow + 10 * day).entries()) {
    if (place % 3 !== 0) continue;
    const patient = patients[place % 30 === 0 && nth === 0 ? 0 : (place + nth * 7) % patients.length];
    const id = idOf(`${practitioner.id} ${slot.start}`);
    const isCancelled = place === 30;
    appointments.set(id, {
      ...slot,
      id,
      version: 1,
      status: isCancelled ? 'cancelled' : 'booked',
      patientId: patient?.id as string,
      mode: 'in-person',
      createdAt: new Date(Date.now() - day).toISOString(),
    });
  }
}
