import { invalidField } from '@cabinet/kit/errors';
import { nameWords, sortText, tidy, wordsAsked } from '@cabinet/people/names';
import { type Page, toPage } from '@cabinet/service/http/pages';
import type { AfterPractitioner, PractitionerCriteria, Practitioners } from './ports.js';
import { existing, type Practitioner } from './practitioner.js';

export interface PractitionerQuestion {
  q?: string;
  speciality?: string;
  rpps?: string;
  active?: boolean;
}

const wordsMax = 8;

/** What lists are in order of. */
export const sortNameOf = ({ familyName, givenNames }: Pick<Practitioner, 'familyName' | 'givenNames'>): string =>
  sortText([familyName, ...givenNames]);

export class FindPractitioners {
  constructor(private readonly practitioners: Practitioners) {}

  /** @throws 404 */
  async get(id: string): Promise<Practitioner> {
    return existing(await this.practitioners.find(id));
  }

  /** @throws InvalidInput (422) for a name or speciality without a letter or digit */
  async search(question: PractitionerQuestion, limit: number, after?: AfterPractitioner): Promise<Page<Practitioner>> {
    const { q, speciality, rpps, active } = question;
    const criteria: PractitionerCriteria = {
      words: read(q, 'q', wordsAsked),
      specialityWords: read(speciality, 'speciality', (text) => nameWords([text]).slice(0, wordsMax)),
      rpps,
      active,
    };
    const found = await this.practitioners.search(criteria, limit, after);
    return toPage(found, limit);
  }
}

function read<T>(text: string | undefined, path: string, toWords: (text: string) => T[]): T[] | undefined {
  if (text === undefined || tidy(text) === '') return undefined;
  const words = toWords(text);
  if (words.length === 0) throw invalidField(path, 'NO_NAME', 'must have a letter or a digit in it');
  return words;
}
