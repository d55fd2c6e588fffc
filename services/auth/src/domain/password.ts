import { PasswordUnsuitable } from './errors.js';
import type { BreachedPasswords, PasswordHasher } from './ports.js';

export const passwordLengthMin = 12;
export const passwordLengthMax = 128;

/** Below it, digits and signs around are more than what they are around. */
const guessedLengthMin = 6;

/** One byte sequence for each password, whichever keyboard composed its letters (NIST SP 800-63B 3.1.1.2). */
export const normalisePassword = (password: string): string => password.normalize('NFKC');

/** Whose password it is to be, as far as that is known here. */
export interface Whose {
  /** Normalised. */
  email: string;
  names?: readonly string[];
  /** E.164 */
  phone?: string;
}

/** Of the product and of roles, in the languages in which people see them. The operator names those of the practice. */
const wordsOfOurs = [
  ...['cabinet', 'medical', 'medicale', 'medecin', 'medecine', 'docteur', 'doctor', 'dr', 'maison', 'centre', 'sante'],
  ...['practice', 'praticien', 'practitioner', 'secretariat', 'secretaire', 'secretary', 'accueil', 'reception'],
  ...['patient', 'admin', 'administrateur', 'administrator', 'de', 'du', 'des', 'la', 'le', 'et', 'the', 'of'],
];

/** Passwords that people choose. */
export class ChosenPasswords {
  private readonly words: readonly string[];

  /** @param words of the practice: its name, its town, the host of its pages, in whatever spelling */
  constructor(
    private readonly passwords: Pick<PasswordHasher, 'hash' | 'inTurn'>,
    private readonly breached: BreachedPasswords,
    words: readonly string[],
  ) {
    this.words = [...wordsOfOurs, ...words.flatMap(wordsOf)];
  }

  /** The hash of one. @throws PasswordUnsuitable (422), Busy (503) */
  async hash(password: string, whose: Whose, path: string): Promise<string> {
    await this.assertSuitable(password, whose, path);
    return this.passwords.inTurn(() => this.passwords.hash(normalisePassword(password)));
  }

  /**
   * Length is what makes a password hold; no mixture of signs is demanded (NIST SP 800-63B).
   * What others have used is refused, also with digits or signs around it or written twice: nothing is tried sooner. So is what is made
   * of nothing but words of the practice and of the person, and digits (ASVS 6.2.11): who knows them tries these next.
   * @param path the field of the request, for the refusal
   * @throws PasswordUnsuitable (422)
   */
  async assertSuitable(password: string, whose: Whose, path: string): Promise<void> {
    const length = [...normalisePassword(password)].length;
    if (length < passwordLengthMin) {
      throw new PasswordUnsuitable(path, 'TOO_SHORT', `must have ${passwordLengthMin} characters at least`);
    }
    if (length > passwordLengthMax) {
      throw new PasswordUnsuitable(path, 'TOO_LONG', `must have ${passwordLengthMax} characters at most`);
    }
    const lowered = password.toLowerCase();
    const name = whose.email.split('@')[0] ?? '';
    if (lowered.includes(whose.email) || (name.length >= 4 && lowered.includes(name))) {
      throw new PasswordUnsuitable(path, 'HOLDS_EMAIL', 'must not hold the e-mail address');
    }
    if (new Set(lowered).size < 5) throw new PasswordUnsuitable(path, 'TOO_SIMPLE', 'repeats too few characters');
    if (isMadeOf(password, [...this.words, ...wordsAbout(whose)])) {
      throw new PasswordUnsuitable(
        path,
        'KNOWN_WORDS',
        'must be more than your names, words of the practice and digits',
      );
    }
    if (await this.breached.hasAny(guessedForms(normalisePassword(password)))) {
      throw new PasswordUnsuitable(path, 'BREACHED', 'is one of those that are tried first; take another');
    }
  }
}

/** Of a text, as they are compared: `maison`, `sante` of `Maison-Santé`; a single letter is none, a long number is one. */
const wordsOf = (text: string): string[] => plain(text).match(/\p{L}{2,}|\d{6,}/gu) ?? [];

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

function wordsAbout({ email, names = [], phone }: Whose): string[] {
  // A French number as it is dialled, too.
  const numbers = phone ? [phone.slice(1), phone.replace(/^\+33/, '0')] : [];
  return [email, ...names, ...numbers].flatMap(wordsOf);
}

/** True when nothing is left without these words but digits and signs; digits alone are none of them. */
function isMadeOf(password: string, words: readonly string[]): boolean {
  // The longest first: one may be the beginning of another.
  const sorted = [...new Set(words)].sort((one, other) => other.length - one.length);
  const said = plain(password).replace(/[^\p{L}\d]/gu, '');
  const left = sorted.reduce((text, word) => text.replaceAll(word, ' '), said);
  return left !== said && !/\p{L}/u.test(left);
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
