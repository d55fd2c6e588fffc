import type { Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type Built, openBuilt } from './on-built.ts';
import { goTo, places } from './places.ts';
import { type Look, visit } from './visit.ts';

interface On {
  screen?: Look['screen'];
  /** What the clock shows there; it stands still. */
  now?: Date;
}

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
    /** As of `Built`. */
    setAway: (how: boolean | number) => practice.setAway(how),
    /** A place on somebody's telephone or another screen, in English. @throws Error when no place has that name */
    async open(name: string, { screen = 'phone', now }: On = {}): Promise<Page> {
      const { page, context, close } = await visit(practice.browser, practice.address, { screen });
      if (now) await context.clock.setFixedTime(now);
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
