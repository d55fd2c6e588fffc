import { i18n, type Messages } from '@lingui/core';

/** Each file in `languages/` is a language; a browser loads the one that it shows. */
const files = import.meta.glob<{ messages: Messages }>('./languages/*.po');

export const languages: readonly string[] = Object.keys(files).map((file) =>
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

export async function showLanguage(language = languageWanted()): Promise<void> {
  const load = files[`./languages/${language}.po`];
  if (!load) throw new Error(`there is no language ${language}`);
  const { messages } = await load();
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
}

export const keepLanguage = (language: string): void => localStorage.setItem(place, language);

/** Remembered also when its file is gone: then the page has it as soon as it is loaded again. */
export async function chooseLanguage(language: string): Promise<void> {
  keepLanguage(language);
  await showLanguage(language);
}
