import { FieldErrors, InvalidInput, invalidField } from '@cabinet/kit/errors';
import { foldName } from '@cabinet/people/names';
import { insSystems, type Mode } from './identifiers.js';
import { type Gender, genders, type PatientDetails } from './patient.js';
import { type DetailsInput, type DetailsRules, readDetails } from './patient-details.js';

export const columns = {
  required: ['familyName', 'givenNames', 'birthDate'],
  optional: [
    'birthName',
    'gender',
    'ins',
    'insSystem',
    'phone',
    'email',
    'addressLine',
    'postalCode',
    'city',
    'country',
  ],
};

export interface LineRules extends DetailsRules {
  /** Reads a day as the file writes it. */
  dayOf(text: string): string;
}

/** @throws InvalidInput (422) naming all the columns that are wrong */
export function parseLine(cells: Record<string, string>, { dayOf, ...rules }: LineRules): PatientDetails {
  const faults = new FieldErrors();
  const gender = faults.take(() => readGender(cells.gender ?? ''));
  const birthDate = faults.take(() => dayOf(cells.birthDate ?? ''));
  const isFaulty = new Set(faults.fields.map(({ path }) => path));
  const details = faults.take(() => {
    try {
      const input = { ...toDetails(cells, rules.mode), gender: gender ?? 'unknown', birthDate: birthDate ?? '' };
      return readDetails(input, rules);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      const fields = error.fields.map((field) => ({ ...field, path: columnNamed(field.path, cells) }));
      throw new InvalidInput(fields.filter(({ path }) => !isFaulty.has(path)));
    }
  });
  faults.throwIfAny();
  return details as PatientDetails;
}

/** As FHIR has it, or as the French write it: M and F are the letters of the national identity (INS). */
const gendersByName = new Map<string, Gender>([
  ...genders.map((gender) => [gender, gender] as const),
  ['m', 'male'],
  ['h', 'male'],
  ['masculin', 'male'],
  ['homme', 'male'],
  ['f', 'female'],
  ['feminin', 'female'],
  ['femme', 'female'],
  ['i', 'unknown'],
  ['', 'unknown'],
]);

function readGender(text: string): Gender {
  const gender = gendersByName.get(foldName(text));
  if (!gender) throw invalidField('gender', 'NO_GENDER', `must be one of ${genders.join(', ')}, or M or F`);
  return gender;
}

function toDetails(cells: Record<string, string>, mode: Mode): Omit<DetailsInput, 'gender' | 'birthDate'> {
  const cell = (name: string) => cells[name] || undefined;
  const system = cell('insSystem') ?? (mode === 'demonstration' ? insSystems.test : insSystems.nir);
  const ins = cell('ins');
  const phone = cell('phone');
  const email = cell('email');
  const hasAddress = ['addressLine', 'postalCode', 'city', 'country'].some((name) => cell(name));
  return {
    familyName: cells.familyName ?? '',
    givenNames: (cells.givenNames ?? '').split('|').filter((name) => name.trim()),
    birthName: cell('birthName'),
    identifiers: ins ? [{ system, value: ins }] : [],
    telecom: [
      ...(phone ? [{ system: 'phone' as const, value: phone }] : []),
      ...(email ? [{ system: 'email' as const, value: email }] : []),
    ],
    address: hasAddress
      ? {
          line: cells.addressLine ? [cells.addressLine] : [],
          postalCode: cells.postalCode ?? '',
          city: cells.city ?? '',
          country: cell('country'),
        }
      : undefined,
  };
}

/** The column that a field of the details was read from. */
function columnNamed(path: string, cells: Record<string, string>): string {
  if (path.startsWith('identifiers')) return path.endsWith('.system') ? 'insSystem' : 'ins';
  if (path.startsWith('telecom')) return path.startsWith('telecom[0]') && cells.phone ? 'phone' : 'email';
  if (path.startsWith('address.line')) return 'addressLine';
  return path.replace(/^address\./, '').replace(/\[\d+\]$/, '');
}
