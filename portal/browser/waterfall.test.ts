import type { Page, Request, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Built, openBuilt } from './on-built.ts';
import { become, isFollowing, places } from './places.ts';
import { type Visit, visit } from './visit.ts';

let practice: Built;
const visits = new Map<string, Promise<Visit>>();
beforeAll(async () => {
  practice = await openBuilt();
}, 300_000);
afterAll(async () => {
  for (const visitor of visits.values()) await (await visitor).close();
  await practice?.stop();
});

async function begin(name: string): Promise<Visit> {
  const visitor = await visit(practice.browser, practice.address);
  await become(visitor.page, name);
  return visitor;
}

/** Of a page's own data; not of who is signed in, and not what never ends. */
const isData = ({ pathname }: URL): boolean =>
  pathname.startsWith('/api/') && !/^\/api\/(?:oidc|auth\/l)|\/(?:agendas|live)\/changes$/.test(pathname);

/** So often in a row the page had nothing to do, and asked for nothing. */
const quietTimes = 6;

/** Answers round by round: whatever is asked for at once is answered at once, and then it is seen what else is asked for. */
async function roundsOf(page: Page, path: string): Promise<string[][]> {
  const held: Route[] = [];
  const others = new Set<Request>();
  await page.route(isData, (route) => void held.push(route));
  page.on('request', (request) => !isFollowing(request.url()) && others.add(request));
  for (const event of ['requestfinished', 'requestfailed'] as const)
    page.on(event as 'requestfinished', (request) => others.delete(request));
  /** Until nothing more is asked for without an answer to what is held. */
  const settle = async () => {
    for (let quiet = 0; quiet < quietTimes; quiet += 1) {
      const before = held.length;
      await page.evaluate('new Promise((idle) => requestIdleCallback(idle))');
      if (held.length !== before || others.size > held.length) quiet = -1;
    }
  };
  await page.goto(path);
  await page.locator('main').first().waitFor();
  const rounds: string[][] = [];
  for (await settle(); held.length > 0; await settle()) {
    const round = held.splice(0);
    rounds.push(round.map((route) => `${route.request().method()} ${new URL(route.request().url()).pathname}`));
    for (const route of round) await route.continue();
  }
  await page.unrouteAll();
  page.removeAllListeners('request');
  return rounds;
}

/** What stands as “…” or is folded away until it is known: of somebody in a list, or of a day on which nothing is free, one by one. */
const isOfOneInList = (question: string): boolean =>
  /^GET \/api\/(?:(?:patients|waiting-list)\/[\da-f-]{36}|slots\/explain)$/.test(question);

it.each(places.filter(({ as }) => as))(
  'is whole after two rounds of questions, but for names in lists: $name',
  async (place) => {
    const name = place.as as string;
    const visitor = visits.get(name) ?? begin(name);
    visits.set(name, visitor);
    const rounds = await roundsOf((await visitor).page, place.path);
    // A browser asks no more than six at once: many of a list take several rounds.
    const later = rounds.slice(2).flat();
    expect(later.filter((each) => !isOfOneInList(each))).toEqual([]);
  },
);

const ofAnybody = ['/api/oidc/.well-known/openid-configuration', '/api/oidc/auth', '/assets/en'];

it.each([
  { who: 'somebody who is signed in', as: 'secretary', asked: [...ofAnybody, '/api/oidc/token', '/assets/en'] },
  { who: 'nobody', as: undefined, asked: ofAnybody },
])(
  'while the portal is still fetched it is found out who is there, and their texts are: $who',
  async ({ as, asked }) => {
    const visitor = as ? await begin(as) : await visit(practice.browser, practice.address);
    try {
      const { page } = visitor;
      await page.goto('about:blank');
      const seen: string[] = [];
      page.on('request', (request) => seen.push(new URL(request.url()).pathname.replace(/-[\w-]{8}\.js$/, '')));
      const portal = Promise.withResolvers<Route>();
      await page.route('**/assets/portal-*.js', portal.resolve);
      await page.goto('/', { waitUntil: 'commit' });
      const held = await portal.promise;
      const counted = (paths: string[]) => asked.map((path) => paths.filter((each) => each === path).length);
      await expect.poll(() => counted(seen)).toEqual(counted(asked));
      expect(await page.locator('h1').count()).toBe(0);
      await held.continue();
      await page.locator('h1').waitFor();
      // Nothing of it is asked for twice.
      expect(counted(seen)).toEqual(counted(asked));
    } finally {
      await visitor.close();
    }
  },
);
