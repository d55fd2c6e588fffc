import { type Html, html } from '@cabinet/kit/pages/html';
import type { Act } from '../domain/links/visit-link.js';
import { delays } from '../domain/links/visit-link.js';
import type { Seen } from '../domain/links/visit-links.js';
import type { Language } from '../domain/templates/language.js';
import { timeIn } from '../domain/templates/wording.js';
import { frame } from './unsubscribe-page.js';
import { visitLinkTexts } from './visit-link-texts.js';

/** How the practice is called and reached. */
export interface PracticeShown {
  name: string;
  phone?: string;
  /** Of the portal. */
  link: string;
  language: Language;
}

/** What a form of a page answers: the act, or that it is taken back. */
export const answers = { name: 'answer', yes: 'yes', undo: 'undo' } as const;

/** What a link shows. Its forms post to links for one act beside it. */
export function visitLinkPage({ language, start, zone, shows }: Seen, practice: PracticeShown): string {
  const its = visitLinkTexts[language];
  const when = (at: Date) => timeIn(language, at, zone);
  const titled = (content: Html, refreshSeconds?: number) =>
    frame({ language, title: its.title(when(start)), practice: practice.name, refreshSeconds }, content);
  switch (shows.is) {
    case 'cancelled':
      return titled(html`<p role="status">${its.cancelled}</p>${contact(language, practice)}`);
    case 'moved':
      return titled(html`<p role="status">${its.moved(when(shows.start))}</p>${contact(language, practice)}`);
    case 'planned': {
      const { act, secondsLeft, token } = shows;
      const said = act.isBegun ? its.begun : its.planned(act.act, act.start && when(new Date(act.start)));
      const undo = html`${form(token, 'undo', [html`<button type="submit">${its.undo}</button>`])}`;
      // What it says then is fetched, and nothing is done by that.
      return titled(html`<p role="status">${said}</p>${act.isBegun ? undefined : undo}`, secondsLeft + 2);
    }
    case 'open': {
      const { acts, done, refused, lateFrom, otherTimes } = shows;
      const refusal = refused && its.refused(refused, when(lateFrom));
      return titled(html`${done.map((act) => html`<p role="status">${its.done[act]}</p>`)}
${refusal ? html`<p role="status">${refusal}</p>` : undefined}
${acts.map(({ act, token }) =>
  choice(
    language,
    act,
    token,
    otherTimes.map((at) => [at.toISOString(), when(at)]),
  ),
)}
${contact(language, practice)}`);
    }
  }
}

/** Of a link that leads nowhere, or nowhere any more; which of them nobody learns. */
export const nowherePage = (practice: PracticeShown): string =>
  notice(practice, visitLinkTexts[practice.language].nowhere);

/** While it cannot be said what a link shows. */
export const awayPage = (practice: PracticeShown): string => notice(practice, visitLinkTexts[practice.language].away);

const notice = (practice: PracticeShown, text: string): string => {
  const { language, name } = practice;
  return frame(
    { language, title: visitLinkTexts[language].link, practice: name },
    html`<p role="status">${text}</p>${contact(language, practice)}`,
  );
};

const form = (token: string, answer: 'yes' | 'undo', content: Html[]): Html =>
  html`<form method="post" action="${token}"><input type="hidden" name="${answers.name}" value="${answers[answer]}">
<p class="actions">${content}</p></form>`;

function choice(language: Language, act: Act, token: string, times: [value: string, said: string][]): Html {
  const its = visitLinkTexts[language];
  switch (act) {
    case 'late': {
      const buttons = delays.map((minutes) => choosing('minutes', minutes, its.minutes(minutes)));
      return html`<h2>${its.late}</h2>${form(token, 'yes', buttons)}`;
    }
    case 'move': {
      const buttons = times.map(([value, said]) => choosing('start', value, said));
      return html`<h2>${its.move}</h2>${times.length > 0 ? form(token, 'yes', buttons) : html`<p>${its.noTimes}</p>`}`;
    }
    default:
      return form(token, 'yes', [html`<button type="submit">${its[act]}</button>`]);
  }
}

const choosing = (name: string, value: string | number, said: string): Html =>
  html`<button type="submit" name="${name}" value="${value}">${said}</button> `;

function contact(language: Language, { phone, link }: PracticeShown): Html {
  const its = visitLinkTexts[language];
  const call = phone && html`<a href="tel:${phone.replaceAll(/[^+\d]/g, '')}">${its.call(phone)}</a> · `;
  return html`<p>${its.otherwise} ${call || undefined}<a href="${link}">${its.signIn}</a></p>`;
}
