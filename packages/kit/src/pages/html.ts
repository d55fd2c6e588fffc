const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] ?? char);

/** HTML that may stand as it is. */
export class Html {
  constructor(readonly text: string) {}
}

export type Part = Html | Html[] | string | number | undefined;

const toText = (part: Part): string => {
  if (part === undefined) return '';
  if (Array.isArray(part)) return part.map(toText).join('');
  return part instanceof Html ? part.text : escapeHtml(String(part));
};

/** A template in which everything that is put in is escaped, unless it is HTML itself. */
export const html = (literals: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(literals.map((literal, n) => literal + toText(parts[n])).join(''));
