import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { invitations, users } from '../mock/answers/users.ts';
import { patients, people, practitioners } from '../mock/people.ts';
import { open, startOnMock } from './on-mock.ts';

const mock = startOnMock();
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const kept = (page: Page) => page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');

it('somebody is found by part of their address', async () => {
  const page = await mock.open('users');
  const lines = page.getByRole('link', { name: /@cabinet\.test$/ });
  await lines.nth(2).waitFor();
  await page.getByLabel('Find by part of the address').fill('SECRETARY@');
  await expect.poll(() => lines.allInnerTexts()).toEqual(['secretary@cabinet.test']);
  await page.getByLabel('Find by part of the address').fill('nobody at all');
  await page.getByText('Nobody signs in by an address with “nobody at all” in it.').waitFor();
  await page.getByLabel('Find by part of the address').fill('');
  await lines.nth(2).waitFor();
});

it('a colleague is invited by mail as the practitioner they are, and what was typed outlives a reload', async () => {
  const page = await mock.open('invite somebody');
  await press(page, 'Invite');
  await page.getByText('Choose at least one.').waitFor();
  await page.getByText('This is needed.').waitFor();
  await page.getByRole('checkbox', { name: 'Practitioner' }).check();
  await page.getByLabel('Which practitioner are they?').selectOption(practitioners[1]?.id as string);
  await page.getByLabel('E-mail address').fill('colleague@example.org');
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  expect(await page.getByLabel('E-mail address').inputValue()).toBe('colleague@example.org');
  await page.getByLabel('Which practitioner are they?').waitFor();
  await mock.want('faults', { operation: 'POST /api/auth/invitations', answers: '503', times: '1' });
  await press(page, 'Invite');
  await page.getByText('A part of the practice’s system cannot be reached').waitFor();
  await press(page, 'Invite');
  await page.getByText('An invitation is on its way to colleague@example.org').waitFor();
  expect([...invitations.values()].filter(({ email }) => email === 'colleague@example.org')).toMatchObject([
    { roles: ['practitioner'], channel: 'mail', practitionerId: practitioners[1]?.id },
  ]);
  expect(await page.getByLabel('E-mail address').inputValue()).toBe('');
});

it('when no answer came it is said where to look, and nobody is invited twice without a look', async () => {
  const page = await mock.open('invite somebody');
  await page.getByRole('checkbox', { name: 'Secretary' }).check();
  await page.getByLabel('E-mail address').fill('desk@example.org');
  await mock.want('faults', { operation: 'POST /api/auth/invitations', answers: 'offline', times: '1' });
  await press(page, 'Invite');
  await page.getByText('They may be invited or not.').waitFor();
  await page.getByRole('link', { name: 'invited' }).click();
  await page.getByRole('heading', { name: 'Invited, and not here yet' }).waitFor();
});

it('a code on paper is shown once, stays nowhere, and lets its person in; an invitation can be withdrawn', async () => {
  const page = await mock.open('invite somebody');
  const patient = patients[5];
  await page.getByRole('checkbox', { name: 'Patient' }).check();
  await page.getByRole('textbox', { name: 'Patient' }).fill(patient?.familyName as string);
  await page
    .getByRole('search')
    .getByRole('button', { name: new RegExp(`${patient?.givenNames[0]} ${patient?.familyName}`) })
    .first()
    .click();
  await page.getByRole('radio', { name: 'on paper' }).check();
  await press(page, 'Invite');
  await page.getByText('7K3F-9QXM-2BTR').waitFor();
  await page.getByText(/\/invitation/).waitFor();
  expect(await kept(page)).not.toContain('7K3F');
  expect(await page.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('button', { name: 'Print' }).isVisible()).toBe(false);
  expect(await page.getByText('7K3F-9QXM-2BTR').isVisible()).toBe(true);
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('checkbox', { name: 'I have printed it or written it down' }).check();
  await press(page, 'Done');
  await page.getByText('7K3F-9QXM-2BTR').waitFor({ state: 'detached' });
  await open(page, 'users');
  const line = page.getByRole('listitem').filter({ hasText: 'on paper, for an address of their own' });
  await line.getByRole('button', { name: 'Withdraw the invitation: somebody on paper' }).click();
  await page.getByText('The invitation of somebody on paper will be withdrawn.').waitFor();
  await page.reload();
  await page.getByText('dr.garnier@example.org').waitFor();
  await line.waitFor({ state: 'detached' });
});

it('whoever is invited chooses a password with the code, and says their address where nobody knew it', async () => {
  const page = await mock.open('invitation');
  await page.getByLabel('Code').fill('7K3F-9QXM-2BTR');
  await page.getByLabel('New password').fill('an old grey mare likes oats');
  await press(page, 'Choose this password');
  await page.getByText('This is needed.').waitFor();
  await page.getByLabel('E-mail address').fill('lea@example.org');
  await press(page, 'Choose this password');
  await page.getByText('You can sign in now').waitFor();
  expect(await kept(page)).not.toMatch(/mare|lea@/);
});

it('roles are changed as they are now, not over what somebody else changed meanwhile', async () => {
  const page = await mock.open('user');
  const [asSecretary, asPractitioner] = ['Secretary', 'Practitioner'].map((name) =>
    page.getByRole('checkbox', { name, exact: true }),
  );
  await asSecretary?.check();
  await mock.want('faults', { operation: 'PATCH /api/auth/users/{id}', answers: '412', times: '1' });
  await press(page, 'Save');
  await page.getByText('Somebody changed this while you had it open').waitFor();
  expect(await asSecretary?.isChecked()).toBe(true);
  await press(page, 'Save');
  await page.getByText('Saved', { exact: true }).waitFor();
  await asPractitioner?.uncheck();
  await press(page, 'Save');
  await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
  const stored = users.get(people[2]?.id ?? '');
  expect([stored?.roles, stored?.practitionerId]).toEqual([['secretary'], undefined]);
});

it('the last administrator stays one', async () => {
  const page = await mock.open('users');
  await page.getByRole('link', { name: 'admin@cabinet.test' }).click();
  await page.getByRole('checkbox', { name: 'Secretary' }).check();
  await page.getByRole('checkbox', { name: 'Administrator' }).uncheck();
  await page.getByText('What you take from yourself another administrator has to give back.').waitFor();
  await press(page, 'Save');
  await page.getByText('Nobody would be left to administer').waitFor();
});

it('whoever lost telephone and password is helped in: second factors go, and a code on paper comes', async () => {
  const page = await mock.open('user');
  await press(page, 'Remove the second factors');
  const ended = page.waitForRequest((request) => request.method() === 'DELETE');
  await press(page, 'Remove them');
  expect((await ended).url()).toMatch(/\/second-factors$/);
  await page.getByText('The second factors are removed').waitFor();
  await press(page, 'Make a code');
  await page.getByText('7K3F-9QXM-2BTR').waitFor();
  await page.getByText(/\/password/).waitFor();
  expect(await kept(page)).not.toContain('7K3F');
});
