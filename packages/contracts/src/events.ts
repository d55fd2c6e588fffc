import { z } from 'zod';

/**
 * The facts that processes tell each other. They carry ids and what changed, never names, notes or measurements: the
 * receiver asks the owner. `version` is the version of the thing after the change, so that a late event can be told
 * from a new one. Fields are only ever added, and added ones are optional.
 */
const id = z.uuid();
const version = z.number().int().min(1);
const instant = z.iso.datetime({ offset: true });

const patient = z.object({ patientId: id, version, changed: z.array(z.string()).optional() });
const practitioner = z.object({ practitionerId: id, version, changed: z.array(z.string()).optional() });
const appointment = z.object({
  appointmentId: id,
  version,
  patientId: id,
  practitionerId: id,
  appointmentTypeId: id,
  placeId: id.optional(),
  /** FHIR R4 AppointmentStatus. */
  status: z.enum(['proposed', 'pending', 'booked', 'arrived', 'fulfilled', 'cancelled', 'noshow', 'waitlist']),
  start: instant,
  end: instant,
});
const user = z.object({ userId: id, version });
const recordEntry = z.object({
  patientId: id,
  entryId: id,
  kind: z.enum(['allergy', 'condition', 'encounter', 'note']),
  version,
});

export const eventSchemas = {
  'patient.registered': patient,
  'patient.updated': patient,
  'patient.merged': patient.extend({ mergedIntoPatientId: id }),
  'patient.erased': patient,
  'practitioner.joined': practitioner,
  'practitioner.updated': practitioner,
  'practitioner.left': practitioner,
  /** A slot is kept for a patient who waits for one, until an instant. */
  'appointment.offered': appointment.extend({ answerBy: instant }),
  'appointment.booked': appointment,
  'appointment.moved': appointment,
  'appointment.cancelled': appointment,
  'appointment.arrived': appointment,
  'appointment.completed': appointment,
  'appointment.missed': appointment,
  'user.created': user,
  'user.locked': user,
  'user.role-changed': user,
  'record.opened': z.object({ patientId: id, version }),
  'record.entry-added': recordEntry,
  'record.entry-amended': recordEntry,
} as const;

export type EventType = keyof typeof eventSchemas;
export type EventData<T extends EventType> = z.infer<(typeof eventSchemas)[T]>;

/** An event as a union over its type, for handlers that switch on it. */
export type CabinetEvent = { [T in EventType]: { type: T; data: EventData<T> } }[EventType];

/** The types of all facts about one kind of thing, such as those that begin with "appointment". */
export const factTypes = (thing: string): EventType[] =>
  (Object.keys(eventSchemas) as EventType[]).filter((type) => type.startsWith(`${thing}.`));

const isKnown = (type: string): type is EventType => Object.hasOwn(eventSchemas, type);

/**
 * Checks a received event against its schema.
 * @returns undefined for a type this version does not know (newer senders may tell more than we handle)
 * @throws ZodError when the type is known and the data does not fit
 */
export function parseEvent(received: { type: string; data: unknown }): CabinetEvent | undefined {
  if (!isKnown(received.type)) return undefined;
  return { type: received.type, data: eventSchemas[received.type].parse(received.data) } as CabinetEvent;
}

/** A fact ready for the outbox, checked before it leaves. */
export function fact<T extends EventType>(type: T, partitionKey: string, data: EventData<T>) {
  return { type, partitionKey, data: eventSchemas[type].parse(data) };
}
