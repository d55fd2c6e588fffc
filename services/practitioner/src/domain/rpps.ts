import type { FieldError, FieldErrors } from '@cabinet/kit/errors';

/** The number without spaces; 11 digits. */
export function readRpps(text: string, path: string, errors: FieldErrors): string {
  const rpps = text.replace(/[\s.]/g, '');
  if (!/^\d{11}$/.test(rpps)) errors.add(path, 'NO_RPPS', 'must be 11 digits');
  return rpps;
}

/** The check of credit cards (ISO/IEC 7812-1): every second digit from the right doubled, the sum a multiple of ten. */
export function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/**
 * Most RPPS numbers pass the Luhn check, but no authority says that all must and published examples do not: something to
 * look at, never a refusal.
 */
export const doubtsAboutRpps = (rpps: string | undefined): FieldError[] =>
  rpps === undefined || passesLuhn(rpps)
    ? []
    : [{ path: 'rpps', code: 'CHECK_DIGIT', message: 'does not have the usual check digit; compare it with the card' }];
