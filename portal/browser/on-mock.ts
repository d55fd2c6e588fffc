import type { Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type Built, openBuilt } from './on-built.ts';
import { goTo, places } from './places.ts';
import { visit } from './visit.ts';

/** For tests of pages on the mock: one browser and one mock for all tests of a file. */
export function startOnMock() {
  let practice: Built;
  beforeAll(async () => {
    practice = await openBuilt();
  }, 300_000);
  afterAll(() => practice?.stop());
  return {
    /** What is to go wrong (`faults`), or no longer (`clear`). */
    want: (path: string, words: Record<string, string> = {}) =>
      fetch(`${practice.address}/mock/${path}`, {
        method: 'POST',
        body: new URLSearchParams(words),
        redirect: 'manual',
      }),
    /** A place on somebody's telephone, in English. @throws Error when no place has that name */
    async open(name: string): Promise<Page> {
      const { page, close } = await visit(practice.browser, practice.address, { screen: 'phone' });
      onTestFinished(close);
      await open(page, name);
      return page;
    },
  };
}

/** Goes from where somebody is to another place. */
export async function open(page: Page, name: string): Promise<void> {
  const place = places.find((each) => each.name === name);
  if (!place) throw new Error(`there is no place ${name}`);
  await goTo(page, place);
}
