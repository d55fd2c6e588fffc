import { loadTextsOfPages, showLanguage } from './languages.ts';
import { asksWhoIsThere } from './session/open-places.ts';
import { session } from './session/session.ts';

/**
 * Runs before `main.tsx`, which a browser is still fetching and reading then. What a page waits for is asked for meanwhile: the texts
 * that stand on every page, who is there, and of whoever is, the texts of their pages.
 */
const isToBegin = !('cannot' in document.documentElement.dataset);
const finding = isToBegin && asksWhoIsThere(location.pathname) ? session.find() : undefined;

/** True once the language is there. Whoever lacks it is helped by `public/start.js`, which also says why nothing is to begin. */
export const begun: Promise<boolean> = isToBegin ? showLanguage().then(() => true) : Promise.resolve(false);

Promise.all([begun, finding])
  .then(() => (session.current().is === 'signed-in' ? loadTextsOfPages() : undefined))
  // The page hears of it, which waits for the same.
  .catch(() => undefined);
