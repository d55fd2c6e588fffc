import type { appointmentApi } from '@cabinet/contracts';
import { appointments, freeSlots, store } from '../agenda.ts';
import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { type Appointment, practitioners } from '../people.ts';

type Schedule = appointmentApi.components['schemas']['ScheduleResponse'];
type Version = appointmentApi.components['schemas']['ScheduleVersionResponse'];
type Plan = appointmentApi.components['schemas']['AbsencePlanRequest'];
type Touched = appointmentApi.components['schemas']['TouchedAppointment'];

/** As free times of the mock are: weekdays from 9 to 12, and from 14 to 18. */
const schedules = new Map<string, Schedule>(
  practitioners.map(({ id, places }) => {
    const placeId = places[0]?.id as string;
    const usual = { placeId, daysOfWeek: ['mon', 'tue', 'wed', 'thu', 'fri'] } satisfies Partial<Schedule['hours'][0]>;
    const hours: Schedule['hours'] = [
      { ...usual, startTime: '09:00', endTime: '12:00' },
      { ...usual, startTime: '14:00', endTime: '18:00' },
    ];
    const nothing = { exceptions: [], extraOpenings: [], absences: [], rules: [] };
    return [id, { practitionerId: id, version: 1, hours, holidays: [{ placeId, country: 'FR' }], ...nothing }];
  }),
);

function found({ path }: Asked<unknown>): Schedule {
  const schedule = schedules.get(path.practitionerId as string);
  if (!schedule) throw notFound('PRACTITIONER.NOT_FOUND');
  return schedule;
}

const versions = new Map([...schedules].map(([id, schedule]): [string, Version[]] => [id, [schedule]]));

function keep(schedule: Schedule, changedBy: string): Schedule {
  const next = { ...schedule, version: schedule.version + 1 };
  schedules.set(next.practitionerId, next);
  versions.get(next.practitionerId)?.unshift({ ...next, changedAt: new Date().toISOString(), changedBy });
  return next;
}

const tagged = (body: Schedule) => ({ headers: { ETag: `"v${body.version}"` }, body });

const dayMs = 24 * 3_600_000;

/** What becomes of the appointments of those days; one after the other takes the first time that is free behind them. */
function touchedBy(practitionerId: string, { startDate, endDate, action }: Plan): Touched[] {
  const behind = Date.parse(`${endDate}T00:00:00Z`) + dayMs;
  const practitioner = practitioners.find(({ id }) => id === practitionerId);
  const taken = new Set<string>();
  return [...appointments.values()]
    .filter((each) => each.practitionerId === practitionerId && each.status === 'booked')
    .filter(({ start }) => startDate <= start.slice(0, 10) && start.slice(0, 10) <= endDate)
    .sort((a, b) => a.start.localeCompare(b.start))
    .map((appointment): Touched => {
      const free =
        action === 'move' && practitioner
          ? freeSlots(practitioner, appointment.appointmentTypeId, behind, behind + 28 * dayMs)
          : [];
      const slot = free.find(({ start }) => !taken.has(start));
      if (!slot) return { appointment, becomes: 'cancelled' };
      taken.add(slot.start);
      return { appointment, becomes: 'moved', newStart: slot.start, newEnd: slot.end, newPlaceId: slot.placeId };
    });
}

const tokenOf = (touched: Touched[]): string =>
  JSON.stringify(touched.map(({ appointment, newStart }) => [appointment.id, appointment.version, newStart]));

export const scheduleAnswers: Handler[] = [
  on('get', '/api/schedules/{practitionerId}', (asked) => tagged(found(asked))),
  on('get', '/api/schedules/{practitionerId}/versions', (asked) => ({
    body: { items: versions.get(found(asked).practitionerId) ?? [] },
  })),
  on('put', '/api/schedules/{practitionerId}', (asked) => {
    const before = found(asked);
    if (asked.version() !== before.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
    return tagged(keep({ ...before, ...asked.body }, asked.who.id));
  }),
  on('post', '/api/schedules/{practitionerId}/absences/preview', (asked) => {
    const touched = touchedBy(found(asked).practitionerId, asked.body);
    return { body: { touched, token: tokenOf(touched) } };
  }),
  on('post', '/api/schedules/{practitionerId}/absences', (asked) => {
    const before = found(asked);
    const { token, reason, action: _, withinDays: __, ...absence } = asked.body;
    const touched = touchedBy(before.practitionerId, asked.body);
    if (token !== tokenOf(touched))
      throw new Refused(409, 'ABSENCE.CHANGED', 'Something has changed since the preview; nothing was done');
    const after = touched.map(({ appointment, newStart, newEnd }): Appointment => {
      const version = appointment.version + 1;
      return newStart && newEnd
        ? { ...appointment, version, start: newStart, end: newEnd }
        : {
            ...appointment,
            version,
            status: 'cancelled',
            cancellation: { code: 'prov', reason, at: new Date().toISOString(), by: asked.who.id },
          };
    });
    const { version } = keep({ ...before, absences: [...before.absences, absence] }, asked.who.id);
    return { status: 201, body: { scheduleVersion: version, appointments: after.map(store) } };
  }),
];
