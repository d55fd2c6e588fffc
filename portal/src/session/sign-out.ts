import { keepLanguage, languageChosen } from '../languages.ts';
import { eraseCopy } from '../outage/copy.ts';
import { forgetDrafts } from './drafts.ts';
import { session } from './session.ts';

/**
 * Signs out, and leaves the page. What was typed goes, and the copy of agendas; the language stays, though the browser is asked to forget all.
 * @throws Refused, TypeError when it could not be done: then nothing has changed
 */
export async function signOut(): Promise<void> {
  const language = languageChosen();
  // Before: the page is left as soon as they are signed out.
  await eraseCopy();
  await session.signOut();
  // Whoever looked at an agenda in between had it kept anew.
  await eraseCopy();
  forgetDrafts();
  if (language) keepLanguage(language);
}
