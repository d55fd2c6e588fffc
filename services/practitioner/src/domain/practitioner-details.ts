import { FieldErrors } from '@cabinet/kit/errors';
import { newId } from '@cabinet/kit/ids';
import { readAddress } from '@cabinet/people/address';
import { foldName, readName } from '@cabinet/people/names';
import { readTelecom } from '@cabinet/people/telecom';
import type { AppointmentType, Place, PractitionerDetails, Speciality } from './practitioner.js';
import { readRpps } from './rpps.js';
import { readSpecialities } from './specialities.js';
import { readZone } from './zones.js';

/** Details as they were sent. A place or type with the id of one that exists is that one, without an id it is new. */
export type DetailsInput = Pick<PractitionerDetails, 'familyName' | 'givenNames' | 'rpps'> & {
  specialities?: Partial<Speciality>[];
  places?: PlaceInput[];
  appointmentTypes?: (Omit<AppointmentType, 'id'> & { id?: string })[];
  telecom?: PractitionerDetails['telecom'];
};

export type PlaceInput = { id?: string; name: string; zone: string; address?: Parameters<typeof readAddress>[0] };

/** So many of each at most, however they come in. */
const countsMax = { givenNames: 10, specialities: 10, places: 20, appointmentTypes: 50, telecom: 10 } as const;
const listNames = Object.keys(countsMax) as (keyof typeof countsMax)[];
const minutes = { min: 5, max: 480 };

/**
 * Checks and normalises what was sent.
 * @param current the practitioner as stored, whose places and types may be named by id
 * @throws InvalidInput (422) naming every field that is wrong
 */
export function readDetails(
  input: DetailsInput,
  current?: Pick<PractitionerDetails, 'places' | 'appointmentTypes'>,
): PractitionerDetails {
  const errors = new FieldErrors();
  if (input.givenNames.length === 0) errors.add('givenNames', 'REQUIRED', 'needs at least one name');
  for (const name of listNames) errors.atMost(countsMax[name], name, input[name] ?? []);
  const details: PractitionerDetails = {
    familyName: readName(input.familyName, 'familyName', errors),
    givenNames: input.givenNames.map((name, index) => readName(name, `givenNames[${index}]`, errors)),
    rpps: input.rpps === undefined ? undefined : readRpps(input.rpps, 'rpps', errors),
    specialities: readSpecialities(input.specialities ?? [], 'specialities', errors),
    places: (input.places ?? []).map((place, index) => readPlace(place, `places[${index}]`, errors)),
    appointmentTypes: (input.appointmentTypes ?? []).map((type, index) =>
      readType(type, `appointmentTypes[${index}]`, errors),
    ),
    telecom: readTelecom(input.telecom ?? [], 'telecom', errors),
  };
  assertIds(input.places ?? [], current?.places ?? [], 'places', errors);
  assertIds(input.appointmentTypes ?? [], current?.appointmentTypes ?? [], 'appointmentTypes', errors);
  assertNamesDiffer(details.places, 'places', errors);
  assertNamesDiffer(details.appointmentTypes, 'appointmentTypes', errors);
  errors.throwIfAny();
  return details;
}

function readPlace({ id, name, zone, address }: PlaceInput, path: string, errors: FieldErrors): Place {
  const known = readZone(zone.trim());
  if (!known) errors.add(`${path}.zone`, 'NO_ZONE', 'must be an IANA time zone, like Europe/Paris');
  const place: Place = {
    id: id ?? newId(),
    name: readName(name, `${path}.name`, errors),
    zone: known ?? zone,
  };
  // Left out rather than undefined, which the database would give back as null.
  if (address) place.address = readAddress(address, `${path}.address`, errors);
  return place;
}

function readType(
  { id, name, minutes: lasts }: Omit<AppointmentType, 'id'> & { id?: string },
  path: string,
  errors: FieldErrors,
): AppointmentType {
  if (!Number.isInteger(lasts) || lasts < minutes.min || lasts > minutes.max) {
    errors.add(`${path}.minutes`, 'NO_LENGTH', `must be a whole number from ${minutes.min} to ${minutes.max}`);
  }
  return { id: id ?? newId(), name: readName(name, `${path}.name`, errors), minutes: lasts };
}

// Schedules and appointments refer to these ids, so a caller cannot make them up or use one twice.
function assertIds(sent: { id?: string }[], known: { id: string }[], path: string, errors: FieldErrors): void {
  const unused = new Set(known.map(({ id }) => id));
  sent.forEach(({ id }, index) => {
    if (id !== undefined && !unused.delete(id)) {
      errors.add(`${path}[${index}].id`, 'UNKNOWN_ID', 'is not the id of one that exists; leave it out for a new one');
    }
  });
}

function assertNamesDiffer(items: { name: string }[], path: string, errors: FieldErrors): void {
  const seen = new Set<string>();
  items.forEach(({ name }, index) => {
    const folded = foldName(name);
    if (seen.has(folded)) errors.add(`${path}[${index}].name`, 'NAME_TWICE', 'has the name of another');
    seen.add(folded);
  });
}
