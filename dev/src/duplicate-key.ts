/** The first name that an object of this JSON gives twice, of which a parser would keep the later one in silence. */
export function duplicateKey(json: string): string | undefined {
  const known: (Set<string> | undefined)[] = [];
  for (const [, opened, closed, text, colon] of json.matchAll(/([{[])|([}\]])|"((?:[^"\\]|\\.)*)"(\s*:)?/g)) {
    if (opened) known.push(opened === '{' ? new Set() : undefined);
    else if (closed) known.pop();
    else if (colon && text !== undefined) {
      const keys = known.at(-1);
      if (keys?.has(text)) return text;
      keys?.add(text);
    }
  }
  return undefined;
}
