import { FieldErrors } from '@cabinet/kit';
import { isRealDate, readAddress, readName, readTelecom } from '@cabinet/kit/people';
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
const givenNamesMax = 10;

/**
 * Checks and normalises what was sent.
 * @throws InvalidInput (422) naming every field that is wrong
 */
export function readDetails(input: DetailsInput, { mode, now }: DetailsRules): PatientDetails {
  const errors = new FieldErrors();
  if (input.givenNames.length === 0) errors.add('givenNames', 'REQUIRED', 'needs at least one name');
  if (input.givenNames.length > givenNamesMax) errors.add('givenNames', 'TOO_MANY', `has more than ${givenNamesMax}`);
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

const readContact = (
  { relationship, familyName, givenNames = [], telecom = [] }: NonNullable<DetailsInput['contacts']>[number],
  path: string,
  errors: FieldErrors,
): Contact => ({
  relationship,
  familyName: readName(familyName, `${path}.familyName`, errors),
  givenNames: givenNames.map((name, index) => readName(name, `${path}.givenNames[${index}]`, errors)),
  telecom: readTelecom(telecom, `${path}.telecom`, errors),
});
