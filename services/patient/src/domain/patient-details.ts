import { FieldErrors } from '@cabinet/kit/errors';
import { readAddress } from '@cabinet/people/address';
import { isRealDate } from '@cabinet/people/dates';
import { readName } from '@cabinet/people/names';
import { readTelecom } from '@cabinet/people/telecom';
import { type Mode, readIdentifiers } from './identifiers.js';
import type { Contact, PatientDetails } from './patient.js';

/** Details as they were sent: not yet tidied, checked or normalised. */
export type DetailsInput = Omit<PatientDetails, 'identifiers' | 'telecom' | 'address' | 'contacts'> & {
  identifiers?: PatientDetails['identifiers'];
  telecom?: PatientDetails['telecom'];
  address?: Parameters<typeof readAddress>[0];
  contacts?: (Omit<Contact, 'givenNames' | 'telecom'> & Partial<Contact>)[];
};

export interface DetailsRules {
  mode: Mode;
  now: Date;
}

const ageYearsMax = 130;

/** So many of each at most, however they come in. What a merge brought together may stay, and not grow. */
const countsMax = { identifiers: 10, telecom: 10, contacts: 10 } as const;
const listNames = Object.keys(countsMax) as (keyof typeof countsMax)[];
const givenNamesMax = 10;
const contactTelecomMax = 5;

/** So many of each a merge brings together at most. */
export const mergedCountMax = 50;

/** The lists of which two patients have more together than one can have. */
export const tooLongTogether = (details: PatientDetails): string[] =>
  listNames.filter((name) => details[name].length > mergedCountMax);

/**
 * Checks and normalises what was sent.
 * @param current the patient as stored, whom it is to change
 * @throws InvalidInput (422) naming every field that is wrong
 */
export function readDetails(
  input: DetailsInput,
  { mode, now }: DetailsRules,
  current?: PatientDetails,
): PatientDetails {
  const errors = new FieldErrors();
  if (input.givenNames.length === 0) errors.add('givenNames', 'REQUIRED', 'needs at least one name');
  errors.atMost(givenNamesMax, 'givenNames', input.givenNames);
  for (const name of listNames) {
    errors.atMost(Math.max(countsMax[name], current?.[name].length ?? 0), name, input[name] ?? []);
  }
  const details: PatientDetails = {
    familyName: readName(input.familyName, 'familyName', errors),
    givenNames: input.givenNames.map((name, index) => readName(name, `givenNames[${index}]`, errors)),
    birthName: input.birthName === undefined ? undefined : readName(input.birthName, 'birthName', errors),
    birthDate: readBirthDate(input.birthDate, now, errors),
    gender: input.gender,
    identifiers: readIdentifiers(input.identifiers ?? [], mode, errors),
    telecom: readTelecom(input.telecom ?? [], 'telecom', errors),
    address: input.address && readAddress(input.address, 'address', errors),
    contacts: (input.contacts ?? []).map((contact, index) => readContact(contact, `contacts[${index}]`, errors)),
  };
  errors.throwIfAny();
  return details;
}

function readBirthDate(text: string, now: Date, errors: FieldErrors): string {
  // A day may have begun elsewhere that has not begun in UTC: the first zone is 14 hours ahead.
  const today = new Date(now.getTime() + 14 * 3_600_000).toISOString().slice(0, 10);
  const oldest = `${Number(today.slice(0, 4)) - ageYearsMax}${today.slice(4)}`;
  if (!isRealDate(text)) errors.add('birthDate', 'NO_SUCH_DATE', 'must be a date that exists, as YYYY-MM-DD');
  else if (text > today) errors.add('birthDate', 'IN_THE_FUTURE', 'must not be in the future');
  else if (text < oldest) errors.add('birthDate', 'TOO_LONG_AGO', `must not be more than ${ageYearsMax} years ago`);
  return text;
}

function readContact(
  { relationship, familyName, givenNames = [], telecom = [] }: NonNullable<DetailsInput['contacts']>[number],
  path: string,
  errors: FieldErrors,
): Contact {
  errors.atMost(givenNamesMax, `${path}.givenNames`, givenNames);
  errors.atMost(contactTelecomMax, `${path}.telecom`, telecom);
  return {
    relationship,
    familyName: readName(familyName, `${path}.familyName`, errors),
    givenNames: givenNames.map((name, index) => readName(name, `${path}.givenNames[${index}]`, errors)),
    telecom: readTelecom(telecom, `${path}.telecom`, errors),
  };
}
