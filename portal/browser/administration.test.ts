import { expect, it } from 'vitest';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();

it('a reviewer judges what they have read of an unusual access, and reads again what changed since', async () => {
  const page = await mock.open('unusual accesses');
  // Within it its reasons are items, too.
  const has = page.getByLabel('What you found');
  const line = page.getByRole('main').getByRole('listitem').filter({ hasText: 'has the same name', has });
  await line.getByLabel('What you found').fill('They are not related, and she came that day');
  const justified = line.getByRole('button', { name: 'It was justified' });
  await mock.want('faults', {
    operation: 'POST /api/patients/unusual-accesses/{accessId}/verdict',
    answers: '412',
    times: '1',
  });
  await justified.click();
  await page.getByText('Somebody changed this while you had it open').waitFor();
  expect(await line.getByLabel('What you found').inputValue()).toBe('They are not related, and she came that day');
  await justified.click();
  await line.waitFor({ state: 'detached' });
  await page.getByText('It was outside the hours of the practice.').waitFor();
});

it('the audit trail names users by their address and says why in words', async () => {
  const page = await mock.open('audit');
  const line = page.getByRole('row').filter({ hasText: 'patient.read' }).first();
  await line.getByText('secretary@cabinet.test').waitFor();
  await line.getByText('Secretary', { exact: true }).waitFor();
});
