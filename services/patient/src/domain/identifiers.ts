import type { FieldError, FieldErrors } from '@cabinet/kit/errors';
import { tidy } from '@cabinet/people/names';
import { validate } from 'stdnum/lib/cjs/fr/nir.js';
import type { Gender, Identifier } from './patient.js';

/** OIDs of the national health identity (INS), as FHIR systems. */
export const insSystems = {
  nir: 'urn:oid:1.2.250.1.213.1.4.8',
  nia: 'urn:oid:1.2.250.1.213.1.4.9',
  test: 'urn:oid:1.2.250.1.213.1.4.10',
  demonstration: 'urn:oid:1.2.250.1.213.1.4.11',
} as const;

const systemLengthMax = 200;

export type Mode = 'demonstration' | 'production';

// Identities of real people must not get into a demonstration, nor made-up ones into a practice's files.
const notAllowed: Record<Mode, readonly string[]> = {
  production: [insSystems.test, insSystems.demonstration],
  demonstration: [insSystems.nir, insSystems.nia],
};

const isIns = (system: string): boolean => Object.values<string>(insSystems).includes(system);

/**
 * Checks and normalises identifiers. Of an INS only its form and its key are checked: months above 12, departments of
 * 97x and 99, and first digits other than 1 and 2 all occur.
 */
export function readIdentifiers(
  identifiers: readonly Identifier[],
  mode: Mode,
  errors: FieldErrors,
  path = 'identifiers',
): Identifier[] {
  const systems = new Set<string>();
  return identifiers.map(({ system: sent, value }, index) => {
    const system = sent.trim();
    const at = `${path}[${index}]`;
    if (systems.has(system)) errors.add(`${at}.system`, 'SYSTEM_TWICE', 'has an identifier already');
    systems.add(system);
    if (!/^[a-z][a-z0-9+.-]*:\S+$/i.test(system)) {
      errors.add(`${at}.system`, 'NO_SYSTEM', 'must be a URI, like urn:oid:1.2.250.1.213.1.4.8');
    }
    if (system.length > systemLengthMax) {
      errors.add(`${at}.system`, 'TOO_LONG', `has more than ${systemLengthMax} characters`);
    }
    if (notAllowed[mode].includes(system)) {
      const message =
        mode === 'production'
          ? 'is the system of made-up identities, which have no place in production'
          : 'is the system of real identities, which have no place in a demonstration';
      errors.add(`${at}.system`, 'SYSTEM_NOT_ALLOWED', message);
    }
    return { system, value: isIns(system) ? readIns(value, `${at}.value`, errors) : readOther(value, at, errors) };
  });
}

function readIns(text: string, path: string, errors: FieldErrors): string {
  const result = validate(text);
  if (result.isValid) return result.compact;
  const isChecksum = result.error.name === 'InvalidChecksum';
  if (isChecksum) errors.add(path, 'INS_KEY', 'has a key (last two digits) that does not fit');
  else errors.add(path, 'INS_FORM', 'must be 13 characters and a key of two digits');
  return text;
}

function readOther(text: string, at: string, errors: FieldErrors): string {
  const value = tidy(text);
  if (value === '') errors.add(`${at}.value`, 'REQUIRED', 'must not be empty');
  if (value.length > 100) errors.add(`${at}.value`, 'TOO_LONG', 'has more than 100 characters');
  return value;
}

/** The value in the form in which it is stored, for a search. */
export function normalisedValue(text: string): string {
  const result = validate(text);
  return result.isValid ? result.compact : tidy(text);
}

/** True for text that may be a NIR or part of an address that holds one, written with or without spaces and key. */
export const looksLikeNir = (text: string): boolean =>
  /(?<!\d)[1-8]\d{4}(\d{2}|2[AB])\d{6}(\d{2})?(?!\d)/i.test(text.replace(/[\s.-]/g, ''));

/**
 * What an INS says about sex and birth beside what the patient's other details say. Only to be looked at: a person's
 * civil record may have been corrected. Often it means that a parent's number was entered for a child.
 */
export function doubtsAbout(patient: { birthDate: string; gender: Gender; identifiers: Identifier[] }): FieldError[] {
  const index = patient.identifiers.findIndex(({ system }) => isIns(system));
  const value = patient.identifiers[index]?.value;
  if (!value) return [];
  const path = `identifiers[${index}].value`;
  const doubts: FieldError[] = [];
  const sex = { 1: 'male', 2: 'female', 3: 'male', 4: 'female', 7: 'male', 8: 'female' }[value.slice(0, 1)];
  if (sex && (patient.gender === 'male' || patient.gender === 'female') && sex !== patient.gender) {
    doubts.push({ path, code: 'INS_SEX', message: 'is that of a person of the other sex' });
  }
  const month = Number(value.slice(3, 5));
  const isKnownMonth = month >= 1 && month <= 12;
  const [, year, birthMonth] = /^\d\d(\d\d)-(\d\d)/.exec(patient.birthDate) ?? [];
  if (value.slice(1, 3) !== year || (isKnownMonth && month !== Number(birthMonth))) {
    const message =
      "is that of a person born in another month or year; a child's own INS is not the number they are insured under";
    doubts.push({ path, code: 'INS_BIRTH', message });
  }
  return doubts;
}
