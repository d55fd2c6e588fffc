import { expect, it } from 'vitest';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();

it('somebody sets up an app for codes, keeps the recovery codes that are shown once, and turns it off', async () => {
  const page = await mock.open('account');
  await page.getByRole('button', { name: 'Set up an app' }).click();
  await page.getByRole('img', { name: /^Picture for the camera/ }).waitFor();
  const code = page.getByLabel('Type the six digits that the app shows');
  await code.fill('000000');
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByText('This code is not right, or no longer.').waitFor();
  await code.fill('492039');
  await page.getByRole('button', { name: 'Turn on' }).click();
  const kept = page.getByRole('region', { name: /^Keep these recovery codes/ });
  await kept.waitFor();
  expect(await kept.getByRole('listitem').count()).toBe(10);
  expect(await kept.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
  await kept.getByRole('checkbox').check();
  await kept.getByRole('button', { name: 'Done' }).click();
  await kept.waitFor({ state: 'detached' });
  await page.getByText('10 recovery codes are left.').waitFor();
  await page.getByRole('button', { name: 'Turn off' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
  await page.getByRole('button', { name: 'Set up an app' }).waitFor();
});

it('somebody sees which sign-in is this one, and ends all others; a password is asked for anew where it must be', async () => {
  const page = await mock.open('account');
  const sessions = page.getByRole('region', { name: 'Where you are signed in' });
  await sessions.getByText('Chrome, Android').waitFor();
  expect(await sessions.getByRole('listitem').filter({ hasText: 'this one' }).textContent()).toContain(
    'Firefox, Linux',
  );
  await sessions.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await sessions.getByText('Chrome, Android').waitFor({ state: 'detached' });
  await page.getByLabel('Name for a new passkey').fill('Laptop');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('Sign in once more to change this').waitFor();
  expect(await page.getByLabel('Name for a new passkey').inputValue()).toBe('Laptop');
});

it('somebody who gives too short a password is told so at the field, and nothing typed there outlives the page', async () => {
  const page = await mock.open('account');
  await page.getByLabel('Your password now').fill('what it was until now');
  await page.getByLabel('New password').fill('too short');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('Give at least 12 characters.').waitFor();
  await page.getByLabel('New password').fill('an old grey mare likes oats');
  expect(await page.evaluate('JSON.stringify({ ...sessionStorage, ...localStorage })')).not.toContain('grey mare');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('The password was changed').waitFor();
  expect(await page.getByLabel('New password').inputValue()).toBe('');
});
