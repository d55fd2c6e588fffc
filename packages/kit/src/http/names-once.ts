interface Open {
  /** The names of an object so far; an array has none. */
  names?: Set<string>;
  /** The name or the place of what is being read in it. */
  at: string | number;
}

/**
 * Finds what `JSON.parse` is silent about: an object in which a name stands twice, of which two readers could believe another value
 * each (RFC 8259, section 4).
 * @param json a text that has been parsed
 * @returns where the second one stands, as `contacts[1].name`
 */
export function nameGivenTwice(json: string): string | undefined {
  const open: Open[] = [];
  for (const [token, text = '', colon] of json.matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?|[[\]{},]/g)) {
    const inside = open.at(-1);
    if (token === '{') open.push({ names: new Set(), at: '' });
    else if (token === '[') open.push({ at: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && typeof inside?.at === 'number') inside.at += 1;
    else if (colon && inside?.names) {
      inside.at = text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
      if (inside.names.has(inside.at)) return pathOf(open);
      inside.names.add(inside.at);
    }
  }
  return undefined;
}

const pathOf = (open: readonly Open[]): string =>
  open.reduce((path, { at }) => (typeof at === 'number' ? `${path}[${at}]` : path ? `${path}.${at}` : at), '');
