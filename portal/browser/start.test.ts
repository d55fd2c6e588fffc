import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { Progress } from '../../dev/src/progress.ts';
import { openChromium } from './chromium.ts';

let browser: Browser;
let built: PreviewServer;

// What was built, and nothing of the practice behind it.
beforeAll(async () => {
  const { chromium } = await bringArtifacts(new Progress(() => undefined), ['chromium']);
  const configFile = join(import.meta.dirname, '../vite.config.ts');
  [built, browser] = await Promise.all([
    preview({ configFile, logLevel: 'silent', preview: { host: '127.0.0.1', port: 0, proxy: {} } }),
    openChromium(chromium),
  ]);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await built?.close();
});

/** @param missing what the instance that answers does not have, while the practice is upgraded */
async function begin(missing: RegExp, times?: number) {
  const context = await browser.newContext({ baseURL: built.resolvedUrls?.local[0], locale: 'fr' });
  onTestFinished(() => context.close());
  await context.route(missing, (route) => route.fulfill({ status: 404 }), { times });
  const page = await context.newPage();
  let loads = 0;
  page.on('request', (asked) => {
    if (asked.isNavigationRequest()) loads += 1;
  });
  await page.goto('/');
  return { context, page, loads: () => loads };
}

describe.each([
  ['the script with which it begins', /\/assets\/begin-[^/]+\.js$/],
  ['the script that shows it', /\/assets\/portal-[^/]+\.js$/],
  ['its language', /\/assets\/fr-[^/]+\.js$/],
])('a page that lacks %s', (_what, missing) => {
  it('is loaded anew once, and is there', async () => {
    const { page } = await begin(missing, 1);
    await page.locator('#portal > div').waitFor();
    expect(await page.getByRole('button', { name: 'Recharger' }).count()).toBe(0);
  });

  it('says what to do when that does not help, and is there as soon as it can be', async () => {
    const { context, page, loads } = await begin(missing);
    const button = page.getByRole('button', { name: 'Recharger' });
    await button.waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('n’a pas pu être chargée');
    expect(loads()).toBe(2);
    await context.unroute(missing);
    await button.click();
    await page.locator('#portal > div').waitFor();
  });
});
