const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as HTML shows it, whatever it is. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] ?? char);

/** HTML that may stand as it is. */
class Html {
  constructor(readonly text: string) {}
}

type Part = Html | Html[] | string | number | undefined;

const toText = (part: Part): string => {
  if (part === undefined) return '';
  if (Array.isArray(part)) return part.map(toText).join('');
  return part instanceof Html ? part.text : escapeHtml(String(part));
};

/** A template in which everything that is put in is escaped, unless it is HTML itself. */
export const html = (literals: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(literals.map((literal, n) => literal + toText(parts[n])).join(''));

export type { Html };

/** A table that becomes a list of cards on a narrow screen. */
export function table(columns: string[], rows: Part[][]): Html {
  const head = columns.map((name) => html`<th scope="col">${name}</th>`);
  const body = rows.map((cells) => {
    const written = cells.map((cell, n) => html`<td data-label="${columns[n]}">${cell}</td>`);
    return html`<tr>${written}</tr>\n`;
  });
  return html`<table><thead><tr>${head}</tr></thead><tbody>\n${body}</tbody></table>`;
}

export function ago(milliseconds: number): string {
  return `${duration(milliseconds)} ago`;
}

export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

/** A whole page around its content; `main` is what is replaced while it is open. */
export const page = (title: string, content: Html): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Registry</title>
<link rel="stylesheet" href="/assets/registry.css">
<script src="/assets/live.js" defer></script>
</head>
<body>
<nav><a href="/">Instances</a> <a href="/drift">Drift</a> <a href="/lastn">Events</a></nav>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`.text;
