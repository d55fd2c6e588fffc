import { readFileSync } from 'node:fs';

const source = readFileSync(new URL('in-page.js', import.meta.url), 'utf8');

/** An expression of JavaScript: what a function of `in-page.js` answers to these words. */
export const asked = (name: string, words: unknown[]): string =>
  `(() => { ${source}; return inPage.${name}(...${JSON.stringify(words)}); })()`;
