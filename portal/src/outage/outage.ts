import { noteTouch } from '../session/touches.ts';
import { type Copy, eraseCopy, isOpen, readCopy } from './copy.ts';
import './outage.css';

/**
 * The page that is shown while the practice cannot be reached: the copy that this desk has kept, or that there is none. It loads nothing
 * but its own three files, which the browser keeps, and asks nobody. A copy brings its words along; these are for when there is none.
 */
const words = {
  en: {
    title: 'The practice cannot be reached',
    none: 'No copy of the agendas is kept in this browser, or it is no longer to be shown: it goes when its user signs out, when the screen is left for half an hour, and after a day.',
    again: 'Try again',
  },
  fr: {
    title: 'Le cabinet ne peut pas être joint',
    none: 'Aucune copie des agendas n’est conservée dans ce navigateur, ou elle ne doit plus être montrée : elle disparaît quand son utilisateur se déconnecte, quand l’écran est laissé une demi-heure, et après un jour.',
    again: 'Réessayer',
  },
};

/** What counts as somebody being there, and how often it is looked whether anybody is. */
const signs = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
const lookMs = 5_000;

const main = document.getElementById('copy') as HTMLElement;

function make<K extends keyof HTMLElementTagNameMap>(tag: K, text = '', ...children: Node[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  // Never as markup: names are what people have typed.
  element.textContent = text;
  element.append(...children);
  return element;
}

function show(title: string, ...children: Node[]): void {
  document.title = `${title} – Cabinet`;
  main.replaceChildren(make('h1', title), ...children);
  main.removeAttribute('aria-busy');
}

const linkBack = (text: string): HTMLElement => {
  const link = make('a', text);
  // Where this stands in the place of another page, that one.
  link.href = location.pathname === '/outage.html' ? '/' : location.pathname + location.search;
  return link;
};

async function sayNone(): Promise<void> {
  await eraseCopy();
  const language = navigator.language.startsWith('fr') ? 'fr' : 'en';
  document.documentElement.lang = language;
  const { title, none, again } = words[language];
  show(title, make('p', none), make('p', '', linkBack(again)));
}

function showCopy({ words: its, language, columns, days }: Copy): void {
  document.documentElement.lang = language;
  const button = make('button', its.print);
  button.type = 'button';
  button.addEventListener('click', () => print());
  const told = make('p', its.isCopy);
  told.setAttribute('role', 'status');
  const beside = make('div', '', make('p', its.goes), button, linkBack(its.again));
  beside.className = 'unprinted';
  show(its.title, told, beside, ...days.map((day) => dayOf(day, columns, its)));
}

const dayOf = ({ title, sheets }: Copy['days'][number], columns: string[], its: Copy['words']): HTMLElement =>
  make('section', '', make('h2', `${title} (${its.title})`), ...sheets.map((sheet) => tableOf(sheet, columns, its)));

function tableOf({ name, lines }: Copy['days'][number]['sheets'][number], columns: string[], its: Copy['words']) {
  const heads = columns.map((each) => {
    const head = make('th', each);
    head.scope = 'col';
    return head;
  });
  const nobody = make('td', its.nobody);
  nobody.colSpan = columns.length;
  const rows = lines.map((line) => make('tr', '', ...line.map((cell) => make('td', cell))));
  return make(
    'table',
    '',
    make('caption', name),
    make('thead', '', make('tr', '', ...heads)),
    make('tbody', '', ...(rows.length > 0 ? rows : [make('tr', '', nobody)])),
  );
}

const copy = await readCopy();
if (copy && isOpen(copy)) {
  showCopy(copy);
  const note = () => isOpen(copy) && noteTouch(copy.sessionId);
  for (const sign of signs) addEventListener(sign, note, { passive: true });
  const timer = setInterval(() => {
    if (isOpen(copy)) return;
    clearInterval(timer);
    void sayNone();
  }, lookMs);
} else {
  await sayNone();
}
