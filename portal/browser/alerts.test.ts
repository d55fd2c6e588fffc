import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { type Alert, alertChanges, alerts, firstAlert, notes, pulseRule, storeAlert } from '../mock/alerts.ts';
import { idOf, patients } from '../mock/people.ts';
import { findFaults } from './axe.ts';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();
const nameOf = ({ patientId }: Alert): string => {
  const patient = patients.find(({ id }) => id === patientId);
  return `${patient?.givenNames[0]} ${patient?.familyName}`;
};

/** Rings now, of somebody of whom nothing rang before. */
function ring(nth: number): Alert {
  const [id, at] = [idOf(`alert that rings now ${nth}`), new Date().toISOString()];
  const patientId = patients[nth]?.id as string;
  const alert = { ...firstAlert, id, groupId: id, patientId, startedAt: at, raisedAt: at, since: at };
  return storeAlert(alert, { kind: 'raised', details: {} });
}

async function openAlerts(): Promise<Page> {
  const page = await mock.open('alerts', { screen: 'desk' });
  await page.getByText('What changes shows here at once.').waitFor();
  return page;
}

const line = (page: Page, alert: Alert) => page.getByRole('listitem').filter({ hasText: nameOf(alert) });

it('what rings is on the screen at once, the most urgent first, with its age', async () => {
  const page = await openAlerts();
  const alert = ring(20);
  await line(page, alert).first().waitFor();
  expect(await line(page, alert).textContent()).toContain('just now');
  const headings = await page.getByRole('heading', { level: 2 }).allTextContents();
  expect(headings).toEqual(['urgent', 'soon', 'when there is time']);
});

it('what is answered on one screen is answered on the other, without anybody asking', async () => {
  const [one, other] = [await openAlerts(), await openAlerts()];
  const alert = ring(21);
  await line(one, alert)
    .getByRole('button', { name: /^I take care of it/ })
    .click();
  await other.getByRole('heading', { name: 'Somebody takes care of it' }).waitFor();
  await expect
    .poll(() =>
      line(other, alert)
        .getByRole('button', { name: /^I take care of it/ })
        .count(),
    )
    .toBe(0);
  expect(alerts.get(alert.id)?.status).toBe('acknowledged');
});

it('nothing is told twice by a stream that was cut and comes back, and nothing is missed', async () => {
  const page = await openAlerts();
  const before = alertChanges.length;
  const [first, second] = [ring(22), ring(23)];
  await line(page, second).first().waitFor();
  mock.setAway(true);
  await page.getByText('Read again every few seconds', { exact: false }).waitFor();
  const third = ring(24);
  mock.setAway(false);
  await line(page, third).first().waitFor({ timeout: 30_000 });
  for (const each of [first, second, third]) expect(await line(page, each).count()).toBe(1);
  expect(alertChanges.length).toBe(before + 3);
});

it('an alert shows the curve with the rule in it, why it rang and who was told, and axe finds no fault', async () => {
  const page = await mock.open('alert', { screen: 'desk' });
  await page.getByText('The curve around it').waitFor();
  await page.getByText('120/min', { exact: true }).first().waitFor();
  await page.getByText('over again at 110/min').waitFor();
  const text = (await page.locator('main').textContent()) ?? '';
  expect(text).toContain('Version 1 of the rule, as it was then');
  expect(text).toContain('3 readings led to it.');
  expect(text).toMatch(/Step 1, told: .+/);
  expect(text).toContain('call 15');
  expect(await findFaults(page)).toEqual([]);
});

it('one of another patient is not shown below the wrong name', async () => {
  const page = await mock.open('alert', { screen: 'desk' });
  await page.goto(`/patients/${patients[3]?.id}/alerts/${firstAlert.id}`);
  await page.getByText('This is of another patient').waitFor();
  expect(await page.getByText('Why it rang').count()).toBe(0);
  expect(await page.getByRole('button', { name: /^Later/ }).count()).toBe(0);
});

it('what is beyond what the rule allows is refused with the way on', async () => {
  const page = await mock.open('alert', { screen: 'desk' });
  const rule = pulseRule.document;
  await page.getByRole('button', { name: /^Later: / }).click();
  await page.getByRole('radio', { name: '1 hour' }).click();
  // Somebody has made the rule stricter meanwhile.
  const before = rule.snoozeMinutesMax;
  rule.snoozeMinutesMax = 20;
  await page.getByRole('button', { name: 'Let it be quiet', exact: true }).click();
  await page.getByText('does not let it be quiet for so long').waitFor();
  rule.snoozeMinutesMax = before;
  await page.getByRole('button', { name: 'Let it be quiet', exact: true }).click();
  await vi.waitFor(() => expect(alerts.get(firstAlert.id)?.status).toBe('snoozed'));
  expect(notes.get(firstAlert.id)?.at(-1)?.kind).toBe('snoozed');
});

it('says that it is not known whether anybody is watched when the watch gives no answer', async () => {
  const page = await openAlerts();
  await mock.want('faults', { operation: 'GET /api/alert-watch/heartbeat', answers: '503' });
  await page.reload();
  await page.getByText('It is not known whether anybody is watched').waitFor();
  await mock.want('clear');
});
