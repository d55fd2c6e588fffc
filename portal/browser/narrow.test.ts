import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Built, openBuilt } from './on-built.ts';
import { goTo, type Place, places } from './places.ts';
import { type Visit, visit } from './visit.ts';

let practice: Built;
beforeAll(async () => {
  practice = await openBuilt();
}, 300_000);
afterAll(() => practice?.stop());

/** A small telephone, and a screen of 1280 by 1024 on which all is shown four times as large (WCAG 2.2, 1.4.10). */
const sizes = [
  { width: 320, height: 640 },
  { width: 320, height: 256 },
] as const;

describe.each(['en', 'fr'] as const)('each page, narrow, in %s', (language) => {
  const visits = new Map<string | undefined, Promise<Visit>>();
  afterAll(async () => {
    for (const visitor of visits.values()) await (await visitor).close();
  });

  async function pageOf({ as }: Place): Promise<Page> {
    const visitor = visits.get(as) ?? visit(practice.browser, practice.address, { language, screen: 'phone' });
    visits.set(as, visitor);
    return (await visitor).page;
  }

  it.each(places)('scrolls one way alone, and what stays in view leaves room for the page: $name', async (place) => {
    const page = await pageOf(place);
    await goTo(page, place);
    for (const size of sizes) {
      await page.setViewportSize(size);
      expect([size, await page.evaluate(tooWide)]).toEqual([size, []]);
      expect(await page.evaluate(shareOfWhatStays)).toBeLessThanOrEqual(0.4);
    }
  });
});

/** What makes the page wider than the screen; nothing where it is not. */
function tooWide(): string[] {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const scrollsByItself = (element: Element) => {
    for (let each = element.parentElement; each && each !== document.body; each = each.parentElement)
      if (getComputedStyle(each).overflowX !== 'visible') return true;
    return false;
  };
  return [...document.body.querySelectorAll('*')]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5 && !scrollsByItself(each))
    .map((each) => `${each.tagName} ${each.className} ${each.textContent?.slice(0, 40)}`);
}

/** How much of the screen is covered, at the middle of the page, by what does not scroll away. */
function shareOfWhatStays(): number {
  scrollTo(0, document.documentElement.scrollHeight / 2);
  const staying = [...document.body.querySelectorAll('*')].filter((each) =>
    ['sticky', 'fixed'].includes(getComputedStyle(each).position),
  );
  const heights = staying
    .map((each) => each.getBoundingClientRect())
    // What is at its own place has scrolled with the page.
    .filter(({ top, bottom, width }) => width > innerWidth / 2 && (top <= 1 || bottom >= innerHeight - 1) && bottom > 0)
    .filter(({ top }) => top < innerHeight)
    .map(({ height }) => height);
  scrollTo(0, 0);
  return heights.reduce((sum, height) => sum + height, 0) / innerHeight;
}
