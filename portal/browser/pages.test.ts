import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { findFaults } from './axe.ts';
import { type Built, openBuilt } from './on-built.ts';
import { goTo, type Place, places, unseen } from './places.ts';
import { type Look, spoken, type Visit, visit } from './visit.ts';

let practice: Built;

beforeAll(async () => {
  practice = await openBuilt();
}, 300_000);
afterAll(() => practice?.stop());

const looks = [
  { language: 'en', colors: 'light', screen: 'desk' },
  { language: 'fr', colors: 'dark', screen: 'phone' },
] as const satisfies Look[];

const want = (path: string, words: Record<string, string> = {}) =>
  fetch(`${practice.address}/mock/${path}`, { method: 'POST', body: new URLSearchParams(words), redirect: 'manual' });

describe.each(looks)('each page, $language, $colors, $screen', (look) => {
  const visits = new Map<string | undefined, Promise<Visit>>();
  afterAll(async () => {
    for (const visitor of visits.values()) await (await visitor).close();
  });

  /** The browser of who goes there, which is at no place yet. */
  async function pageOf({ as }: Place): Promise<Page> {
    const visitor = visits.get(as) ?? visit(practice.browser, practice.address, look);
    visits.set(as, visitor);
    return (await visitor).page;
  }

  it.each(places)(
    'has no fault that axe finds, scrolls one way alone, and says what was reviewed: $name',
    async (place) => {
      const page = await pageOf(place);
      await goTo(page, place);
      expect(await findFaults(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      // A text that did not come with its page stands there as its number.
      expect(await page.locator('body').innerText()).not.toMatch(/~[\da-z]/);
      if (!place.isSteady) return;
      const name = `${place.name.replaceAll(' ', '-')}.${look.language}.txt`;
      await expect(await spoken(page, 'body')).toMatchFileSnapshot(join(import.meta.dirname, 'spoken', name));
    },
  );

  it.each(places.filter(({ as }) => as))(
    'says that something failed, and never that there is none: $name',
    async (place) => {
      const page = await pageOf(place);
      await want('faults', { operation: '*', answers: '503' });
      onTestFinished(async () => void (await want('clear')));
      await goTo(page, place);
      expect(await findFaults(page)).toEqual([]);
      const text = await spoken(page, 'body');
      const none = [
        'There is no appointment yet',
        'Nobody here fits that',
        'Nothing has been written',
        'Nobody is.',
        'Il n’y a pas encore',
        'Personne ne correspond',
        'Rien n’a encore été écrit',
        'Personne.',
      ];
      for (const words of none) expect(text).not.toContain(words);
    },
  );
});

it('every page that there is has a place here, or is named as one that has none yet', () => {
  const routes = globSync('src/{routes,routes/*}.tsx', { cwd: join(import.meta.dirname, '..') })
    .sort()
    .map((file) => readFileSync(join(import.meta.dirname, '..', file), 'utf8'))
    .join('');
  const paths = [...routes.matchAll(/path: '([^']+)'/g)].map(([, path]) => path as string);
  const segments = new Set(places.flatMap(({ path }) => path.split(/[/?]/)));
  const without = paths.filter((path) =>
    path.split('/').some((segment) => /^[a-z]/.test(segment) && !segments.has(segment) && segment !== 'signed-in'),
  );
  expect(without.sort()).toEqual([...unseen].sort());
});
