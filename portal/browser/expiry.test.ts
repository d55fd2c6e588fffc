import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectTyped, fieldOf, fillIn, sender } from './forms/form.ts';
import { forms, others } from './forms/forms.ts';
import { startSomeone } from './forms/someone.ts';
import { atRest } from './places.ts';

const { want, done, pageOf } = startSomeone();

const cover = (page: Page) => page.getByRole('dialog', { name: 'Sign in again to go on' });

/** Over the page, in a window of its own. */
async function signInOver(page: Page, name: string): Promise<void> {
  const opened = page.waitForEvent('popup');
  await cover(page).getByRole('button', { name: 'Sign in' }).click();
  await (await opened).getByRole('link', { name: `${name}@cabinet.test` }).click();
  await cover(page).waitFor({ state: 'detached' });
}

describe('a sign-in that ends before it is sent', () => {
  it.each(forms)('loses nothing of $name, which is sent once by who signs in again', async ({ make }) => {
    const form = make();
    const page = await pageOf(form.as);
    const fields = await fillIn(page, form);
    await want('end-sessions');
    done.length = 0;
    await sender(page, form).click();
    // What can be undone is sent a while later.
    await cover(page).waitFor();
    await (form.isDelayed ? undefined : expectTyped(form, fields));
    expect(done).toEqual([]);
    await signInOver(page, form.as);
    const ofForm = () => done.filter(({ name }) => name === form.operation);
    await expect.poll(ofForm).toHaveLength(1);
    for (const text of form.sent ?? Object.values(form.types ?? {})) expect(ofForm()[0]?.body).toContain(text);
    await atRest(page);
    expect(ofForm()).toHaveLength(1);
  });
});

describe('a page that is loaded anew before it is sent', () => {
  const typed = forms.filter(({ make }) => make().types);
  it.each(typed)('has what was typed of $name, but for what is nobody’s to keep', async ({ make }) => {
    const form = make();
    const page = await pageOf(form.as);
    await fillIn(page, form);
    await fillAgain(page, form);
  });

  async function fillAgain(page: Page, form: ReturnType<(typeof forms)[number]['make']>): Promise<void> {
    const fields = await fillIn(page, { ...form, types: undefined, ticks: undefined, also: undefined }, false);
    for (const label of Object.keys(form.types ?? {})) {
      const isKept = !form.secrets?.includes(label);
      const field = fieldOf(page, label);
      // A field that comes with what was ticked is there again as well.
      await field.waitFor();
      fields.set(label, page.locator(`[id="${await field.getAttribute('id')}"]`));
      if (!isKept) expect(await field.inputValue()).toBe('');
    }
    await expectTyped(form, fields, form.secrets);
  }
});

it('every form there is stands in the table, or is named as one of which nothing is sent', () => {
  const folder = join(import.meta.dirname, '../src/forms');
  const files = globSync('*.tsx', { cwd: folder })
    .filter((file) => /<form\b|useDraft[(<]/.test(readFileSync(join(folder, file), 'utf8')))
    .map((file) => file.slice(0, -'.tsx'.length));
  const known = [...forms.map(({ name }) => name.split(':')[0]), ...Object.keys(others)];
  expect(files.filter((file) => !known.includes(file))).toEqual([]);
});
