import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { workTree } from '../../dev/cache.mjs';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { startPlatform } from '../../dev/src/background.ts';
import { Progress } from '../../dev/src/progress.ts';
import { openChromium } from '../../portal/browser/chromium.ts';
import type { Figure } from '../figures.ts';
import { atRest } from '../rest.ts';
import { measureAgenda } from './agenda.ts';
import { measureBooking } from './booking.ts';
import { measureFirstLoad } from './first-load.ts';
import { measurePaints } from './paint.ts';
import { servePortal } from './serve.ts';

/**
 * What the portal weighs, and how soon it is there and follows its user, in Chromium: behind the gateway of a practice
 * that runs, but for the day of 500 appointments, which is drawn from the mock of the API.
 */
export async function measurePortal(say: (text: string) => void): Promise<Figure[]> {
  const sizes = measureFirstLoad();
  say('bring up and seed ...');
  const home = join(workTree, '.cabinet/bench-portal');
  rmSync(home, { recursive: true, force: true });
  const { chromium } = await bringArtifacts(new Progress(() => undefined), ['chromium']);
  const platform = await startPlatform({ home, ports: 'free' });
  const browser = await openChromium(chromium);
  try {
    await atRest(platform);
    say('largest paint ...');
    const paints = await measurePaints(browser, platform.portalAddress);
    say('booking ...');
    const booking = await measureBooking(browser, platform.portalAddress);
    say('agenda ...');
    return [...sizes, ...paints, ...booking, ...(await onMock((address) => measureAgenda(browser, address)))];
  } finally {
    await browser.close();
    await platform.down();
  }
}

async function onMock(measure: (address: string) => Promise<Figure[]>): Promise<Figure[]> {
  const served = await servePortal();
  try {
    return await measure(served.address);
  } finally {
    await served.stop();
  }
}
