import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { ImportKind } from '../api/imports.ts';
import { reasonWords } from './refusals.ts';

export const importKindNames: Record<ImportKind, MessageDescriptor> = {
  patients: msg`Patients`,
  practitioners: msg`Practitioners`,
  appointments: msg`Appointments`,
};

/** The columns of each file, as they are written in its first line. */
export const importColumns: Record<ImportKind, { needed: readonly string[]; optional: readonly string[] }> = {
  patients: {
    needed: ['familyName', 'givenNames', 'birthDate'],
    optional: [
      ...['birthName', 'gender', 'ins', 'insSystem', 'phone', 'email'],
      ...['addressLine', 'postalCode', 'city', 'country'],
    ],
  },
  practitioners: {
    needed: ['familyName', 'givenNames'],
    optional: [
      ...['rpps', 'specialities', 'phone', 'email', 'placeName', 'placeAddressLine', 'placePostalCode', 'placeCity'],
      ...['placeZone', 'appointmentTypes'],
    ],
  },
  appointments: {
    needed: ['patientIns', 'practitionerRpps', 'appointmentType', 'start'],
    optional: ['patientInsSystem', 'reason'],
  },
};

/** How a file may be written, where it has no byte order mark. */
export const charsetNames: Record<string, MessageDescriptor> = {
  'utf-8': msg`UTF-8, or Unicode with its mark`,
  'windows-1252': msg`Windows (Western Europe, 1252)`,
  'iso-8859-15': msg`ISO 8859-15`,
  'utf-16le': msg`UTF-16`,
};

/** What is wrong with a value, a line or a file, where more languages than that of the service are to say it. */
export const lineWords: Record<string, MessageDescriptor> = {
  ...reasonWords,
  REQUIRED: msg`is missing`,
  TOO_LONG: msg`is too long`,
  TOO_MANY: msg`has too many`,
  NO_NAME: msg`must have a letter in it`,
  NO_SUCH_DATE: msg`must be a date that exists, as 1980-01-31`,
  AMBIGUOUS_DATE: msg`may have the day or the month in front; write it as 1980-01-31`,
  IN_THE_FUTURE: msg`must not be in the future`,
  TOO_LONG_AGO: msg`is too long ago`,
  NO_GENDER: msg`must be female, male, other or unknown, or F or M`,
  INS_KEY: msg`has a key (last two digits) that does not fit`,
  INS_FORM: msg`must be 13 characters and a key of two digits`,
  INS_SEX: msg`is that of a person of the other sex`,
  INS_BIRTH: msg`does not fit the birth date`,
  NO_SYSTEM: msg`is no system of identity numbers`,
  SYSTEM_NOT_ALLOWED: msg`is a system that is not taken here`,
  TAKEN: msg`is the number of another patient`,
  NO_COUNTRY: msg`must be a country code of two letters, like FR`,
  NO_POSTAL_CODE: msg`must be 5 digits; a spreadsheet may have dropped the first 0`,
  NO_PHONE_NUMBER: msg`is no telephone number; outside France it begins with +`,
  NO_EMAIL: msg`is no e-mail address`,
  NO_RPPS: msg`must be 11 digits`,
  CHECK_DIGIT: msg`does not have the usual check digit; compare it with the card`,
  UNKNOWN_CODE: msg`is a code that is not known; look whether it is right`,
  NO_TYPE: msg`must be name:minutes, several with | between`,
  NO_LENGTH: msg`must be a whole number of minutes, from 5 to 480`,
  NO_ZONE: msg`must be a time zone, like Europe/Paris`,
  NAME_TWICE: msg`has the name of another`,
  POSSIBLE_DUPLICATE: msg`is taken, but somebody with a similar name was born on the same day; compare them`,
  DIFFERS: msg`differs from what is known here, which is left as it is`,
  COLUMN_COUNT: msg`has more or fewer values than there are columns`,
  CONTROL_CHARACTER: msg`has a character that cannot be seen`,
  'APPOINTMENT.PATIENT_UNKNOWN': msg`is the number of nobody here; import the patients first`,
  'APPOINTMENT.PATIENT_INACTIVE': msg`is of a patient who is no longer active`,
  'APPOINTMENT.PRACTITIONER_UNKNOWN': msg`is the number of nobody here; import the practitioners first`,
  'APPOINTMENT.PRACTITIONER_INACTIVE': msg`is of a practitioner who no longer receives`,
  'APPOINTMENT.TYPE_UNKNOWN': msg`is no kind of visit of this practitioner`,
  'NEIGHBOUR.UNAVAILABLE': msg`was not tried, since a part of the system cannot be reached; import it again`,
  MISSING_HEADER: msg`the file is empty`,
  MISSING_COLUMN: msg`is missing from the first line`,
  UNKNOWN_COLUMN: msg`is no column of this import`,
  DUPLICATE_COLUMN: msg`stands in the first line twice`,
  WRONG_ENCODING: msg`is written in another way than was said; choose how, or save the file as “CSV UTF-8”`,
  NOT_TEXT: msg`is a workbook or another kind of file; save it as “CSV UTF-8” first`,
  MALFORMED_CSV: msg`cannot be read: a quotation mark may be opened and never closed`,
  TOO_MANY_COLUMNS: msg`has too many values`,
  LINE_TOO_LONG: msg`has too many characters`,
};
