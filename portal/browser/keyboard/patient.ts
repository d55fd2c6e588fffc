import { expect } from 'vitest';
import { wishes } from '../../mock/answers/messages.ts';
import { practitioners } from '../../mock/people.ts';
import { waitingList } from '../../mock/waiting-list.ts';
import { aliceId, bernard, dateTyped, freeTime, type Task } from './task.ts';

const own = `/patients/${aliceId}`;
const offered = [...waitingList.values()].find(
  ({ patientId, status }) => patientId === aliceId && status === 'proposed',
);
const day = /^\w+day,? /;

export const patientTasks: Task[] = [
  {
    name: 'pass by the navigation',
    at: `${own}/appointments`,
    async does(keyboard) {
      await keyboard.enter('link', 'To the content');
      await keyboard.press('Tab');
      expect(await keyboard.page.locator(':focus').textContent()).toBe('Book an appointment');
    },
  },
  {
    name: 'find a practitioner',
    at: `${own}/book`,
    async does(keyboard) {
      await keyboard.fill('Name or speciality', bernard?.familyName as string);
      await keyboard.press('Enter');
      await keyboard.enter('link', new RegExp(bernard?.familyName as string));
      await keyboard.isAt('What for, and when?');
    },
  },
  {
    name: 'book a time',
    at: `${own}/book/${bernard?.id}?type=${bernard?.appointmentTypes[0]?.id}`,
    async does(keyboard) {
      await keyboard.enter('button', freeTime);
      await keyboard.isAt('Check and book');
      await keyboard.enter('button', 'Book this appointment');
      await keyboard.hears('It is booked');
    },
  },
  {
    name: 'cancel an appointment and say why, and take that back',
    at: `${own}/appointments`,
    async does(keyboard) {
      await keyboard.enter('link', day);
      await keyboard.enter('button', 'Cancel the appointment');
      await keyboard.fill('Why?', 'My child is ill');
      await keyboard.press('Enter');
      await keyboard.hears(/will be cancelled/);
      await keyboard.press('Control+z');
      await keyboard.hearsNoMore(/will be cancelled/);
    },
  },
  {
    name: 'move an appointment',
    at: `${own}/appointments`,
    async does(keyboard) {
      await keyboard.enter('link', day);
      await keyboard.enter('link', 'Move');
      await keyboard.enter('button', freeTime);
      await keyboard.isAt('Your appointment');
    },
  },
  {
    name: 'wait for a time',
    at: `${own}/waiting/join/${practitioners[4]?.id}`,
    async does(keyboard) {
      await keyboard.enter('button', 'Wait for a time');
      await keyboard.isAt('On the waiting list');
    },
  },
  {
    name: 'take a time that is offered',
    at: `${own}/waiting/${offered?.id}`,
    async does(keyboard) {
      await keyboard.enter('button', 'Take this time');
      await keyboard.isAt('Your appointment');
    },
  },
  {
    name: 'change their telephone number',
    at: `${own}/details`,
    async does(keyboard) {
      await keyboard.fill('Telephone', '+33612345678');
      await keyboard.press('Enter');
      await keyboard.hears(/^Saved$/);
    },
  },
  {
    name: 'end what a carer does for them, and take that back',
    at: `${own}/family`,
    async does(keyboard) {
      await keyboard.enter('button', /^End it/);
      await keyboard.hears(/will no longer act/);
      await keyboard.press('Control+z');
      await keyboard.hearsNoMore(/will no longer act/);
    },
  },
  {
    name: 'read in their record what an entry said before, and see who looked at it',
    at: `${own}/record`,
    async does(keyboard) {
      await keyboard.enter('button', /^Amended: what it said before/);
      await keyboard.hears('Sleeps badly since the move.');
      await keyboard.enter('link', 'Who looked at it');
      await keyboard.isAt('Who looked');
    },
  },
  {
    name: 'let a practitioner into their record, think of taking that back, and leave it',
    at: `${own}/readers`,
    async does(keyboard) {
      const { givenNames, familyName } = practitioners[3] ?? { givenNames: [], familyName: '' };
      const name = `${givenNames[0]} ${familyName}`;
      await keyboard.choose('Practitioner', name);
      await keyboard.fill('Last day', dateTyped(60));
      await keyboard.press('Enter');
      await keyboard.hears(`${name} may read the record from now on`);
      await keyboard.enter('button', `Take back: ${name}`);
      await keyboard.hears(/will no longer be let in/);
      await keyboard.press('Control+z');
      await keyboard.hearsNoMore(/will no longer be let in/);
    },
  },
  {
    name: 'read why a message was not sent, and want no more SMS of their appointments',
    at: `${own}/messages`,
    async does(keyboard) {
      await keyboard.hears('No address or number is known by which it would arrive.');
      await keyboard.enter('link', 'Which messages are wanted');
      await keyboard.isAt('Which messages are wanted');
      await keyboard.tick('SMS');
      await keyboard.enter('button', 'Save');
      await keyboard.hears('Saved');
      expect(wishes.get(aliceId)?.unwanted).toEqual([{ topic: 'appointments', channel: 'sms' }]);
    },
  },
  {
    name: 'save a copy of their data',
    at: `${own}/data`,
    async does(keyboard) {
      const saved = keyboard.page.waitForEvent('download');
      await keyboard.enter('button', 'Save a copy');
      expect((await saved).suggestedFilename()).toBe('cabinet.zip');
    },
  },
  {
    name: 'read what they measure by the day, as a table, and who is told of it',
    at: `${own}/readings`,
    async does(keyboard) {
      await keyboard.choose('How exactly?', 'by the d');
      await keyboard.unfold('The same as a table');
      await keyboard.hears('Lowest and highest');
      await keyboard.hears('What is watched, and who is told');
    },
  },
  {
    name: 'pair a device, whose token they see once',
    at: `${own}/devices`,
    async does(keyboard) {
      await keyboard.fill('What it is called', 'Bathroom scales');
      await keyboard.press('Enter');
      await keyboard.hears('It is shown this once.');
      await keyboard.tick('The device has it now');
      await keyboard.enter('button', 'Done');
      await keyboard.hearsNoMore('It is shown this once.');
      await keyboard.hears('Bathroom scales');
    },
  },
  {
    name: 'change their password',
    at: '/account',
    async does(keyboard) {
      await keyboard.fill('Your password now', 'what it was until now');
      await keyboard.fill('New password', 'an old grey mare likes oats');
      await keyboard.press('Enter');
      await keyboard.hears('The password was changed');
    },
  },
  {
    name: 'sign out another device',
    at: '/account',
    async does(keyboard) {
      await keyboard.enter('button', /^Sign out: Chrome, Android/);
      await keyboard.hears('Ended. It takes effect within ten seconds.');
    },
  },
  {
    name: 'read the portal in their language',
    at: `${own}/details`,
    async does(keyboard) {
      await keyboard.choose('Language', 'Fr');
      await keyboard.isAt('Coordonnées');
      await keyboard.choose('Langue', 'E');
      await keyboard.isAt('Details');
    },
  },
];
