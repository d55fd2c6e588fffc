import type { FieldErrors } from '@cabinet/kit/errors';
import { countries } from './countries.js';
import { tidy } from './names.js';

export interface Address {
  /** Street and number, building, floor: at most four lines. */
  line: string[];
  postalCode: string;
  city: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
}

const linesMax = 4;

function assertLength(path: string, text: string, lengthMax: number, errors: FieldErrors): void {
  if (text.length > lengthMax) errors.add(path, 'TOO_LONG', `has more than ${lengthMax} characters`);
}

/** Checks and tidies a postal address; the country is France unless it says otherwise. */
export function readAddress(
  address: Omit<Address, 'country'> & { country?: string },
  path: string,
  errors: FieldErrors,
): Address {
  const country = tidy(address.country ?? 'FR').toUpperCase();
  const postalCode = tidy(address.postalCode).toUpperCase();
  const city = tidy(address.city);
  if (!countries.has(country))
    errors.add(`${path}.country`, 'NO_COUNTRY', 'must be a country code of two letters, like FR');
  if (country === 'FR' && !/^\d{5}$/.test(postalCode)) {
    errors.add(`${path}.postalCode`, 'NO_POSTAL_CODE', 'must be 5 digits; a spreadsheet may have dropped the first 0');
  }
  if (city === '') errors.add(`${path}.city`, 'REQUIRED', 'must not be empty');
  const line = address.line.map(tidy).filter(Boolean);
  if (line.length > linesMax) errors.add(`${path}.line`, 'TOO_MANY', `has more than ${linesMax} lines`);
  assertLength(`${path}.postalCode`, postalCode, 12, errors);
  assertLength(`${path}.city`, city, 100, errors);
  for (const [index, each] of line.entries()) assertLength(`${path}.line[${index}]`, each, 150, errors);
  return { line, postalCode, city, country };
}
