import type { Appointment } from '../../domain/booking/appointment.js';

type Optional = { [K in keyof Appointment]-?: object extends Pick<Appointment, K> ? K : never }[keyof Appointment];

/** What stays as it was stored. */
const lasting = {
  id: 'uuid',
  patientId: 'uuid',
  practitionerId: 'uuid',
  appointmentTypeId: 'uuid',
  createdAt: 'timestamptz',
  createdBy: 'text',
} as const;

const changing = {
  status: 'text',
  placeId: 'uuid',
  zone: 'text',
  start: 'timestamptz',
  end: 'timestamptz',
  mode: 'text',
  bookedAs: 'text',
  keptFromGuardians: 'boolean',
} as const;

const optional: Record<Optional, string> = {
  busyFrom: 'timestamptz',
  busyUntil: 'timestamptz',
  session: 'uuid',
  seat: 'smallint',
  day: 'date',
  dayPlace: 'smallint',
  resources: 'int[]',
  heldUntil: 'timestamptz',
  overbooking: 'jsonb',
  scheduleVersion: 'int',
  seriesId: 'uuid',
  occurrence: 'timestamptz',
  calendarCheck: 'jsonb',
  arrivedAt: 'timestamptz',
  acceptedAt: 'timestamptz',
  delay: 'jsonb',
  reason: 'text',
  cancellation: 'jsonb',
  corrections: 'jsonb',
};

const all: Record<Exclude<keyof Appointment, 'version'>, string> = { ...lasting, ...changing, ...optional };

const quoted = (name: string): string => `"${name}"`;
const inTable = (name: string): string => quoted(name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));

/**
 * The one list of what is stored of an appointment; every statement that stores many is made of it.
 * `stored` and `given` name the columns in one order, in the table and in a record of JSON.
 */
export const appointmentColumns = {
  stored: Object.keys(all).map(inTable).join(', '),
  given: Object.keys(all).map(quoted).join(', '),
  record: Object.entries(all)
    .map(([name, type]) => `${quoted(name)} ${type}`)
    .join(', '),
  /** For an update from a record `row`. */
  changes: Object.keys({ ...changing, ...optional })
    .map((name) => `${inTable(name)} = row.${quoted(name)}`)
    .join(', '),
};

/** What an appointment may lack; a change that leaves one out clears it. */
export const emptied = Object.fromEntries(Object.keys(optional).map((name) => [name, null])) as Record<Optional, null>;
