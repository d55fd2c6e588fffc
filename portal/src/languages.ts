import { i18n, type Messages } from '@lingui/core';
import { keptInBrowser } from './session/kept.ts';

type Texts = { messages: Messages };

/**
 * Each file in `languages/` is a language; a browser loads the one that it shows: first what stands on every page, then the rest, and what
 * pages of one area alone say with those.
 */
const parts = {
  first: import.meta.glob<Texts>('./languages/*.po', { query: '?first' }),
  rest: import.meta.glob<Texts>('./languages/*.po', { query: '?rest' }),
  home: import.meta.glob<Texts>('./languages/*.po', { query: '?home' }),
  messages: import.meta.glob<Texts>('./languages/*.po', { query: '?messages' }),
  record: import.meta.glob<Texts>('./languages/*.po', { query: '?record' }),
  administration: import.meta.glob<Texts>('./languages/*.po', { query: '?administration' }),
};
type Part = keyof typeof parts;
export type Area = Exclude<Part, 'first' | 'rest'>;

export const languages: readonly string[] = Object.keys(parts.first).map((file) =>
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

/** Parts that pages which were shown say something of. */
const needed = new Set<Part>(['first']);
/** Which parts of which languages are there. */
const there = new Set<string>();
const placeOf = (part: Part, language: string) => `${language} ${part}`;

async function textsOf(part: Part, language: string): Promise<Messages> {
  const load = parts[part][`./languages/${language}.po`];
  if (!load) throw new Error(`there is no language ${language}`);
  return (await load()).messages;
}

export async function showLanguage(language = languageWanted()): Promise<void> {
  const messages: Messages = {};
  // Those too that a page needs which comes meanwhile.
  for (const part of needed) {
    Object.assign(messages, await textsOf(part, language));
    there.add(placeOf(part, language));
  }
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
}

/** What pages say, beside what stands on every page; a language that is chosen from now on comes with it. */
export async function loadTextsOfPages(...areas: Area[]): Promise<void> {
  await Promise.all((['rest', ...areas] as const).map(loadTexts));
}

async function loadTexts(part: Part): Promise<void> {
  needed.add(part);
  const { locale } = i18n;
  const place = placeOf(part, locale);
  if (there.has(place)) return;
  const texts = await textsOf(part, locale);
  // Asked for twice at once, they are shown once.
  if (there.has(place)) return;
  there.add(place);
  i18n.load(locale, texts);
}

export const keepLanguage = (language: string): void => keptInBrowser.set(place, language);

/** Remembered also when its file is gone: then the page has it as soon as it is loaded again. */
export async function chooseLanguage(language: string): Promise<void> {
  keepLanguage(language);
  await showLanguage(language);
}
