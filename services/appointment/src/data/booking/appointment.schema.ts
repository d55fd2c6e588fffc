import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type {
  Appointment,
  CalendarCheck,
  Cancellation,
  Correction,
  Delay,
  Overbooking,
} from '../../domain/booking/appointment.js';
import type { AppointmentStatus } from '../../domain/booking/status.js';
import type { Mode } from '../../domain/schedule/booking-rules.js';

export const AppointmentSchema = defineEntity({
  name: 'Appointment',
  tableName: 'appointment',
  properties: {
    id: p.uuid().primary(),
    version: p.integer().version(),
    status: p.text().$type<AppointmentStatus>(),
    patientId: p.uuid(),
    practitionerId: p.uuid(),
    appointmentTypeId: p.uuid(),
    placeId: p.uuid(),
    zone: p.text(),
    start: p.datetime().columnType('timestamptz'),
    end: p.datetime().columnType('timestamptz'),
    mode: p.text().$type<Mode>(),
    busyFrom: p.datetime().columnType('timestamptz').nullable(),
    busyUntil: p.datetime().columnType('timestamptz').nullable(),
    session: p.uuid().nullable(),
    seat: p.integer().nullable(),
    day: p.date().nullable(),
    dayPlace: p.integer().nullable(),
    resources: p
      .array((text) => Number(text))
      .columnType('int[]')
      .nullable(),
    heldUntil: p.datetime().columnType('timestamptz').nullable(),
    overbooking: p.json<Overbooking>().nullable(),
    scheduleVersion: p.integer().nullable(),
    bookedAs: p.text().$type<Appointment['bookedAs']>().nullable(),
    keptFromGuardians: p.boolean(),
    seriesId: p.uuid().nullable(),
    occurrence: p.datetime().columnType('timestamptz').nullable(),
    calendarCheck: p.json<CalendarCheck>().nullable(),
    arrivedAt: p.datetime().columnType('timestamptz').nullable(),
    acceptedAt: p.datetime().columnType('timestamptz').nullable(),
    delay: p.json<Delay>().nullable(),
    reason: p.text().nullable(),
    cancellation: p.json<Cancellation>().nullable(),
    corrections: p.json<Correction[]>().nullable(),
    createdAt: p.datetime().columnType('timestamptz'),
    createdBy: p.text(),
  },
});
export type AppointmentRow = InferEntity<typeof AppointmentSchema>;

/** Without what the row lacks. */
export const present = <T extends object>(row: T): Partial<T> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined && value !== null)) as Partial<T>;

export const toAppointment = (row: AppointmentRow): Appointment => {
  const { cancellation, corrections, delay, ...rest } = row;
  return {
    ...(present(rest) as Appointment),
    // The release before may still store offers that do not say it.
    bookedAs: row.bookedAs ?? 'practitioner',
    delay: delay ? { ...delay, at: new Date(delay.at) } : undefined,
    cancellation: cancellation ? { ...cancellation, at: new Date(cancellation.at) } : undefined,
    corrections: corrections?.map((each) => ({ ...each, at: new Date(each.at) })),
  };
};
