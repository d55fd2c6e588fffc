import { type Figure, median, within } from '../figures.ts';
import { type Browser, type SignedIn, telephone, Visitor } from './browser.ts';

const rounds = 3;
const paintMsMax = 2_500;
const screen = { width: 360, height: 640 };

/** The largest paint of signing in, and of the first page of each role, on a telephone that has nothing of it yet. */
export async function measurePaints(browser: Browser, address: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [who, name] of [
    ['signing in', undefined],
    ['the first page of patients', 'alice'],
    ['the first page of secretaries', 'secretary'],
    ['the first page of practitioners', 'dr.bernard'],
    ['the first page of admins', 'admin'],
  ] as const) {
    const as = name === undefined ? undefined : await signedIn(browser, address, name);
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) times.push(await paintMs(browser, address, as));
    figures.push(within(`portal, largest paint of ${who}, mobile`, 'ms', median(times), paintMsMax));
  }
  return figures;
}

async function signedIn(browser: Browser, address: string, name: string): Promise<SignedIn> {
  const visitor = await Visitor.at(browser, address, screen);
  try {
    return await visitor.signIn(name);
  } finally {
    await visitor.close();
  }
}

async function paintMs(browser: Browser, address: string, as?: SignedIn): Promise<number> {
  const visitor = await Visitor.at(browser, address, screen, { as });
  try {
    await visitor.slowDown(telephone);
    await visitor.page.goto('/');
    await visitor.page.locator('main h1').waitFor();
    // What is drawn later than this is no first page any more; the stream of changes keeps the network from ever being idle.
    await visitor.page.waitForTimeout(4_000);
    return await visitor.page.evaluate<number>(`new Promise((resolve) => {
      const last = (list) => resolve(list.getEntries().at(-1).startTime);
      new PerformanceObserver(last).observe({ type: 'largest-contentful-paint', buffered: true });
    })`);
  } finally {
    await visitor.close();
  }
}
