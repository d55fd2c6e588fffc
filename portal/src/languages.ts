import { i18n, type Messages } from '@lingui/core';
import { keptInBrowser } from './session/kept.ts';

type Texts = { messages: Messages };

/** Each file in `languages/` is a language; a browser loads the one that it shows, and first what stands on every page. */
const first = import.meta.glob<Texts>('./languages/*.po', { query: '?first' });
const rest = import.meta.glob<Texts>('./languages/*.po', { query: '?rest' });

export const languages: readonly string[] = Object.keys(first).map((file) =>
  file.slice('./languages/'.length, -'.po'.length),
);

const place = 'cabinet.language';

/** What its user chose here; nothing when they did not. */
export const languageChosen = (): string | null => keptInBrowser.get(place);

/** The one that was chosen, or the first of the browser's languages that there is. */
function languageWanted(): string {
  const chosen = languageChosen();
  const wanted = [...(chosen ? [chosen] : []), ...navigator.languages].map((tag) => tag.split('-')[0] ?? '');
  return wanted.find((tag) => languages.includes(tag)) ?? 'en';
}

/** True once a page is shown that has texts of its own. */
let isAllNeeded = false;
/** Of which languages all are there. */
const whole = new Set<string>();

async function textsOf(parts: typeof first, language: string): Promise<Messages> {
  const load = parts[`./languages/${language}.po`];
  if (!load) throw new Error(`there is no language ${language}`);
  return (await load()).messages;
}

export async function showLanguage(language = languageWanted()): Promise<void> {
  const messages = { ...(await textsOf(first, language)) };
  // Not before: a page may have come meanwhile.
  if (isAllNeeded) {
    Object.assign(messages, await textsOf(rest, language));
    whole.add(language);
  }
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
}

/** What pages say, beside what stands on every page; a language that is chosen from now on comes with it. */
export async function loadTextsOfPages(): Promise<void> {
  isAllNeeded = true;
  const { locale } = i18n;
  if (whole.has(locale)) return;
  const texts = await textsOf(rest, locale);
  // Asked for twice at once, they are shown once.
  if (whole.has(locale)) return;
  whole.add(locale);
  i18n.load(locale, texts);
}

export const keepLanguage = (language: string): void => keptInBrowser.set(place, language);

/** Remembered also when its file is gone: then the page has it as soon as it is loaded again. */
export async function chooseLanguage(language: string): Promise<void> {
  keepLanguage(language);
  await showLanguage(language);
}
