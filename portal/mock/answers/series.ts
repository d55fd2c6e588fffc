import type { appointmentApi } from '@cabinet/contracts';
import { occurrencesOf, repetitionOf } from '../../src/time/series.ts';
import { dateAt, daysAfter, instantAt, minutesAt } from '../../src/time/zone.ts';
import { appointments, freeSlots, store } from '../agenda.ts';
import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { type Appointment, idOf, patients, practitioners } from '../people.ts';

type Series = appointmentApi.components['schemas']['SeriesResponse'];
type SeriesRequest = appointmentApi.components['schemas']['SeriesRequest'];
type Slot = appointmentApi.components['schemas']['SlotResponse'];

const dayMs = 24 * 3_600_000;
const allSeries = new Map<string, Omit<Series, 'appointments'>>();

const zoneOf = (practitionerId: string): string =>
  practitioners.find(({ id }) => id === practitionerId)?.places[0]?.zone ?? 'UTC';

function slotAt(practitionerId: string, appointmentTypeId: string, start: string): Slot | undefined {
  const practitioner = practitioners.find(({ id }) => id === practitionerId);
  const at = Date.parse(start);
  return (
    practitioner &&
    freeSlots(practitioner, appointmentTypeId, at, at + dayMs, 1).find(
      (each) => each.start === new Date(at).toISOString(),
    )
  );
}

const clockAt = (start: string, zone: string): string =>
  [Math.floor(minutesAt(start, zone) / 60), minutesAt(start, zone) % 60]
    .map((each) => String(each).padStart(2, '0'))
    .join(':');

/** @throws Refused (409) with those that are taken */
function notPossible(taken: { start: string; zone: string }[]): Refused {
  return new Refused(409, 'SERIES.NOT_POSSIBLE', 'Not every occurrence of the series is possible', {
    impossible: taken.map(({ start, zone }) => ({
      local: `${dateAt(start, zone)}T${clockAt(start, zone)}`,
      reasons: [{ code: 'APPOINTMENT.SLOT_TAKEN', message: 'is taken' }],
    })),
  });
}

function book(wanted: SeriesRequest): Series {
  const { practitionerId, patientId, appointmentTypeId, start, rule, exceptDates = [], reason } = wanted;
  const zone = zoneOf(practitionerId);
  const repetition = repetitionOf(rule);
  if (!repetition) throw new Refused(422, 'SERIES.INVALID_RULE', 'This rule makes no series');
  const occurrences = occurrencesOf(start, zone, repetition).filter(({ date }) => !exceptDates.includes(date));
  const slots = occurrences.map((each) => slotAt(practitionerId, appointmentTypeId, each.start));
  const taken = occurrences.filter((_each, nth) => !slots[nth]);
  if (taken.length > 0) throw notPossible(taken.map((each) => ({ start: each.start, zone })));
  const id = idOf(`series ${practitionerId} ${start} ${allSeries.size}`);
  allSeries.set(id, { id, rule, startsAt: `${dateAt(start, zone)}T${clockAt(start, zone)}`, zone, exceptDates });
  for (const slot of slots as Slot[])
    store({
      ...slot,
      id: idOf(`${id} ${slot.start}`),
      version: 1,
      status: 'booked',
      patientId,
      mode: 'in-person',
      seriesId: id,
      occurrence: slot.start,
      ...(reason && { reason }),
      createdAt: new Date().toISOString(),
    });
  return found(id);
}

function found(id: string): Series {
  const series = allSeries.get(id);
  if (!series) throw notFound('SERIES.NOT_FOUND');
  const ofSeries = [...appointments.values()].filter(({ seriesId }) => seriesId === id);
  return { ...series, appointments: ofSeries.sort((a, b) => a.start.localeCompare(b.start)) };
}

/** This one and those ahead that follow. @throws Refused (412) for a version that is no longer the newest */
function followingOf(asked: Asked<unknown>): [first: Appointment, ...Appointment[]] {
  const first = appointments.get(asked.path.id as string);
  if (!first) throw notFound('APPOINTMENT.NOT_FOUND');
  if (!first.seriesId) throw new Refused(409, 'APPOINTMENT.NOT_OF_A_SERIES', 'The appointment is not part of a series');
  if (asked.version() !== first.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
  const others = found(first.seriesId).appointments.filter(
    (each) => (each.occurrence ?? '') > (first.occurrence ?? '') && each.status === 'booked',
  );
  return [first, ...others];
}

export const seriesAnswers: Handler[] = [
  on('post', '/api/appointments/series', ({ body }) => ({ status: 201, body: { ...book(body), impossible: [] } })),
  on('get', '/api/appointments/series/{id}', ({ path }) => ({ body: found(path.id as string) })),
  on('post', '/api/appointments/{id}/cancel-following', (asked) => {
    const { code, reason } = asked.body;
    const cancellation = { code, reason, at: new Date().toISOString(), by: asked.who.id };
    const after = followingOf(asked).map((each) =>
      store({ ...each, version: each.version + 1, status: 'cancelled', cancellation }),
    );
    return { body: { appointments: after } };
  }),
  on('post', '/api/appointments/{id}/move-following', (asked) => {
    const [first, ...others] = followingOf(asked);
    const { zone } = first;
    const start = asked.body.start;
    const days = (Date.parse(dateAt(start, zone)) - Date.parse(dateAt(first.occurrence as string, zone))) / dayMs;
    const moving = [first, ...others.filter((each) => each.start === each.occurrence)];
    const wanted = moving.map((each, nth) => {
      const date = daysAfter(dateAt(each.occurrence as string, zone), days);
      return nth === 0 ? start : instantAt(date, clockAt(start, zone), zone);
    });
    const slots = moving.map((each, nth) => slotAt(each.practitionerId, each.appointmentTypeId, wanted[nth] as string));
    const taken = wanted.filter((_each, nth) => !slots[nth]);
    if (taken.length > 0) throw notPossible(taken.map((each) => ({ start: each, zone })));
    const after = moving.map((each, nth) => {
      const slot = slots[nth] as Slot;
      return store({ ...each, version: each.version + 1, start: slot.start, end: slot.end, occurrence: slot.start });
    });
    return { body: { appointments: after } };
  }),
];

/** Somebody comes four times, every second week; the third time was moved alone. */
const firstFree = (() => {
  const [practitioner] = practitioners;
  const type = practitioner?.appointmentTypes[0];
  if (!practitioner || !type) throw new Error('nobody receives');
  const from = Date.now() + 14 * dayMs;
  const [slot] = freeSlots(practitioner, type.id, from, from + 7 * dayMs);
  if (!slot) throw new Error('nothing is free in two weeks');
  return slot;
})();

/** One that is there from the beginning. */
export const seriesId = book({
  patientId: patients[2]?.id as string,
  practitionerId: firstFree.practitionerId,
  appointmentTypeId: firstFree.appointmentTypeId,
  start: firstFree.start,
  rule: 'FREQ=WEEKLY;INTERVAL=2;COUNT=4',
}).id;

const third = found(seriesId).appointments[2];
if (third) {
  const laterBy = 30 * 60_000;
  appointments.set(third.id, {
    ...third,
    start: new Date(Date.parse(third.start) + laterBy).toISOString(),
    end: new Date(Date.parse(third.end) + laterBy).toISOString(),
  });
}
