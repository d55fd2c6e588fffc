import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSomeone } from './forms/someone.ts';
import { goTo, isFollowing, places } from './places.ts';
import { visit } from './visit.ts';

const { want, pageOf, practice } = startSomeone();

/** What each of the four states says, and none of the others. */
const signs = {
  loading: /Loading: /,
  failed: /cannot be reached.*GATEWAY\.NO_INSTANCE/s,
  stale: /\d+ minutes old; it cannot be read anew/,
};
type State = keyof typeof signs | 'there';

const data = '**/api/**';
const isData = (path: string) => /^\/api\/(?!oidc|auth\/lo)/.test(path) && !isFollowing(path);

async function statesOf(page: Page): Promise<State[]> {
  const text = (await page.locator('main').first().textContent()) ?? '';
  const said = (Object.keys(signs) as (keyof typeof signs)[]).filter((state) => signs[state].test(text));
  return said.length > 0 ? said : ['there'];
}

/** Pages that show nothing that is asked for. */
const withoutData = [
  ...['nothing here', 'take in a patient', 'add a practitioner', 'invite somebody', 'imports'],
  ...['record closed to a guardian', 'record closed to a carer', 'messages of a patient, for a desk of one'],
];
const lists = places.filter(({ as, name }) => as && !withoutData.includes(name));

/** The same answers with nothing in any list of theirs. */
function emptied(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, Array.isArray(value) ? [] : value]));
}

describe.each(lists)('$name', (place) => {
  it('says that it loads, that there is nothing, or that it failed, and never one for another', async () => {
    const page = await pageOf(place.as as string);
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    await page.route(data, async (route) => {
      if (isData(new URL(route.request().url()).pathname)) await answered;
      await route.fallback();
    });
    await page.goto(place.path);
    await page.locator('main').first().waitFor();
    await expect.poll(() => statesOf(page)).toEqual(['loading']);
    answer();
    await page.unrouteAll({ behavior: 'wait' });

    await page.route(data, async (route) => {
      const { pathname } = new URL(route.request().url());
      if (route.request().method() !== 'GET' || !isData(pathname)) return route.continue();
      const answered = await route.fetch();
      if (!answered.headers()['content-type']?.includes('json')) return route.fulfill({ response: answered });
      await route.fulfill({ response: answered, json: emptied(await answered.json()) });
    });
    await goTo(page, place);
    await expect.poll(() => statesOf(page)).toEqual(['there']);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).not.toContain('failed');
    const none = await page.locator('main').first().textContent();
    await page.unrouteAll({ behavior: 'wait' });

    await want('faults', { operation: '*', answers: '503' });
    await page.goto(place.path);
    await expect.poll(() => statesOf(page)).toEqual(['failed']);
    expect(await page.locator('main').first().textContent()).not.toBe(none);
  });
});

/** Pages of one list that is read anew when somebody comes back to it. */
const readAnew = [
  'appointments',
  'readers',
  'family',
  'waiting list of the practice',
  'rooms and devices',
  'users',
  'audit',
];

it.each(places.filter(({ name }) => readAnew.includes(name)))(
  'what was read five minutes ago stays there, with its age, when it cannot be read anew: $name',
  async (place) => {
    const { page, context, close } = await visit(practice().browser, practice().address);
    onTestFinished(close);
    await context.clock.install();
    await goTo(page, place);
    const list = page.locator('main');
    const before = await list.getByRole('listitem').or(list.getByRole('row')).count();
    expect(before).toBeGreaterThan(0);
    await want('faults', { operation: '*', answers: '503' });
    await context.clock.runFor('05:00');
    await page.evaluate(() => dispatchEvent(new Event('visibilitychange')));
    // Asked twice more before it is said.
    await expect
      .poll(async () => {
        await context.clock.runFor(1_000);
        return list.textContent();
      })
      .toMatch(/5 minutes old; it cannot be read anew/);
    expect(await list.getByRole('listitem').or(list.getByRole('row')).count()).toBeGreaterThanOrEqual(before);
    expect(await list.textContent()).not.toMatch(/Loading: |There is no|Nobody/);
    await list.getByText('it cannot be read anew').first().click();
    await list.getByText('GATEWAY.NO_INSTANCE').first().waitFor();
  },
);
