import { appointments } from '../../mock/agenda.ts';
import { patients, practitioners } from '../../mock/people.ts';
import type { Keyboard } from './keyboard.ts';

/** Something that somebody comes to the portal for, from where it begins. */
export interface Task {
  name: string;
  at: string;
  does(keyboard: Keyboard): Promise<unknown>;
}

export const aliceId = patients[0]?.id as string;
export const [bernard] = practitioners;

/** What each button of a free time is called. */
export const freeTime = /minutes, with /;
/** What each entry of an agenda is called. */
export const entry = /^\d\d:\d\d ?– ?\d\d:\d\d, (?!closed|not offered|no appointment)/;

/** The appointment at which the focus is in an agenda. */
export const focused = async ({ page }: Keyboard) =>
  appointments.get((await page.locator(':focus').getAttribute('data-appointment')) ?? '');

/** A date in some weeks, as it is typed into a field in English. */
export function dateTyped(inDays: number): string {
  const [year, month, day] = new Date(Date.now() + inDays * 24 * 3_600_000).toISOString().slice(0, 10).split('-');
  return `${month}${day}${year}`;
}
