import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { Progress } from '../../dev/src/progress.ts';
import { openChromium } from '../../portal/browser/chromium.ts';
import { type Look, type Visit, visit } from '../../portal/browser/visit.ts';
import { platform } from './platform.ts';

/** Chromium for the tests of a file; each visitor gets a browser of their own in it, which ends with their test. */
export function useChromium(): (look?: Partial<Look>) => Promise<Visit> {
  let browser: Browser;
  beforeAll(async () => {
    const { chromium } = await bringArtifacts(new Progress(() => undefined), ['chromium']);
    browser = await openChromium(chromium);
  }, 300_000);
  afterAll(() => browser?.close());
  return async (look) => {
    const visitor = await visit(browser, platform().portalAddress, look);
    onTestFinished(() => visitor.close());
    return visitor;
  };
}
