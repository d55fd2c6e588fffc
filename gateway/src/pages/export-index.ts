import { type Html, html } from '@cabinet/kit/pages/html';
import { type Language, labelOf, languages, words } from './export-words.js';

/** What a service gave of a patient. */
export interface PatientData {
  patientId: string;
  sections: Record<string, readonly object[]>;
}

interface Told {
  language: Language;
  at: Date;
  nameOf(language: Language): string;
}

/** A page without a script, which can be read where there is no network. */
export function indexOf(parts: ReadonlyMap<string, PatientData>, { language, at, nameOf }: Told): string {
  const said = words[language];
  const others = languages.filter((each) => each !== language);
  const sections = [...parts].flatMap(([service, { sections }]) =>
    Object.entries(sections).map(([name, items]) => sectionOf(service, name, items, language)),
  );
  const page = html`<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${said.title}</title>
<style>${style}</style>
</head>
<body>
<main>
<p>${others.map((each) => html`<a href="${nameOf(each)}" lang="${each}">${words[each].name}</a>`)}</p>
<h1>${said.title}</h1>
<p>${said.asOf(at.toISOString().slice(0, 16).replace('T', ' '))}</p>
<p>${said.about}</p>
${sections}
</main>
</body>
</html>
`;
  return `<!doctype html>\n${page.text}`;
}

const style = `body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; color: #1a1a1a; background: #fff }
main { max-width: 60rem; margin: auto; padding: 1rem }
article { border-top: 1px solid #767676; padding: .5rem 0 }
dl { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: .25rem 1rem; margin: 0 }
dt { font-weight: 600 } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap }`;

function sectionOf(service: string, name: string, items: readonly object[], language: Language): Html {
  const said = words[language];
  const file = `data/${service}.json`;
  return html`<section>
<h2>${labelOf(name, language)}</h2>
<p><a href="${file}">${file}</a></p>
${items.length > 0 ? items.map((item) => html`<article>${shownOf(item, language)}</article>\n`) : html`<p>${said.nothing}</p>`}
</section>
`;
}

/** Whatever it is, as text or as a list of what it has. */
function shownOf(value: unknown, language: Language): Html {
  if (typeof value === 'boolean') return html`${words[language][value ? 'yes' : 'no']}`;
  if (Array.isArray(value)) {
    if (value.every((each) => typeof each !== 'object')) return html`${value.join(', ')}`;
    return html`<ul>${value.map((each) => html`<li>${shownOf(each, language)}</li>`)}</ul>`;
  }
  if (typeof value === 'object' && value !== null) {
    const shown = Object.entries(value).filter(([, each]) => !isNothing(each));
    return html`<dl>${shown.map(([name, each]) => html`<dt>${labelOf(name, language)}</dt><dd>${shownOf(each, language)}</dd>`)}</dl>`;
  }
  return html`${typeof value === 'string' ? readable(value) : String(value)}`;
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** A time as the clocks of the practice showed it, without seconds; what else is written stays as it is. */
function readable(text: string): string {
  const [, day, minute, offset] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[\d:.]*(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  return day ? `${day} ${minute}${offset === 'Z' ? ' UTC' : ''}` : text;
}
