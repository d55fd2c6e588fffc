import { InvalidInput } from '@cabinet/kit';
import { insSystems, type Mode } from './identifiers.js';
import { type Gender, genders, type PatientDetails } from './patient.js';
import { type DetailsInput, readDetails } from './patient-details.js';

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

/** @throws InvalidInput (422) naming the columns that are wrong */
export function parseLine(cells: Record<string, string>, mode: Mode, now: Date): PatientDetails {
  const cell = (name: string) => cells[name] || undefined;
  const gender = (cell('gender') ?? 'unknown').toLowerCase();
  try {
    if (!isGender(gender)) {
      const message = `must be one of ${genders.join(', ')}`;
      throw new InvalidInput([{ path: 'gender', code: 'NO_GENDER', message }]);
    }
    return readDetails({ ...toDetails(cells, mode), gender }, { mode, now });
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(error.fields.map((field) => ({ ...field, path: columnNamed(field.path, cells) })));
  }
}

const isGender = (text: string): text is Gender => (genders as readonly string[]).includes(text);

function toDetails(cells: Record<string, string>, mode: Mode): Omit<DetailsInput, 'gender'> {
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
    birthDate: cells.birthDate ?? '',
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
