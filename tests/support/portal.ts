import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { Progress } from '../../dev/src/progress.ts';
import { openChromium } from '../../portal/browser/chromium.ts';
import { Keyboard } from '../../portal/browser/keyboard/keyboard.ts';
import { type Look, signIn, type Visit, visit } from '../../portal/browser/visit.ts';
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

/** Somebody who signs in when the tests of a file begin, and does all that follows by the keyboard alone. */
export function useKeyboard(signsIn: () => Promise<{ email: string; password: string }>): () => {
  visitor: Visit;
  keyboard: Keyboard;
} {
  let browser: Browser;
  let visitor: Visit;
  beforeAll(async () => {
    const { email, password } = await signsIn();
    const { chromium } = await bringArtifacts(new Progress(() => undefined), ['chromium']);
    browser = await openChromium(chromium);
    visitor = await visit(browser, platform().portalAddress);
    await signIn(visitor.page, email, password);
    // Led back from the page on which one signs in, to the first page of the role.
    await visitor.page.waitForURL(({ pathname }) => !/^\/(?:api\/.*|signed-in)?$/.test(pathname));
  }, 300_000);
  afterAll(() => browser?.close());
  return () => ({ visitor, keyboard: new Keyboard(visitor.page) });
}
