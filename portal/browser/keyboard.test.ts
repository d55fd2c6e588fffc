import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { adminTasks } from './keyboard/admin.ts';
import { Keyboard } from './keyboard/keyboard.ts';
import { patientTasks } from './keyboard/patient.ts';
import { practitionerTasks } from './keyboard/practitioner.ts';
import { secretaryTasks } from './keyboard/secretary.ts';
import { type Built, openBuilt } from './on-built.ts';
import { become } from './places.ts';
import { type Patient, prepare } from './tabs/two-patients.ts';
import { type Visit, visit } from './visit.ts';

let practice: Built;

beforeAll(async () => {
  practice = await openBuilt();
}, 300_000);
afterAll(() => practice?.stop());

describe.each([
  ['alice', 'a patient', patientTasks],
  ['secretary', 'a secretary', secretaryTasks],
  ['dr.bernard', 'a practitioner', practitionerTasks(prepare() as [Patient, Patient])],
  ['admin', 'an admin', adminTasks],
])('by the keyboard alone, %s', (who, role, tasks) => {
  let visitor: Visit;
  let page: Page;
  beforeAll(async () => {
    visitor = await visit(practice.browser, practice.address);
    page = visitor.page;
    await become(page, who);
  });
  afterAll(() => visitor?.close());

  it.each(tasks)(`${role} can $name`, async ({ at, does }) => {
    await page.goto(at);
    await does(new Keyboard(page));
  });
});
