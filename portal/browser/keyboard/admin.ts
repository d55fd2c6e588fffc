import { expect } from 'vitest';
import { policies } from '../../mock/answers/message-rules.ts';
import { patients } from '../../mock/people.ts';
import type { Task } from './task.ts';

const secretary = 'secretary@cabinet.test';

const verdict = (finding: string): Task => ({
  name: `review an emergency access: ${finding}`,
  at: '/emergencies',
  async does(keyboard) {
    await keyboard.to('textbox', 'What you found');
    const open = keyboard.page.getByLabel('What you found');
    const before = await open.count();
    await keyboard.fill('What you found', 'Read the record, and asked both.');
    await keyboard.enter('button', finding);
    await expect.poll(() => open.count()).toBe(before - 1);
  },
});

export const adminTasks: Task[] = [
  {
    name: 'sign somebody out everywhere',
    at: '/users',
    async does(keyboard) {
      await keyboard.enter('button', `Sign out everywhere: ${secretary}`);
      await keyboard.hears('signed out everywhere');
    },
  },
  {
    name: 'let somebody in no more',
    at: '/users',
    async does(keyboard) {
      await keyboard.enter('button', `Let in no more: ${secretary}`);
      await keyboard.enter('button', 'Let in no more');
      await keyboard.hears('may not sign in');
    },
  },
  {
    name: 'let somebody in again',
    at: '/users',
    async does(keyboard) {
      await keyboard.enter('button', `Let in again: ${secretary}`);
      await keyboard.hearsNoMore('may not sign in');
    },
  },
  {
    name: 'invite a secretary on paper',
    at: '/users/new',
    async does(keyboard) {
      await keyboard.tick('Secretary');
      await keyboard.to('radio', 'by mail');
      await keyboard.press('ArrowDown');
      await keyboard.enter('button', 'Invite');
      await keyboard.hears('7K3F-9QXM-2BTR');
      await keyboard.tick('I have printed it or written it down');
      await keyboard.enter('button', 'Done');
      await keyboard.hearsNoMore('7K3F-9QXM-2BTR');
    },
  },
  {
    name: 'give somebody another role',
    at: '/users',
    async does(keyboard) {
      await keyboard.enter('link', 'dr.bernard@cabinet.test');
      await keyboard.tick('Secretary');
      await keyboard.enter('button', 'Save');
      await keyboard.hears(/^Saved$/);
    },
  },
  {
    name: 'search the audit trail',
    at: '/audit',
    async does(keyboard) {
      await keyboard.fill('What was done', 'PATCH /api/patients/:id');
      await keyboard.press('Enter');
      await expect.poll(() => keyboard.page.getByRole('row').count()).toBe(11);
    },
  },
  {
    name: 'let events go again that could not be handled',
    at: '/dead-letters',
    async does(keyboard) {
      await keyboard.enter('button', 'Let them go again: record, appointment.booked');
      await keyboard.hearsNoMore('record · appointment.booked');
    },
  },
  {
    name: 'drop events that nobody can handle',
    at: '/dead-letters',
    async does(keyboard) {
      await keyboard.enter('button', 'Drop them: record, appointment.moved');
      await keyboard.enter('button', 'Drop them');
      await keyboard.hears('There are none: every event was handled, or waits for its turn.');
    },
  },
  verdict('It was justified'),
  verdict('It was not justified'),
  {
    name: 'erase a patient who asks for it',
    at: '/erasures',
    async does(keyboard) {
      const name = patients[30]?.familyName as string;
      await keyboard.fill('Patient', `${patients[30]?.givenNames[0]} ${name}`);
      await keyboard.enter('button', new RegExp(name));
      await keyboard.fill('Type the family name, to be sure whom you erase', name);
      await keyboard.press('Enter');
      await keyboard.hears('Erased; a receipt is missing');
    },
  },
  {
    name: 'read the receipts of an erasure',
    at: '/erasures',
    async does(keyboard) {
      await keyboard.enter('link', /^[\da-f]{8}-/);
      await keyboard.hears('Erased; a receipt is missing');
    },
  },
  {
    name: 'see what an appointment would send, and change when it leaves',
    at: '/users',
    async does(keyboard) {
      await keyboard.enter('link', 'Messages');
      await keyboard.isAt('What arrives');
      await keyboard.enter('link', 'When messages leave');
      await keyboard.isAt('When messages leave');
      await keyboard.enter('button', 'Show what it would send');
      await keyboard.hears(/Reminder of an appointment, e-mail, the day before/);
      await keyboard.fill('Minutes of quiet before anybody is told of a change', '15');
      await keyboard.enter('button', 'Save');
      await keyboard.hears(/^Saved$/);
      expect(policies[0]?.policy.change.quietMinutes).toBe(15);
    },
  },
  {
    name: 'turn off the watch over readings, and be told what goes on',
    at: '/alert-watch',
    async does(keyboard) {
      await keyboard.tick('The practice watches over what is measured at home');
      await keyboard.hears(/^Turned off, it still watches for missing readings/);
      await keyboard.enter('button', 'Save');
      await keyboard.hears('The practice does not watch');
    },
  },
  {
    name: 'look at how the system is',
    at: '/users',
    async does(keyboard) {
      await keyboard.enter('link', 'System');
      await keyboard.isAt('System');
      await keyboard.hears('appointment-1');
    },
  },
  {
    name: 'sign out',
    at: '/users',
    async does(keyboard) {
      await keyboard.enter('button', 'Sign out');
      await keyboard.page.getByRole('button', { name: 'Sign in' }).waitFor();
    },
  },
];
