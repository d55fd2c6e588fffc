import type { appointmentApi } from '@cabinet/contracts';
import { Refused } from './operation.ts';
import { type Appointment, idOf, type Practitioner, patients, practitioners } from './people.ts';

type Slot = appointmentApi.components['schemas']['SlotResponse'];

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
  appointments.set(appointment.id, appointment);
  const { practitionerId, start: from, end: until } = appointment;
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

const isTaken = (practitionerId: string, start: number, end: number): boolean =>
  [...appointments.values()].some(
    (each) =>
      each.practitionerId === practitionerId &&
      ['booked', 'pending', 'arrived'].includes(each.status) &&
      !(each.heldUntil && Date.parse(each.heldUntil) < Date.now()) &&
      Date.parse(each.start) < end &&
      Date.parse(each.end) > start,
  );

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
    const { hour, weekday } = clockAt(start, place.zone);
    const isOpen = (hour >= 9 && hour < 12) || (hour >= 14 && hour < 18);
    if (!isOpen || /Sat|Sun/.test(weekday) || new Date(start).toISOString().startsWith(holiday)) continue;
    const end = start + type.minutes * minute;
    if (isTaken(practitioner.id, start, end)) continue;
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

/** @throws Refused (409) with the nearest free times, as the service does */
export function take(
  wanted: { patientId: string; practitionerId: string; appointmentTypeId: string; start: string; reason?: string },
  status: Appointment['status'],
  heldMinutes?: number,
): Appointment {
  const practitioner = practitioners.find(({ id }) => id === wanted.practitionerId);
  if (!practitioner) throw new Refused(422, 'APPOINTMENT.PRACTITIONER_UNKNOWN', 'There is no such practitioner');
  const at = Date.parse(wanted.start);
  const free = freeSlots(practitioner, wanted.appointmentTypeId, at - day, at + 14 * day);
  const slot = free.find(({ start }) => Date.parse(start) === at);
  if (!slot) throw slotTaken(free);
  return store({
    ...slot,
    id: idOf(`${wanted.practitionerId} ${wanted.start} ${Date.now()}`),
    version: 1,
    status,
    patientId: wanted.patientId,
    mode: 'in-person',
    ...(wanted.reason && { reason: wanted.reason }),
    ...(heldMinutes && { heldUntil: new Date(Date.now() + heldMinutes * minute).toISOString() }),
    createdAt: new Date().toISOString(),
  });
}

export const slotTaken = (nextFreeSlots: Slot[]): Refused =>
  new Refused(409, 'APPOINTMENT.SLOT_TAKEN', 'The slot has been taken', { nextFreeSlots: nextFreeSlots.slice(0, 5) });

/** Every third half hour of the next days is somebody's, Alice's among them; one of hers is cancelled. */
for (const [nth, practitioner] of practitioners.entries()) {
  const typeId = practitioner.appointmentTypes[0]?.id as string;
  for (const [place, slot] of freeSlots(practitioner, typeId, Date.now(), Date.now() + 10 * day).entries()) {
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
