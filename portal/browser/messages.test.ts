import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();
afterEach(() => mock.want('clear'));

const line = (page: Page, words: string) => page.getByRole('main').getByRole('listitem').filter({ hasText: words });
/** What is about to happen, happens. */
const leave = (page: Page) => page.evaluate("dispatchEvent(new Event('pagehide'))");

it('a patient reads what was sent to them and what was not, with why, and has nothing to send again', async () => {
  const page = await mock.open('messages');
  const unsent = line(page, 'Not sent');
  await unsent.getByText('No address or number is known by which it would arrive.').waitFor();
  await unsent.getByText('Reminder of an appointment · SMS, 2 days before').waitFor();
  const confirmed = line(page, 'An appointment is confirmed');
  await confirmed.getByText('Delivered').waitFor();
  await confirmed.getByText('to you').waitFor();
  await confirmed.getByText('What it said').click();
  await confirmed.getByText('Nous confirmons votre rendez-vous.').waitFor();
  await line(page, 'Request to call the practice').getByText('asked for by the practice').waitFor();
  expect(await page.getByText('550 5.1.1').count()).toBe(0);
  expect(await page.getByRole('button', { name: /^Send again/ }).count()).toBe(0);
});

it('the desk sends a message again, once though no answer came first, and reads what the provider said', async () => {
  const page = await mock.open('messages of a patient, as the desk sees them');
  const failed = line(page, 'The address or number does not take it.');
  await failed.getByText('How it went').click();
  await failed.getByText('550 5.1.1 User unknown').waitFor();
  const keys: (string | undefined)[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/resend')) keys.push(request.headers()['idempotency-key']);
  });
  await mock.want('faults', { operation: 'POST /api/notifications/{id}/resend', answers: 'cut', times: '1' });
  await failed.getByRole('button', { name: 'Send again: Request to call the practice' }).click();
  await page.getByText('“Request to call the practice” will be sent again.').first().waitFor();
  expect(keys).toEqual([]);
  await leave(page);
  await page.getByText('No answer came').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => line(page, 'sent again by you').count()).toBe(1);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
});

it('a message that is still to leave, or says what is no longer so, is not offered to be sent again', async () => {
  const page = await mock.open('messages of a day');
  await line(page, 'What it says was no longer so, or was said already.').waitFor();
  const again = (words: string) => line(page, words).getByRole('button', { name: /^Send again/ });
  expect(await again('What it says was no longer so, or was said already.').count()).toBe(0);
  expect(await again('to whoever is to have the code').count()).toBe(0);
  await page.getByText('it may have left twice').waitFor();
});

it('the messages of a day are narrowed down to those that wait for the practice, and other days have others', async () => {
  const page = await mock.open('messages of a day');
  await page.getByLabel('What became of it').selectOption('Waits for the practice');
  await line(page, 'What may leave this way in a day is used up.').waitFor();
  expect(await page.getByText('it may have left twice').count()).toBe(0);
  await page.getByRole('button', { name: 'The day after' }).click();
  await page.getByText('No message of that day fits.').waitFor();
  await page.getByLabel('What became of it').selectOption('Anything');
  await line(page, 'the day before').getByText('Will leave').waitFor();
});

it('whoever of the practice may not read what was sent is led to none of it, and told why', async () => {
  const page = await mock.open('messages of a patient, for a desk of one', { screen: 'desk' });
  await page.getByText('read by the patient, and by secretaries who work for every practitioner').waitFor();
  await page.getByRole('link', { name: 'Messages', exact: true }).first().click();
  await page.getByRole('heading', { name: 'What arrives', level: 1 }).waitFor();
  const pages = page.getByRole('navigation', { name: 'Pages about messages' });
  expect(await pages.getByRole('link').allInnerTexts()).toEqual([
    'What arrives',
    'Addresses that do not work',
    'When messages leave',
    'What messages say',
  ]);
  // Days are no links: what was sent on them is not theirs to read.
  await page.getByText('Day by day').first().waitFor();
  expect(await page.getByRole('row').getByRole('link').count()).toBe(0);
});

it('how much arrives is told by channel, with why the rest has not left, and leads to the messages of a day', async () => {
  const page = await mock.open('what arrives', { screen: 'desk' });
  const mail = page
    .getByRole('main')
    .locator('.card')
    .filter({ has: page.getByRole('heading', { name: 'e-mail' }) });
  await mail.getByText('of what was tried has left').waitFor();
  await mail.getByText('What it says was no longer so, or was said already.').waitFor();
  const first = mail
    .getByRole('row')
    .filter({ has: page.getByRole('link') })
    .first();
  const day = await first.getByRole('link').getAttribute('href');
  await page.getByLabel('Period').selectOption('The last 31 days');
  await page.waitForURL(/days=31/);
  await mail.getByText('Day by day').click();
  await expect.poll(() => mail.getByRole('row').count()).toBe(32);
  await mail.locator(`a[href="${day}"]`).click();
  await page.getByRole('heading', { name: 'Messages of a day' }).waitFor();
  expect(await page.getByLabel('By what').inputValue()).toBe('email');
});

it('the desk sees whose addresses do not work, where it writes to them too, and says that one works after all', async () => {
  const page = await mock.open('addresses of no use to messages');
  await line(page, 'A mail was called unwanted there.').waitFor();
  const number = line(page, 'Mobile number');
  await number.getByText('21614: <number> is no mobile number').waitFor();
  await number.getByRole('link').click();
  await page.getByRole('heading', { name: 'Messages', exact: true }).waitFor();
  const marked = page.getByRole('main').getByText('Addresses that do not work');
  await marked.waitFor();
  await page.getByRole('button', { name: 'Write there again: Mobile number' }).click();
  await page.getByText('It will be written there again.').first().waitFor();
  await leave(page);
  await expect.poll(() => marked.count()).toBe(0);
});

it('messages that should have left by now are told of, with since when', async () => {
  const page = await mock.open('when messages leave');
  await page.route('**/api/notifications/figures?*', async (route) => {
    const answered = await route.fetch();
    const overdue = { count: 3, since: new Date(Date.now() - 3_600_000).toISOString() };
    await route.fulfill({ response: answered, json: { ...(await answered.json()), overdue } });
  });
  await page.getByRole('link', { name: 'What arrives' }).click();
  await page.getByText('Messages do not leave as they should').waitFor();
  await page.getByText('3 are due and have not left; the oldest since').waitFor();
});

it('a patient says by what they want to be written to, and what somebody else said meanwhile is not overwritten', async () => {
  const page = await mock.open('messages');
  await page.getByRole('link', { name: 'Which messages are wanted' }).click();
  const reminders = page.getByRole('group', { name: 'Reminders before an appointment' });
  await reminders.getByRole('checkbox', { name: 'push notification' }).uncheck();
  await page.reload();
  expect(await reminders.getByRole('checkbox', { name: 'push notification' }).isChecked()).toBe(false);
  const put = 'PUT /api/notification-preferences/{patientId}';
  await mock.want('faults', { operation: put, answers: '412', times: '1' });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Somebody changed this while you had it open').waitFor();
  expect(await reminders.getByRole('checkbox', { name: 'push notification' }).isChecked()).toBe(false);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.reload();
  await reminders.waitFor();
  expect(await reminders.getByRole('checkbox', { name: 'push notification' }).isChecked()).toBe(false);
  expect(await reminders.getByRole('checkbox', { name: 'SMS' }).isChecked()).toBe(true);
});

it('what leaves when is set with what was and what would be side by side, tried out before, and its author is told', async () => {
  const page = await mock.open('when messages leave', { screen: 'desk' });
  await page.getByText('admin@cabinet.test').or(page.getByText('set by you')).first().waitFor();
  await page.getByText('set by secretary@cabinet.test').waitFor();
  await page.getByRole('button', { name: 'Add a reminder' }).first().click();
  const added = page.getByRole('group', { name: 'Reminder 4' });
  await page.getByRole('button', { name: 'Save' }).click();
  await added.getByText('Give a whole number from 0 to 60.').waitFor();
  await added.getByLabel('Days before').fill('1');
  await added.getByText('Two reminders by one channel on one day would be one.').waitFor();
  await added.getByLabel('Days before').fill('3');
  const change = page.locator('form').getByRole('listitem').filter({ hasText: 'Before' });
  const [before, after] = (await change.innerText()).split('After');
  expect(before).not.toContain('3 days before');
  expect(after).toContain('3 days before, 10:00, e-mail');
  await page.getByRole('button', { name: 'Show what it would send' }).click();
  await page.getByText('With what is typed above, which is not saved.').waitFor();
  await page.getByText('Reminder of an appointment, e-mail, 3 days before').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  await line(page, 'set by you').filter({ hasText: '3 days before' }).first().waitFor();
});

it('an appointment that is booked late says which of its reminders would not leave, and why', async () => {
  const page = await mock.open('when messages leave');
  const day = await page.getByLabel('Day of the appointment').inputValue();
  await page.getByLabel('Booked on').fill(day);
  await page.getByRole('button', { name: 'Show what it would send' }).click();
  await page.getByText('Give a time.').waitFor();
  await page.getByLabel('Booked at').fill('08:00');
  await page.getByRole('button', { name: 'Show what it would send' }).click();
  const late = line(page, 'would not leave:').filter({ hasText: 'Its time had passed already.' });
  await late.filter({ hasText: 'the day before' }).first().waitFor();
});

it('a text that names what is not known is refused at its field, then shown, compared word by word, and kept as a version', async () => {
  const page = await mock.open('text of a message');
  await page.getByText('compared with how it came').waitFor();
  await page.getByRole('status').getByText('Tuesday 8 December 2026 at 09:30').waitFor();
  const mail = page.getByLabel('Text of the mail');
  const stored = await mail.inputValue();
  await mail.fill(`${stored}\n{{diagnosis}}`);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('It names something that is not known of such a message.').waitFor();
  await mail.fill(stored.replace('expect you', 'expect you soon'));
  await page.reload();
  expect(await mail.inputValue()).toContain('expect you soon');
  await page.locator('form ins').filter({ hasText: 'soon' }).waitFor();
  await page.getByRole('button', { name: 'Show it with sample data' }).click();
  await page.getByText('What is typed above, which is not saved.').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  await line(page, 'set by you').locator('ins').filter({ hasText: 'soon' }).waitFor();
});
