import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Asked } from '../../mock/operation.ts';
import { type Built, openBuilt } from '../on-built.ts';
import { become } from '../places.ts';
import { type Look, type Visit, visit } from '../visit.ts';

/** For tests of forms: the portal as it was built on one mock, a browser a person, and what was done there. */
export function startSomeone(look: Partial<Look> = {}) {
  let practice: Built;
  const visits = new Map<string, Promise<Visit>>();
  const done: { name: string; body: string }[] = [];
  const write = (name: string, { body }: Asked) => {
    if (!name.startsWith('GET '))
      done.push({ name, body: typeof body === 'string' ? body : JSON.stringify(body ?? '') });
  };
  beforeAll(async () => {
    practice = await openBuilt(write);
  }, 300_000);
  afterEach(() => want('clear'));
  afterAll(async () => {
    for (const visitor of visits.values()) await (await visitor).close();
    await practice?.stop();
  });

  /** What is to go wrong (`faults`), or no longer (`clear`). */
  const want = (path: string, words: Record<string, string> = {}) =>
    fetch(`${practice.address}/mock/${path}`, { method: 'POST', body: new URLSearchParams(words), redirect: 'manual' });

  async function begin(name: string): Promise<Visit> {
    const visitor = await visit(practice.browser, practice.address, look);
    // Else what a test waits for in vain goes on within the next.
    visitor.page.setDefaultTimeout(30_000);
    // Whether to leave what is unsent.
    visitor.page.on('dialog', (dialog) => dialog.accept());
    await become(visitor.page, name);
    return visitor;
  }

  return {
    want,
    fault: (operation: string, answers: string, more: Record<string, string> = { times: '1' }) =>
      want('faults', { operation, answers, ...more }),
    /** What was done of that operation since this was last asked for. */
    done,
    /** Somebody's page; the same each time. */
    async pageOf(name: string): Promise<Page> {
      const visitor = visits.get(name) ?? begin(name);
      visits.set(name, visitor);
      return (await visitor).page;
    },
    practice: () => practice,
  };
}
