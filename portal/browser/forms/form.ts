import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { goTo } from '../places.ts';

/** A form of the portal, where it stands, and what somebody types into it. */
export interface Form {
  /** Its file in `src/forms`, and what it is filled in for where there is more than one. */
  name: string;
  as: string;
  at: string;
  /** What is done before there is anything to fill in. */
  opens?(page: Page): Promise<unknown>;
  /** By label, or how it begins where that is said as `^Time on`; of a list the words with which an entry begins. */
  types?: Record<string, string>;
  /** What is ticked or chosen beside. */
  ticks?: readonly string[];
  /** What else is done when all is typed: a file, a look at what it does. May be done again. */
  also?(page: Page): Promise<unknown>;
  sends: string | RegExp;
  /** What it asks for, as the contract names it. */
  operation: string;
  /** What stands in what is sent; what was typed when it is left out. */
  sent?: readonly string[];
  /** Labels of what opens something elsewhere, or is a mere check: the page alone has it. */
  secrets?: readonly string[];
  /** Sent ten seconds later, unless that is undone. */
  isDelayed?: boolean;
  /** What is said in place of the usual words when it is refused. */
  says?: Record<string, RegExp>;
  /** Once it is done the page has no place for it, whether or not an answer came. */
  isGoneWhenDone?: boolean;
}

/** Where somebody is: in the dialog that is open last, or on the page. */
export const within = (page: Page): Locator => page.locator('body:not(:has(dialog[open])), dialog[open]').last();

export function fieldOf(page: Page, label: string): Locator {
  const begins = label.startsWith('^');
  return within(page)
    .getByLabel(begins ? new RegExp(label) : label, { exact: !begins })
    .first();
}

/** Goes to a form and types into it. @param isAnew what was typed there before is forgotten @returns its fields by their labels: they are looked at when something covers them, too */
export async function fillIn(page: Page, form: Form, isAnew = true): Promise<Map<string, Locator>> {
  if (isAnew) await page.evaluate(() => sessionStorage.clear());
  await goTo(page, { ...form, path: form.at });
  await form.opens?.(page);
  for (const tick of form.ticks ?? []) {
    const box = within(page)
      .getByRole('checkbox', { name: tick })
      .or(within(page).getByRole('radio', { name: tick }));
    await box.first().click();
  }
  const fields = new Map<string, Locator>();
  for (const [label, text] of Object.entries(form.types ?? {})) {
    const field = fieldOf(page, label);
    await typeInto(field, text);
    // By the id that it has: what covers it later has labels as well.
    fields.set(label, page.locator(`[id="${await field.getAttribute('id')}"]`));
  }
  await form.also?.(page);
  return fields;
}

async function typeInto(field: Locator, text: string): Promise<void> {
  await field.waitFor();
  const isList = (await field.evaluate((element) => element.tagName)) === 'SELECT';
  if (!isList) return field.fill(text);
  const options = await field.locator('option').allTextContents();
  const wanted = options.find((each) => each.startsWith(text));
  if (!wanted) throw new Error(`there is no "${text}" among ${options.join(', ')}`);
  await field.selectOption({ label: wanted });
}

/** What stands in the fields, as it was typed. */
async function typedIn(fields: Map<string, Locator>): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [label, field] of fields)
    values[label] = await field.evaluate((element) =>
      element instanceof HTMLSelectElement
        ? (element.selectedOptions[0]?.textContent ?? '')
        : (element as HTMLInputElement).value,
    );
  return values;
}

/** Nothing that was typed is lost. */
export async function expectTyped(form: Form, fields: Map<string, Locator>, without: readonly string[] = []) {
  const values = await typedIn(fields);
  for (const [label, text] of Object.entries(form.types ?? {})) {
    const value = without.includes(label) ? '' : text;
    expect([label, values[label]?.slice(0, value.length || undefined)]).toEqual([label, value]);
  }
}

export const sender = (page: Page, { sends }: Form): Locator =>
  within(page)
    .getByRole('button', { name: sends, exact: typeof sends === 'string' })
    .first();
