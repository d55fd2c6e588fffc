import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { records } from '../mock/answers/records.ts';
import { patients } from '../mock/people.ts';
import { open, startOnMock } from './on-mock.ts';

const mock = startOnMock();
// Each begins with the record as it was: of whom nobody has asked about allergies.
beforeEach(() => records.clear());
afterEach(() => mock.want('clear'));

const button = (on: Page | Locator, name: string | RegExp) => on.getByRole('button', { name, exact: true });
/** What is said of allergies. */
const known = (page: Page) =>
  page.locator('section', { has: page.getByRole('heading', { name: 'Allergies', exact: true }) });
/** What stands over the chart, wherever in it somebody reads. */
const header = (page: Page) => page.getByRole('region', { name: 'Patient', exact: true });
const cardOf = (page: Page, name: string) => page.locator('li', { hasText: name });
const gone = (of: Locator) => of.waitFor({ state: 'detached' });
/** What is stored of Alice. */
const stored = () => {
  const record = records.get(patients[0]?.id ?? '');
  if (!record) throw new Error('nobody has read the record');
  return record;
};

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
  const changes = dialog.getByRole('region', { name: 'What changes' });
  expect(await changes.locator('del').innerText()).toContain('badly since the new work.');
  expect(await changes.locator('ins').innerText()).toContain('well again.');
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

it('a note that is begun says since when it is kept, is resumed, and is in the record once, when it is put there', async () => {
  const page = await mock.open('chart');
  await page.getByLabel('New note').fill('Walks without pain.');
  await page.getByText(/^Kept at .+ as a draft, in this tab of this browser alone; not in the record yet\.$/).waitFor();
  await page.reload();
  await page.getByText(/^You began it at .+: go on here\.$/).waitFor();
  expect(await page.getByLabel('New note').inputValue()).toBe('Walks without pain.');
  await mock.want('faults', { operation: 'POST /api/records/{patientId}/notes', answers: '503', times: '1' });
  await button(page, 'Put into the record').click();
  await page.getByRole('alert').waitFor();
  await button(page, 'Put into the record').click();
  await page.getByText('The note is in the record').waitFor();
  expect(stored().notes.filter(({ text }) => text === 'Walks without pain.')).toHaveLength(1);
  expect(await page.getByText(/^Kept at/).count()).toBe(0);
  await page.reload();
  await page.getByLabel('New note').waitFor();
  expect(await page.getByLabel('New note').inputValue()).toBe('');
});

describe('allergies', () => {
  it('are not known, known to be none, or listed; which of these is said with who said so, and taken back with a reason', async () => {
    const page = await mock.open('chart');
    await known(page).getByText('Allergies: not known').waitFor();
    await button(page, 'I asked: none is known').click();
    await known(page).getByText('Allergies: none known').waitFor();
    expect(await known(page).textContent()).toMatch(/Asked on .+ by \w+ \w+\./);
    await button(page, 'I asked again: still none').click();
    await expect.poll(() => stored().allergies.statement?.version).toBe(2);

    await button(page, 'Withdraw that none is known').click();
    const dialog = page.getByRole('dialog');
    await button(dialog, 'Withdraw it').click();
    await dialog.getByText('This is needed.').waitFor();
    await dialog.getByLabel('Why?').fill('It was somebody else whom I asked');
    await button(dialog, 'Withdraw it').click();
    await gone(dialog);
    await known(page).getByText('Allergies: not known').waitFor();
    expect(stored().allergies.state).toBe('unknown');
  });

  it('that was recorded is listed with its risk and reactions, and no statement stands beside it', async () => {
    const page = await mock.open('chart');
    await button(page, 'I asked: none is known').click();
    await known(page).getByText('Allergies: none known').waitFor();
    await button(page, 'Record an allergy').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Substance').fill('No known allergies');
    await dialog.getByLabel('Since').fill('in spring');
    await button(dialog, 'Put into the record').click();
    await dialog.getByText('This says that there is no allergy.').waitFor();
    await dialog.getByLabel('Substance').fill('Penicillin');
    await button(dialog, 'Put into the record').click();
    await dialog.getByText('Give a year, a month or a day that exists').waitFor();
    await dialog.getByLabel('Since').fill('05/2019');
    await dialog.getByLabel('Risk').selectOption({ label: 'high risk' });
    await button(dialog, 'Add a reaction').click();
    await dialog.getByLabel('What was seen').fill('Hives\nSwollen lips');
    await open(page, 'chart');
    await page.getByText('begun, and not in the record yet').waitFor();
    await button(page, 'Record an allergy').click();
    expect(await dialog.getByLabel('What was seen').inputValue()).toBe('Hives\nSwollen lips');
    await button(dialog, 'Put into the record').click();
    await gone(dialog);
    await known(page).getByText('Allergies: listed').waitFor();
    await header(page).getByText('Allergies: Penicillin').waitFor();
    await page.getByText('The allergy is in the record').waitFor();
    expect(await cardOf(page, 'Penicillin').textContent()).toMatch(/high risk.*active.*confirmed.*Hives, Swollen lips/);
    expect(await button(page, /none/).count()).toBe(0);
    expect(stored().allergies.items).toMatchObject([
      { onset: '2019-05', criticality: 'high', reactions: [{ manifestation: ['Hives', 'Swollen lips'] }] },
    ]);
    expect(stored().allergies.statement).toBeUndefined();
  });

  it('that was refuted or entered in error counts no more, says so first, and says what it said before', async () => {
    const page = await mock.open('chart');
    await button(page, 'Record an allergy').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Substance').fill('Latex');
    await button(dialog, 'Put into the record').click();
    await gone(dialog);
    const change = button(page, 'Change: Latex');
    await change.click();
    await dialog.getByLabel('Certainty').selectOption({ label: 'refuted' });
    await button(dialog, 'Change').click();
    await dialog.getByText('This is needed.').waitFor();
    await dialog.getByLabel('Why it is changed').fill('Tested: no reaction');
    await button(dialog, 'Change').click();
    await gone(dialog);
    await known(page).getByText('Allergies: not known').waitFor();
    await page.getByRole('heading', { name: 'Refuted: not an allergy' }).waitFor();
    expect(await cardOf(page, 'Latex').locator('s').textContent()).toBe('Latex');
    await button(page, 'What was said before of Latex').click();
    await page.getByText('Why: Tested: no reaction').waitFor();
    await page.getByText('refuted (changed)').waitFor();

    await change.click();
    await dialog.getByLabel('Why it is changed').fill('It is of somebody else');
    await button(dialog, 'It was entered in error').click();
    await gone(dialog);
    await gone(cardOf(page, 'Latex').first());
    await button(page, 'Allergies: entered in error').click();
    await cardOf(page, 'Latex').getByText('entered in error').first().waitFor();
    expect(await cardOf(page, 'Latex').locator('s').textContent()).toBe('Latex');
    expect(await change.count()).toBe(0);
  });
});

describe('conditions', () => {
  const dialogOf = (page: Page) => page.getByRole('dialog');

  it('that somebody else changed meanwhile are compared with what was typed before anything is sent, also after a reload', async () => {
    const page = await mock.open('chart');
    const dialog = dialogOf(page);
    await button(page, 'Change: Asthma').click();
    await dialog.getByLabel('Course').selectOption({ label: 'in remission' });
    await dialog.getByLabel('Why it is changed').fill('No attack for two years');
    const [before] = stored().conditions;
    stored().conditions = [{ ...before, version: 2, severity: 'severe' } as typeof before & object];
    await button(dialog, 'Change').click();
    await dialog.getByText('Somebody changed this while you had it open').waitFor();
    await dialog.getByText('It says now:').waitFor();
    await dialog.getByText('Course: “active” is stored, “in remission” is what you typed').waitFor();
    expect(await dialog.getByLabel('Severity').inputValue()).toBe('severe');
    await open(page, 'chart');
    await button(page, 'Change: Asthma').click();
    await dialog.getByText('It says now:').waitFor();
    await button(dialog, 'Change').click();
    await gone(dialog);
    await cardOf(page, 'Asthma').getByText('in remission').first().waitFor();
    expect(stored().conditions).toMatchObject([{ clinicalStatus: 'remission', severity: 'severe', onset: '2011' }]);
  });

  it('that somebody else took out meanwhile are no more to be changed, and what was typed is not lost', async () => {
    const page = await mock.open('chart');
    const dialog = dialogOf(page);
    await button(page, 'Change: Asthma').click();
    await dialog.getByLabel('Remark').fill('With pollen');
    await dialog.getByLabel('Why it is changed').fill('Told today');
    await mock.want('faults', {
      operation: 'PUT /api/records/{patientId}/conditions/{entryId}',
      answers: '412',
      times: '1',
    });
    stored().conditions = [];
    await button(dialog, 'Change').click();
    await dialog.getByText('Somebody has taken this out as entered in error').waitFor();
    expect(await dialog.getByLabel('Remark').inputValue()).toBe('With pollen');
    expect(await button(dialog, 'Change').isDisabled()).toBe(true);
  });

  it('are recorded once, though no answer came, and though the sign-in had ended', async () => {
    const page = await mock.open('chart');
    const dialog = dialogOf(page);
    const keys: (string | undefined)[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/conditions'))
        keys.push(request.headers()['idempotency-key']);
    });
    await button(page, 'Record a condition').click();
    await dialog.getByLabel('Condition').fill('Migraine');
    await dialog.getByLabel('Ended').fill('2020');
    await button(dialog, 'Put into the record').click();
    await dialog.getByText('What is still active has not ended.').waitFor();
    await dialog.getByLabel('Course').selectOption({ label: 'resolved' });
    // As often as it is sent: of a connection that was used before, a browser sends it again by itself.
    await mock.want('faults', { operation: 'POST /api/records/{patientId}/conditions', answers: 'offline' });
    await button(dialog, 'Put into the record').click();
    await dialog.getByText('No answer came').waitFor();
    await mock.want('clear');
    await mock.want('end-sessions');
    await button(dialog, 'Put into the record').click();
    const cover = page.getByRole('dialog', { name: 'Sign in again to go on' });
    const popup = page.waitForEvent('popup');
    await button(cover, 'Sign in').click();
    await (await popup).getByRole('link', { name: 'dr.bernard@cabinet.test' }).click();
    await page.getByText('The condition is in the record').waitFor();
    expect(stored().conditions.map(({ code }) => code.text)).toEqual(['Migraine', 'Asthma']);
    const [refused, ...meant] = keys;
    expect([meant.length, new Set(meant).size, meant.includes(refused)]).toEqual([3, 1, false]);
    await button(page, 'Record a condition').click();
    expect(await dialog.getByLabel('Condition').inputValue()).toBe('');
  });
});

it('an encounter is recorded as it begins, by the clock of the practice, ended with the time of its end, and says what it said before', async () => {
  const page = await mock.open('chart');
  const dialog = page.getByRole('dialog');
  await button(page, 'Record an encounter').click();
  await dialog.getByLabel('Why').fill('Fell from a ladder');
  await dialog.getByLabel('Where').selectOption({ label: 'at home' });
  await dialog.getByLabel('Day', { exact: true }).fill('2026-10-25');
  await dialog.getByLabel('Begin').fill('09:00');
  await button(dialog, 'Put into the record').click();
  await gone(dialog);
  const [begun] = stored().encounters;
  expect(begun).toMatchObject({ status: 'in-progress', class: 'HH', period: { start: '2026-10-25T08:00:00.000Z' } });

  const end = button(page, /^End: /);
  await end.click();
  await dialog.getByLabel('Day of the end').fill('2026-10-25');
  await dialog.getByLabel('End', { exact: true }).fill('08:30');
  await button(dialog, 'End it').click();
  await dialog.getByText('It cannot end before it begins.').waitFor();
  await dialog.getByLabel('End', { exact: true }).fill('09:45');
  await button(dialog, 'End it').click();
  await gone(dialog);
  await page.getByText('The encounter has ended').waitFor();
  expect(stored().encounters[0]).toMatchObject({
    status: 'finished',
    reason: 'Fell from a ladder',
    period: { start: '2026-10-25T08:00:00.000Z', end: '2026-10-25T08:45:00.000Z' },
  });
  expect(await end.count()).toBe(0);
  await button(page, /^What was said before of /).click();
  await page.getByText('finished (changed)').waitFor();
  await page.getByText('Why: It has ended').waitFor();
});
