import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { Progress } from '../../dev/src/progress.ts';
import { openChromium } from './chromium.ts';
import { adminTasks } from './keyboard/admin.ts';
import { Keyboard } from './keyboard/keyboard.ts';
import { patientTasks } from './keyboard/patient.ts';
import { practitionerTasks } from './keyboard/practitioner.ts';
import { secretaryTasks } from './keyboard/secretary.ts';
import { serveBuilt } from './on-built.ts';
import { become } from './places.ts';
import { type Patient, prepare } from './tabs/two-patients.ts';
import { type Visit, visit } from './visit.ts';

let browser: Browser;
let practice: Awaited<ReturnType<typeof serveBuilt>>;

beforeAll(async () => {
  const { chromium } = await bringArtifacts(new Progress(() => undefined), ['chromium']);
  [practice, browser] = await Promise.all([serveBuilt(), openChromium(chromium)]);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await practice?.stop();
});

describe.each([
  ['alice', 'a patient', patientTasks],
  ['secretary', 'a secretary', secretaryTasks],
  ['dr.bernard', 'a practitioner', practitionerTasks(prepare() as [Patient, Patient])],
  ['admin', 'an admin', adminTasks],
])('by the keyboard alone, %s', (who, role, tasks) => {
  let visitor: Visit;
  let page: Page;
  beforeAll(async () => {
    visitor = await visit(browser, practice.address);
    page = visitor.page;
    await become(page, who);
  });
  afterAll(() => visitor?.close());

  it.each(tasks)(`${role} can $name`, async ({ at, does }) => {
    await page.goto(at);
    await does(new Keyboard(page));
  });
});
