import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectTyped, type Form, fillIn, sender } from './forms/form.ts';
import { forms } from './forms/forms.ts';
import { startSomeone } from './forms/someone.ts';
import { atRest } from './places.ts';

const { fault, done, pageOf } = startSomeone();

/** What is said of each, and the way on. */
const said: Record<string, RegExp> = {
  offline: /No answer came.*It will not be done twice/s,
  503: /cannot be reached.*Nothing was changed.*You can go on in \d s/s,
  429: /too much at once.*You can go on in \d s/s,
  409: /has just taken this time.*nearest free ones/s,
  412: /Somebody changed this while you had it open.*Compare/s,
  422: /does not fit yet.*Nothing that you typed is lost/s,
  428: /does not know the newest state.*Read it again/s,
};

const ofForm = ({ operation }: Form) => done.filter(({ name }) => name === operation);

/** What is said when it was refused. */
const failure = (page: Page, words: RegExp): Locator =>
  page.locator('[role=alert], [role=status]').filter({ hasText: words }).first();

const isTold = (form: Form, what: string): RegExp => form.says?.[what] ?? (said[what] as RegExp);

describe('a write that is not done', () => {
  const atOnce = forms.filter(({ make }) => !make().isDelayed);

  it.each(atOnce)('is told with the way on, and loses nothing, whatever the reason: $name', async ({ make }) => {
    const form = make();
    const page = await pageOf(form.as);
    const fields = await fillIn(page, form);
    done.length = 0;
    for (const what of Object.keys(said)) {
      await fault(form.operation, what);
      await form.also?.(page);
      await sender(page, form).click();
      await failure(page, isTold(form, what)).waitFor();
      await expectTyped(form, fields);
    }
    expect(ofForm(form)).toEqual([]);
  });

  it.each(atOnce)('is done once though its answer was lost, and it is sent again: $name', async ({ make }) => {
    const form = make();
    const page = await pageOf(form.as);
    const fields = await fillIn(page, form);
    done.length = 0;
    await fault(form.operation, 'cut');
    const first = page.waitForRequest((request) => request.method() === form.operation.split(' ')[0]);
    await sender(page, form).click();
    const isKeyed = (await first).headers()['idempotency-key'] !== undefined;
    if (form.isGoneWhenDone) {
      const isLeft = async () => (await sender(page, form).count()) > 0 && (await sender(page, form).isEnabled());
      return expect.poll(isLeft).toBe(false);
    }
    await failure(page, isTold(form, 'offline')).waitFor();
    expect(ofForm(form)).toHaveLength(1);
    await expectTyped(form, fields);
    await form.also?.(page);
    // What has no key says which version it was read in: it is refused, or changes nothing more.
    if (await sender(page, form).isEnabled()) await sender(page, form).click();
    await atRest(page);
    const bodies = ofForm(form).map(({ body }) => body);
    if (isKeyed) expect(bodies).toHaveLength(1);
    else expect(new Set(bodies.filter((body) => body !== '{}')).size).toBe(1);
  });

  it.each(atOnce)('is sent once by who presses again while nothing seems to happen: $name', async ({ make }) => {
    const form = make();
    const page = await pageOf(form.as);
    await fillIn(page, form);
    done.length = 0;
    const answered = await holdUp(page, form);
    const sends = sender(page, form);
    await sends.dblclick();
    await sends.press('Enter');
    await answered();
    await atRest(page);
    expect(ofForm(form)).toHaveLength(1);
  });
});

/** Nothing comes back of what a form asks for until it is let. */
async function holdUp(page: Page, { operation }: Form): Promise<() => Promise<void>> {
  const [method, path = ''] = operation.split(' ');
  const address = new RegExp(`${path.replaceAll(/\{\w+\}/g, '[^/]+')}(?:\\?|$)`);
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(address, async (route) => {
    if (route.request().method() === method) await promise;
    await route.continue();
  });
  return async () => {
    resolve();
    await page.unrouteAll({ behavior: 'wait' });
  };
}
