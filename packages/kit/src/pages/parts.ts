import { type Html, html, type Part } from './html.js';

/** How something fares: a word says it as well, so that nothing hangs on a colour. */
export type Mood = 'good' | 'warn' | 'bad' | 'quiet';

export const state = (mood: Mood, text: Part): Html => html`<span class="state ${mood}">${text}</span>`;

/** Something that is not as it should be. */
export interface Concern {
  mood: 'warn' | 'bad';
  what: Part;
}

/** The answer to "is all well?", and what is not, the worst first. */
export function verdict(concerns: readonly Concern[], well: Part): Html {
  if (concerns.length === 0) return html`<section class="verdict good"><h2>All is well</h2><p>${well}</p></section>`;
  const worst = concerns.some(({ mood }) => mood === 'bad') ? 'bad' : 'warn';
  const sorted = concerns.toSorted((a, b) => a.mood.localeCompare(b.mood));
  const count = concerns.length === 1 ? 'One thing needs' : `${concerns.length} things need`;
  return html`<section class="verdict ${worst}"><h2>${count} a look</h2>
<ul>${sorted.map(({ mood, what }) => html`<li class="${mood}">${what}</li>\n`)}</ul></section>`;
}

export interface Column {
  name: string;
  isNumber?: boolean;
}

/**
 * A table in which the first cell of each row names the row. On a narrow screen each row becomes a card; where the table
 * is still too wide, it scrolls in a region of its own. The roles are said because the cards' style takes them away.
 */
export function table(caption: string, columns: readonly (Column | string)[], rows: readonly Part[][]): Html {
  const all = columns.map((column) => (typeof column === 'string' ? { name: column } : column));
  const kind = ({ isNumber }: Column) => (isNumber ? 'number' : 'text');
  const head = all.map(
    (column) => html`<th role="columnheader" scope="col" class="${kind(column)}">${column.name}</th>`,
  );
  const body = rows.map(([first, ...cells]) => {
    const written = cells.map((cell, n) => {
      const column = all[n + 1] as Column;
      return html`<td role="cell" class="${kind(column)}" data-label="${column.name}"><div>${cell}</div></td>`;
    });
    return html`<tr role="row"><th role="rowheader" scope="row" class="text">${first}</th>${written}</tr>\n`;
  });
  return html`<div class="table" role="region" aria-label="${caption}" tabindex="0"><table role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">
${body}</tbody></table></div>`;
}

export const ago = (milliseconds: number): string => `${duration(milliseconds)} ago`;

export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} days`;
}

/** `28 Nov 2026, 10:31:05 UTC` */
export function moment(at: Date): Html {
  const written = at.toLocaleString('en-GB', { timeZone: 'UTC', dateStyle: 'medium', timeStyle: 'medium' });
  return html`<time datetime="${at.toISOString()}">${written} UTC</time>`;
}
