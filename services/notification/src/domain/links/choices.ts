import type { Language } from '../templates/language.js';
import type { VisitSaid } from '../templates/wording.js';
import { timeIn } from '../templates/wording.js';
import type { Act } from './visit-link.js';
import type { VisitAddresses } from './visit-links.js';

const words: Record<Language, Record<Act, string> & { colon: string }> = {
  fr: {
    confirm: 'Confirmer ma venue',
    move: 'Déplacer',
    cancel: 'Annuler',
    late: 'Signaler un retard, le jour venu',
    colon: ' : ',
  },
  en: {
    confirm: 'Confirm that I come',
    move: 'Move',
    cancel: 'Cancel',
    late: 'Say that I will be late, on the day',
    colon: ': ',
  },
};

/**
 * What may be done about visits, a line for each act; of several each stands under its time.
 * @param link of the portal, where there is nothing else to offer
 */
export function choicesIn(
  language: Language,
  offered: readonly (VisitAddresses | undefined)[],
  visits: readonly VisitSaid[],
  link: string,
): { choices: string; visitLink: string } {
  const its = words[language];
  const linesOf = (addresses: VisitAddresses | undefined, nth: number): string[] => {
    const visit = visits[nth];
    if (!addresses || !visit) return [];
    const lines = addresses.acts.map(({ act, url }) => `${its[act]}${its.colon}${url}`);
    return visits.length > 1 ? [timeIn(language, visit.start, visit.zone), ...lines] : lines;
  };
  const choices = offered.flatMap(linesOf).join('\n');
  const [only] = offered;
  return { choices: choices || link, visitLink: (visits.length === 1 && only?.choose) || link };
}

/** In place of what must not be kept: who reads the ledger is not to act for a patient. */
export const withheld = '…';
