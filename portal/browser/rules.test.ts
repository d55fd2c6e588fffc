import { expect, it } from 'vitest';
import { draftRules, gapRule, pulseRule, rules, watch } from '../mock/alerts.ts';
import { findFaults } from './axe.ts';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();
const [untested, other] = draftRules as [typeof pulseRule, typeof pulseRule];

it('a rule that is not complete leads to what it lacks, and is not sent', async () => {
  const page = await mock.open('write a rule', { screen: 'desk' });
  const before = rules.size;
  await page.getByRole('button', { name: 'Store the rule' }).click();
  await page.getByText('This is needed.').first().waitFor();
  await expect.poll(() => page.getByLabel('What the rule is called').evaluate((e) => e.matches(':focus'))).toBe(true);
  await page.getByText('Each step needs somebody, and a time in whole minutes up to 1440').waitFor();
  expect(await findFaults(page)).toEqual([]);
  expect(rules.size).toBe(before);
});

it('limits that are moved are tried out side by side, and nothing of it is stored', async () => {
  const page = await mock.open('rule', { screen: 'desk' });
  const tryOut = page.getByRole('button', { name: 'Try it out' });
  await tryOut.click();
  await page.getByText('A day for who is called most').waitFor();
  await page.getByRole('slider', { name: 'Above' }).fill('140');
  await tryOut.click();
  await page.getByRole('region', { name: 'What was tried, side by side' }).waitFor();
  const tried = await page.getByRole('rowheader').allTextContents();
  expect(tried).toEqual(['Pulse above 140/min: for 15 minutes', 'Pulse above 120/min: for 15 minutes']);
  expect(rules.get(pulseRule.id)?.version).toBe(1);
  expect(pulseRule.document.condition).toMatchObject({ above: 120 });
  expect(await findFaults(page)).toEqual([]);
});

it('a rule watches once it was tested, and what is over the budget is said before', async () => {
  const page = await mock.open('what is watched', { screen: 'desk' });
  await page.goto(`/alert-rules/${untested.id}`);
  await page.getByRole('button', { name: 'Turn it on', exact: true }).click();
  await page.getByText('This version was not tested in the last day').waitFor();
  await page.getByLabel('Why it is turned on all the same').waitFor();
  watch.settings = { ...watch.settings, alertsADay: 0.5 };
  await page.reload();
  await page.getByRole('button', { name: 'Test it', exact: true }).click();
  await page.getByText('That is more than the practice allows, which is 0.5 a day').waitFor();
  await page.getByRole('button', { name: 'Turn it on', exact: true }).click();
  await expect.poll(() => rules.get(untested.id)?.status).toBe('enabled');
  await page.getByRole('button', { name: 'Turn it off' }).waitFor();
});

it('who signs for a rule that was not tested says why, and it watches', async () => {
  const page = await mock.open('what is watched', { screen: 'desk' });
  await page.goto(`/alert-rules/${other.id}`);
  await page.getByRole('button', { name: 'Turn it on', exact: true }).click();
  await page.getByLabel('Why it is turned on all the same').fill('Known well, and seen tomorrow');
  await page.getByRole('button', { name: 'Sign, and turn it on' }).click();
  await expect.poll(() => rules.get(other.id)?.status).toBe('enabled');
});

it('a rule for missing readings has no way to be turned off', async () => {
  const page = await mock.open('what is watched', { screen: 'desk' });
  await page.goto(`/alert-rules/${gapRule.id}`);
  await page.getByText('It watches for missing readings, and cannot be turned off.').waitFor();
  expect(await page.getByRole('button', { name: 'Turn it off' }).count()).toBe(0);
});

it('an admin sees rules, and is not offered what is for practitioners alone', async () => {
  const page = await mock.open('rule, as an admin sees it', { screen: 'desk' });
  await page.getByRole('button', { name: 'Store a new version' }).waitFor();
  expect(await page.getByRole('button', { name: /^(Try it out|Test it)$/ }).count()).toBe(0);
});

it('a new version watches only once it is turned on, and what was before stays readable', async () => {
  const page = await mock.open('rule', { screen: 'desk' });
  await page.getByLabel('Above (/min)', { exact: true }).fill('125');
  await page.getByRole('button', { name: 'Store a new version' }).click();
  await page.getByText('It is stored, and does not watch like this until it is turned on').waitFor();
  expect(rules.get(pulseRule.id)).toMatchObject({ version: 2, enabledVersion: 1, status: 'enabled' });
  await page.getByText('version 1; version 2 waits to be turned on').waitFor();
  await page.getByText('All that it ever said').click();
  await page.getByText('Pulse above 120/min: for 15 minutes', { exact: false }).first().waitFor();
});
