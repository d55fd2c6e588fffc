import { expect } from 'vitest';
import { appointments } from '../../mock/agenda.ts';
import { patients } from '../../mock/people.ts';
import type { Keyboard } from './keyboard.ts';
import { aliceId, bernard, dateTyped, entry, focused, freeTime, type Task } from './task.ts';

/** A day on which somebody comes. */
const day = [...appointments.values()].map(({ start }) => start.slice(0, 10)).sort()[2];
const agendas = `/agendas?day=${day}`;
const hours = `/schedules/${bernard?.id}`;

/** @returns the id of the appointment at which the focus is then */
async function toAppointment(keyboard: Keyboard): Promise<string> {
  await keyboard.to('button', entry);
  return (await focused(keyboard))?.id as string;
}

const becomes = (id: string, status: string) => expect.poll(() => appointments.get(id)?.status).toBe(status);

export const planAbsence: Task = {
  name: 'plan an absence with a look at what it does',
  at: hours,
  async does(keyboard) {
    await keyboard.fill('First day', dateTyped(40));
    await keyboard.fill('Why, for patients whose appointment is cancelled', 'A training');
    await keyboard.press('Enter');
    await keyboard.enter('button', 'Do exactly this');
    await keyboard.hears('The absence is planned');
  },
};

export const secretaryTasks: Task[] = [
  {
    name: 'go to another day',
    at: agendas,
    async does(keyboard) {
      await keyboard.enter('button', 'The day after');
      await keyboard.page.waitForURL((url) => (url.searchParams.get('day') ?? '') > (day ?? ''));
    },
  },
  {
    name: 'choose whose agendas are shown',
    at: agendas,
    async does(keyboard) {
      await keyboard.unfold(/agendas$/);
      await keyboard.tick(`${bernard?.givenNames[0]} ${bernard?.familyName}`);
      await keyboard.page.waitForURL(/who=/);
    },
  },
  {
    name: 'go through an agenda, look at an appointment, and be back where they were',
    at: agendas,
    async does(keyboard) {
      const first = await toAppointment(keyboard);
      await keyboard.press('ArrowDown');
      const next = await focused(keyboard);
      expect(next?.id).not.toBe(first);
      await keyboard.press('Enter');
      await keyboard.page.getByRole('dialog').waitFor();
      await keyboard.press('Escape');
      await keyboard.page.getByRole('dialog').waitFor({ state: 'detached' });
      expect((await focused(keyboard))?.id).toBe(next?.id);
    },
  },
  {
    name: 'record who has arrived, and take that back',
    at: agendas,
    async does(keyboard) {
      const id = await toAppointment(keyboard);
      await keyboard.press('Enter');
      await keyboard.enter('button', 'Has arrived');
      await becomes(id, 'arrived');
      await keyboard.page.getByRole('dialog').waitFor({ state: 'detached' });
      await keyboard.to('button', entry);
      await keyboard.press('Enter');
      await keyboard.enter('button', 'Take back what was recorded');
      await becomes(id, 'booked');
    },
  },
  {
    name: 'move an appointment within the day, and take that back',
    at: agendas,
    async does(keyboard) {
      await toAppointment(keyboard);
      await keyboard.press('m', 'ArrowDown', 'ArrowDown', 'Enter');
      await keyboard.hears(/will be moved to/);
      await keyboard.press('Control+z');
      await keyboard.hearsNoMore(/will be moved to/);
    },
  },
  {
    name: 'cancel an appointment and say whose doing it is',
    at: agendas,
    async does(keyboard) {
      await toAppointment(keyboard);
      await keyboard.press('Enter');
      await keyboard.enter('button', 'Cancel');
      await keyboard.choose('Who cancels?', 'The pr');
      await keyboard.fill('Why?', 'The doctor is ill');
      await keyboard.press('Enter');
      await keyboard.hears(/will be cancelled/);
    },
  },
  {
    name: 'book while somebody is on the telephone',
    at: agendas,
    async does(keyboard) {
      const whom = patients[20];
      const count = () => [...appointments.values()].filter(({ patientId }) => patientId === whom?.id).length;
      const before = count();
      await keyboard.enter('button', /^Book with /);
      await keyboard.fill('Patient', `${whom?.givenNames[0]} ${whom?.familyName}`);
      await keyboard.page.getByRole('dialog').getByRole('listitem').first().waitFor();
      await keyboard.enter('button', new RegExp(whom?.familyName as string));
      await keyboard.enter('button', freeTime);
      await expect.poll(count).toBe(before + 1);
    },
  },
  {
    name: 'find a patient',
    at: agendas,
    async does(keyboard) {
      await keyboard.enter('link', 'Patients');
      await keyboard.fill('Patient', patients[20]?.familyName as string);
      await keyboard.enter('button', new RegExp(patients[20]?.familyName as string));
      await keyboard.isAt('Appointments');
    },
  },
  {
    name: 'change where a patient lives',
    at: `/patients/${aliceId}/appointments`,
    async does(keyboard) {
      await keyboard.enter('link', 'Details');
      await keyboard.fill('Town', 'Villeurbanne');
      await keyboard.press('Enter');
      await keyboard.hears('Saved');
    },
  },
  {
    name: 'take somebody off the waiting list, and take that back',
    at: '/waiting-list',
    async does(keyboard) {
      await keyboard.enter('button', /^Take off the list: /);
      await keyboard.hears(/will be taken off this list/);
      await keyboard.press('Control+z');
      await keyboard.hearsNoMore(/will be taken off this list/);
    },
  },
  {
    name: 'change hours',
    at: hours,
    async does(keyboard) {
      await keyboard.tick('Sat');
      await keyboard.enter('button', 'Save the hours');
      await keyboard.hears('Saved');
    },
  },
  planAbsence,
  {
    name: 'add a practitioner',
    at: '/practitioners',
    async does(keyboard) {
      await keyboard.enter('link', 'Add a practitioner');
      await keyboard.isAt('Add a practitioner');
      await keyboard.fill('Family name', 'Neuve');
      await keyboard.fill('Given names', 'Aline');
      await keyboard.enter('button', 'Add a kind of visit');
      await keyboard.fill('Name', 'Consultation');
      await keyboard.press('Enter');
      await keyboard.isAt('Aline Neuve');
    },
  },
  {
    name: 'add a room',
    at: '/resources',
    async does(keyboard) {
      await keyboard.fill('Name', 'Salle 9');
      await keyboard.press('Enter');
      await keyboard.hears('“Salle 9” was added');
    },
  },
];
