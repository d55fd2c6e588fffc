import { PasswordUnsuitable } from './errors.js';
import type { BreachedPasswords, PasswordHasher } from './ports.js';

export const passwordLengthMin = 12;
export const passwordLengthMax = 128;

/** Below it, digits and signs around are more than what they are around. */
const guessedLengthMin = 6;

/** One byte sequence for each password, whichever keyboard composed its letters (NIST SP 800-63B 3.1.1.2). */
export const normalisePassword = (password: string): string => password.normalize('NFKC');

/**
 * Length is what makes a password hold; no mixture of signs is demanded (NIST SP 800-63B).
 * @param path the field of the request, for the refusal
 * What others have used is refused, also with digits or signs around it or written twice: nothing is tried sooner.
 * @throws PasswordUnsuitable (422)
 */
export async function assertPasswordSuitable(
  password: string,
  email: string,
  path: string,
  breached: BreachedPasswords,
): Promise<void> {
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
  if (await breached.hasAny(guessedForms(normalisePassword(password)))) {
    throw new PasswordUnsuitable(path, 'BREACHED', 'is one of those that are tried first; take another');
  }
}

/** The hash of a password that somebody chose. @throws PasswordUnsuitable (422), Busy (503) */
export async function hashChosen(
  password: string,
  email: string,
  path: string,
  { breached, passwords }: { breached: BreachedPasswords; passwords: PasswordHasher },
): Promise<string> {
  await assertPasswordSuitable(password, email, path, breached);
  return passwords.inTurn(() => passwords.hash(normalisePassword(password)));
}

/** The password as lists of breached ones may have it. */
function guessedForms(password: string): string[] {
  const lowered = password.toLowerCase();
  const bare = lowered.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const once = (text: string) => text.slice(0, (text + text).indexOf(text, 1));
  const forms = [password, lowered, bare, once(lowered), once(bare)];
  // A word within is no reason: a long password may well be made of words.
  return [...new Set(forms)].filter((form) => form.length >= guessedLengthMin);
}
