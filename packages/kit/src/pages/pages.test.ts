import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { html } from './html.js';
import { page } from './page.js';
import { duration, state, table, verdict } from './parts.js';

const evil = `"><img src=x onerror=alert(1)>'&`;
const harmless = '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;&amp;';

const frame = {
  process: 'record',
  pages: [
    { name: 'First', path: '/' },
    { name: 'Second', path: '/second' },
  ],
};

describe('a page', () => {
  const shown = page({ frame, path: '/second', title: evil, content: html`<p>${evil}</p>` });

  it('escapes whatever is put into it, in text and in attributes', () => {
    const parts = [shown, table(evil, ['Name', evil], [[evil, evil]]).text, state('bad', evil).text];
    const told = verdict([{ mood: 'bad', what: evil }], evil).text;
    for (const text of [...parts, told]) {
      expect(text).not.toContain('<img');
      expect(text).toContain(harmless);
    }
  });

  it('has one heading of the first rank, its landmarks, and says which of the pages it is', () => {
    for (const landmark of ['<h1>', '<header>', '<nav ', '<main ', '<footer>']) {
      expect([landmark, shown.split(landmark).length - 1]).toEqual([landmark, 1]);
    }
    expect(shown).toContain('<a class="skip" href="#main">');
    expect(shown.match(/<a href="[^"]*" aria-current="page">\w+/g)).toEqual([
      '<a href="/second" aria-current="page">Second',
    ]);
  });
});

describe('a table', () => {
  it('names its rows and columns, and each cell for where it becomes a card', () => {
    const { text } = table('Services', ['Service', { name: 'Failed', isNumber: true }], [['record', 3]]);
    expect(text).toContain('<caption>Services</caption>');
    expect(text.match(/scope="col"/g)).toHaveLength(2);
    expect(text).toMatch(/<th role="rowheader" scope="row"[^>]*>record<\/th>/);
    expect(text).toContain('<td role="cell" class="number" data-label="Failed"><div>3</div></td>');
    expect(text).toContain('role="region" aria-label="Services" tabindex="0"');
  });
});

describe('a verdict', () => {
  it('says that all is well, or what is not, the worst first', () => {
    expect(verdict([], 'Everybody is there.').text).toMatch(/verdict good.*All is well.*Everybody is there\./s);
    const { text } = verdict(
      [
        { mood: 'warn', what: 'auth is slow' },
        { mood: 'bad', what: 'record is away' },
      ],
      'Everybody is there.',
    );
    expect(text).toMatch(/verdict bad.*2 things need a look.*record is away.*auth is slow/s);
    expect(text).not.toContain('Everybody is there.');
  });
});

it.each([
  [0, '0 s'],
  [119_400, '119 s'],
  [120_000, '2 min'],
  [7_199_000, '119 min'],
  [7_200_000, '2 h'],
  [172_800_000, '2 days'],
])('%d ms are said as %s', (milliseconds, said) => {
  expect(duration(milliseconds)).toBe(said);
});

describe('the style', () => {
  const read = (name: string) => readFileSync(new URL(`../../assets/${name}`, import.meta.url), 'utf8');

  it.each(['cabinet.css', 'docs.css', 'docs.js', 'sign-in.js', 'sign-out.js', 'icon.svg'])(
    '%s asks nobody else for anything',
    (name) => {
      const text = read(name).replace('http://www.w3.org/2000/svg', '');
      expect(text).not.toMatch(/https?:|url\(|@import|["'(]\/\//);
    },
  );

  /** The colours of each scheme: those that it does not set are those of the schemes before that hold as well. */
  const schemes = () => {
    const [light, dark, more, moreDark] = [...read('cabinet.css').matchAll(/:root \{([^}]*)\}/g)].map(
      ([, rules = '']) => Object.fromEntries([...rules.matchAll(/--([\w-]+): (#\w{6});/g)].map(([, k, v]) => [k, v])),
    );
    return {
      light,
      dark: { ...light, ...dark },
      more: { ...light, ...more },
      moreDark: { ...light, ...dark, ...moreDark },
    };
  };

  it.each(['light', 'dark', 'more', 'moreDark'] as const)('can be read in the colours of %s', (scheme) => {
    const colours = schemes()[scheme] as Record<string, string>;
    const contrasts = ['ink', 'quiet', 'accent', 'good', 'warn', 'bad'].flatMap((text) =>
      ['paper', 'surface', ...(`${text}-paper` in colours ? [`${text}-paper`] : [])].map((paper) => ({
        pair: `${text} on ${paper}`,
        contrast: contrastOf(colours[text] as string, colours[paper] as string),
      })),
    );
    const papers = ['good-paper', 'warn-paper', 'bad-paper'].map((paper) => ({
      pair: `ink on ${paper}`,
      contrast: contrastOf(colours.ink as string, colours[paper] as string),
    }));
    // WCAG 2.2, 1.4.3 (AA); with more contrast asked for, 1.4.6 (AAA).
    const least = scheme.startsWith('more') ? 7 : 4.5;
    expect([...contrasts, ...papers].filter(({ contrast }) => contrast < least)).toEqual([]);
  });
});

/** WCAG 2.2, contrast ratio. */
function contrastOf(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
