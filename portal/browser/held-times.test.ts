import { expect, it } from 'vitest';
import { appointments } from '../mock/agenda.ts';
import type { Appointment } from '../mock/people.ts';
import { startOnMock } from './on-mock.ts';

const mock = startOnMock();

const isKept = ({ status, heldUntil }: Appointment) => status === 'pending' && heldUntil !== undefined;
/** What is kept for an offer of the waiting list. */
const offered = new Set([...appointments.values()].filter(isKept).map(({ id }) => id));
const heldOnes = () => [...appointments.values()].filter((each) => isKept(each) && !offered.has(each.id));

async function holdFirst() {
  const page = await mock.open('choose a time');
  await page
    .getByRole('button', { name: /minutes, with/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Book this appointment' }).waitFor();
  return page;
}

it('who goes back finds the time that is kept for them, and gives it up by choosing another', async () => {
  const page = await holdFirst();
  const [first] = heldOnes();
  await page.goBack();
  const kept = page.getByText('A time is kept for you, and not booked yet');
  await kept.waitFor();
  await page
    .getByRole('button', { name: /minutes, with/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Book this appointment' }).waitFor();
  await expect.poll(() => heldOnes().map(({ id }) => id)).not.toContain(first?.id);
  expect(heldOnes()).toHaveLength(1);
  await page.goBack();
  await expect.poll(() => kept.count()).toBe(1);
  await page.getByRole('button', { name: 'Let it go' }).click();
  await kept.waitFor({ state: 'detached' });
  expect(heldOnes()).toEqual([]);
});

it('who has asked for more time has it also when the page is loaded anew', async () => {
  const page = await holdFirst();
  await page.getByRole('button', { name: 'I need more time' }).click();
  const timer = page.getByRole('timer').filter({ hasText: /\b[6-9]:\d\d/ });
  await timer.waitFor();
  await page.reload();
  await timer.waitFor();
});

it('what is cancelled has no code for the desk any more', async () => {
  const page = await holdFirst();
  await page.getByRole('button', { name: 'Book this appointment' }).click();
  await page.getByText('It is booked').waitFor();
  const code = page.getByText('Show this code, or the reference, when you arrive');
  await code.waitFor();
  const id = new URL(page.url()).pathname.split('/').at(-1) as string;
  appointments.set(id, { ...(appointments.get(id) as Appointment), status: 'cancelled' });
  await page.reload();
  await page.getByText('This appointment is cancelled').waitFor();
  expect(await code.count()).toBe(0);
});

it('who only looks at what is kept for a patient takes it from nobody', async () => {
  const page = await holdFirst();
  await page.getByRole('button', { name: 'I need more time' }).click();
  const [held] = heldOnes() as [Appointment];
  const desk = await mock.open('messages of a day');
  await desk.clock.install();
  await desk.goto(new URL(page.url()).pathname);
  await desk.getByText(/kept for the patient for 1[345]:/).waitFor();
  await desk.clock.fastForward('06:00');
  await desk.getByText(/kept for the patient for \d+:/).waitFor();
  expect(appointments.get(held.id)?.status).toBe('pending');
});
