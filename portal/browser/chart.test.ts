import { expect, it } from 'vitest';
import { open, startOnMock } from './on-mock.ts';

const mock = startOnMock();

it('a note is amended with a reason, and says what it said before; what was typed outlives a reload and another’s change', async () => {
  const page = await mock.open('chart');
  await page.getByText('Sleeps badly since the new work.').waitFor();
  await page.getByRole('button', { name: 'Amended: what it said before' }).click();
  await page.getByText('Why: She has not moved').waitFor();
  await page.getByText('Sleeps badly since the move.').waitFor();

  const amend = page.getByRole('button', { name: /^Amend the note of/ });
  await amend.click();
  const dialog = page.getByRole('dialog');
  const confirm = dialog.getByRole('button', { name: 'Amend', exact: true });
  expect(await confirm.isDisabled()).toBe(true);
  await dialog.getByLabel('What it is to say').fill('Sleeps well again.');
  expect(await confirm.isDisabled()).toBe(true);
  await dialog.getByLabel('Why it is amended').fill('Follow-up');
  await open(page, 'chart');
  await amend.click();
  expect(await dialog.getByLabel('What it is to say').inputValue()).toBe('Sleeps well again.');
  await mock.want('faults', { operation: 'PUT /api/records/{patientId}/notes/{entryId}', answers: '412', times: '1' });
  await confirm.click();
  await dialog.getByText('Somebody changed this while you had it open').waitFor();
  await dialog.getByText('It says now:').waitFor();
  expect(await dialog.getByLabel('What it is to say').inputValue()).toBe('Sleeps well again.');
  await confirm.click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Sleeps well again.').waitFor();

  await amend.click();
  await dialog.getByLabel('Why it is amended').fill('It is of somebody else');
  await dialog.getByRole('button', { name: 'It was entered in error' }).click();
  await page.getByText('No note is recorded.').waitFor();
});
