import { sortText } from '@cabinet/people/names';
import type { PractitionerDetails } from './practitioner.js';

type Named = Pick<PractitionerDetails, 'familyName' | 'givenNames' | 'rpps'>;

/** The same for the same family name and first given name, apart from accents and case. */
export const nameKeyOf = ({ familyName, givenNames }: Pick<Named, 'familyName' | 'givenNames'>): string =>
  `${sortText([familyName])}, ${sortText(givenNames.slice(0, 1))}`;

/** True when two may be one person: the same name, and no two RPPS numbers that tell them apart. */
export const mayBeSamePerson = (a: Named, b: Named): boolean =>
  nameKeyOf(a) === nameKeyOf(b) && (a.rpps === undefined || b.rpps === undefined || a.rpps === b.rpps);
