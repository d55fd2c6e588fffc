import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { practitioners } from '../mock/people.ts';
import { open, startOnMock } from './on-mock.ts';

const mock = startOnMock();
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const answer = (page: Page) => page.on('dialog', (dialog) => void dialog.accept());

it('a practitioner is added with a place and a kind of visit, once, though somebody has the same name', async () => {
  const page = await mock.open('practitioners');
  answer(page);
  await page.getByRole('link', { name: 'Add a practitioner' }).click();
  await press(page, 'Add them');
  expect(await page.getByText('This is needed.').count()).toBe(2);
  await page.getByLabel('Family name').fill(practitioners[3]?.familyName as string);
  await page.getByLabel('Given names').fill('Aline');
  await page.getByLabel('RPPS number').fill('101');
  await press(page, 'Add a place');
  await page.getByLabel('Name of the place').fill('Maison de santé');
  await page.getByLabel('Its clock').selectOption('Indian/Reunion');
  await press(page, 'Add a kind of visit');
  const type = page.getByRole('group', { name: 'Kind of visit 1' });
  await type.getByLabel('Name').fill('Consultation');
  await type.getByLabel('Minutes').fill('4');
  await page.reload();
  await press(page, 'Add them');
  await page.getByText('From 5 to 480.').waitFor();
  await type.getByLabel('Minutes').fill('15');
  await press(page, 'Add them');
  await page.getByText('Must be 11 digits').waitFor();
  await page.getByLabel('RPPS number').fill('');
  await press(page, 'Add them');
  await page.getByText('Are they here already?').waitFor();
  await page.getByRole('link', { name: new RegExp(practitioners[3]?.familyName as string) }).waitFor();
  await mock.want('faults', { operation: 'POST /api/practitioners', answers: 'offline', times: '1' });
  const keys: (string | undefined)[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('acceptDuplicate=true')) keys.push(request.headers()['idempotency-key']);
  });
  await press(page, 'They are somebody else: add them');
  await page.getByText('It will not be done twice').waitFor();
  await press(page, 'Add them');
  await page.waitForURL(/\/practitioners\/[\w-]{36}$/);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
  await page.getByRole('heading', { name: `Aline ${practitioners[3]?.familyName}`, level: 1 }).waitFor();
  expect(practitioners.filter(({ givenNames }) => givenNames[0] === 'Aline')).toMatchObject([
    {
      places: [{ name: 'Maison de santé', zone: 'Indian/Reunion' }],
      appointmentTypes: [{ name: 'Consultation', minutes: 15 }],
    },
  ]);
  await page.goto('/practitioners/new');
  expect(await page.getByLabel('Family name').inputValue()).toBe('');
});

it('places and kinds of visit are changed, and what somebody else changed meanwhile is not put back', async () => {
  const page = await mock.open('practitioner');
  answer(page);
  const [, chosen] = practitioners;
  const [before] = chosen?.appointmentTypes ?? [];
  const first = page.getByRole('group', { name: 'Kind of visit 1' });
  await first.getByLabel('Minutes').fill('35');
  await mock.want('faults', { operation: 'PATCH /api/practitioners/{id}', answers: '412', times: '1' });
  await press(page, 'Save');
  await page.getByText('Somebody changed this while you had it open').waitFor();
  expect(await first.getByLabel('Minutes').inputValue()).toBe('35');
  const meanwhile = { specialities: [{ display: 'Acupuncture' }] };
  Object.assign(chosen as object, meanwhile);
  await press(page, 'Save');
  await page.getByText('Saved', { exact: true }).waitFor();
  expect(chosen).toMatchObject(meanwhile);
  expect(chosen?.appointmentTypes[0]).toEqual({ ...before, minutes: 35 });
  await page.getByRole('button', { name: /^Remove the place 1/ }).click();
  await page.getByText('Something is taken out').waitFor();
  await press(page, 'Take back what I typed');
  await page.getByText('Something is taken out').waitFor({ state: 'detached' });
  await page.getByLabel('Name of the place').first().waitFor();
});

it('one who receives no more is found among those, and taken back', async () => {
  const page = await mock.open('practitioner, as an admin sees them');
  const name = `${practitioners[2]?.givenNames[0]} ${practitioners[2]?.familyName}`;
  await press(page, 'They receive here no more');
  await page.getByLabel('Why?').selectOption('retired');
  await press(page, 'Take them out of use');
  await page.getByText('has retired').waitFor();
  await open(page, 'practitioners');
  const link = page.getByRole('main').getByRole('link', { name, exact: true });
  await page.getByRole('main').getByRole('listitem').first().waitFor();
  expect(await link.count()).toBe(0);
  await page.getByRole('checkbox', { name: 'Those who receive here no more' }).check();
  await link.waitFor();
  await page.getByLabel('Name').fill('Nobodyatall');
  await press(page, 'Search');
  await page.getByText('Nobody here fits that.').waitFor();
  await page.goBack();
  await link.click();
  await press(page, 'They receive here again');
  await page.getByRole('button', { name: 'They receive here no more' }).waitFor();
});
