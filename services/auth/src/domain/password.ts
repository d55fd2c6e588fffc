import { PasswordUnsuitable } from './errors.js';

export const passwordLengthMin = 12;
export const passwordLengthMax = 128;

/** One byte sequence for each password, whichever keyboard composed its letters (NIST SP 800-63B 3.1.1.2). */
export const normalisePassword = (password: string): string => password.normalize('NFKC');

/**
 * Length is what makes a password hold; no mixture of signs is demanded (NIST SP 800-63B).
 * @param path the field of the request, for the refusal
 * @throws PasswordUnsuitable (422)
 */
export function assertPasswordSuitable(password: string, email: string, path: string): void {
  const length = [...normalisePassword(password)].length;
  if (length < passwordLengthMin) {
    throw new PasswordUnsuitable(path, 'TOO_SHORT', `must have ${passwordLengthMin} characters at least`);
  }
  if (length > passwordLengthMax) {
    throw new PasswordUnsuitable(path, 'TOO_LONG', `must have ${passwordLengthMax} characters at most`);
  }
  const lowered = password.toLowerCase();
  const name = email.split('@')[0] ?? '';
  if (lowered.includes(email) || (name.length >= 4 && lowered.includes(name))) {
    throw new PasswordUnsuitable(path, 'HOLDS_EMAIL', 'must not hold the e-mail address');
  }
  if (new Set(lowered).size < 5) throw new PasswordUnsuitable(path, 'TOO_SIMPLE', 'repeats too few characters');
}
