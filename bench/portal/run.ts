import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { Progress } from '../../dev/src/progress.ts';
import { openChromium } from '../../portal/browser/chromium.ts';
import type { Figure } from '../figures.ts';
import { measureAgenda } from './agenda.ts';
import { measureBooking } from './booking.ts';
import { measureFirstLoad } from './first-load.ts';
import { measurePaints } from './paint.ts';
import { servePortal } from './serve.ts';

/** What the portal weighs, and how soon it is there and follows its user: in Chromium, on the mock of the API. */
export async function measurePortal(say: (text: string) => void): Promise<Figure[]> {
  const { chromium } = await bringArtifacts(new Progress(() => undefined), ['chromium']);
  const [served, browser] = await Promise.all([servePortal(), openChromium(chromium)]);
  try {
    const sizes = measureFirstLoad();
    say('largest paint ...');
    const paints = await measurePaints(browser, served.address);
    say('agenda ...');
    const agenda = await measureAgenda(browser, served.address);
    say('booking ...');
    return [...sizes, ...paints, ...agenda, ...(await measureBooking(browser, served.address))];
  } finally {
    await browser.close();
    await served.stop();
  }
}
