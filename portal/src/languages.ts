import { i18n, type Messages } from '@lingui/core';

type Texts = { messages: Messages };

/** Each file in `languages/` is a language; a browser loads the one that it shows, and first what stands on every page. */
const first = import.meta.glob<Texts>('./languages/*.po', { query: '?first' });
const rest = import.meta.glob<Texts>('./languages/*.po', { query: '?rest' });

export const languages: readonly string[] = Object.keys(first).map((file) =>
  file.slice('./languages/'.length, -'.po'.length),
);

const place = 'cabinet.language';

/** What its user chose here; nothing when they did not. */
export const languageChosen = (): string | null => localStorage.getItem(place);

/** The one that was chosen, or the first of the browser's languages that there is. */
function languageWanted(): string {
  const chosen = languageChosen();
  const wanted = [...(chosen ? [chosen] : []), ...navigator.languages].map((tag) => tag.split('-')[0] ?? '');
  return wanted.find((tag) => languages.includes(tag)) ?? 'en';
}

/** True once a page was shown that has texts of its own. */
let isAllNeeded = false;

async function textsOf(parts: typeof first, language: string): Promise<Messages> {
  const load = parts[`./languages/${language}.po`];
  if (!load) throw new Error(`there is no language ${language}`);
  return (await load()).messages;
}

export async function showLanguage(language = languageWanted()): Promise<void> {
  const parts = isAllNeeded ? [first, rest] : [first];
  const texts = await Promise.all(parts.map((part) => textsOf(part, language)));
  i18n.loadAndActivate({ locale: language, messages: Object.assign({}, ...texts) });
  document.documentElement.lang = language;
}

/** What pages say, beside what stands on every page. */
export async function loadTextsOfPages(): Promise<void> {
  if (isAllNeeded) return;
  const { locale } = i18n;
  const texts = await textsOf(rest, locale);
  isAllNeeded = true;
  // Another language may have been chosen meanwhile, without them.
  if (i18n.locale !== locale) return showLanguage(i18n.locale);
  i18n.load(locale, texts);
}

export const keepLanguage = (language: string): void => localStorage.setItem(place, language);

/** Remembered also when its file is gone: then the page has it as soon as it is loaded again. */
export async function chooseLanguage(language: string): Promise<void> {
  keepLanguage(language);
  await showLanguage(language);
}
