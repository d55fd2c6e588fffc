import { expect } from 'vitest';
import { appointments, inTheWay } from '../../mock/agenda.ts';
import { type Appointment, type Practitioner, patients, practitioners } from '../../mock/people.ts';
import { cardOf } from '../../src/words/cards.ts';
import type { Keyboard } from './keyboard.ts';
import { aliceId, bernard, dateTyped, entry, focused, freeTime, type Task } from './task.ts';

/** How full the fullest agenda of a day is. */
const fullest = (day: string) =>
  Math.max(
    ...[...Map.groupBy(appointments.values(), ({ practitionerId }) => practitionerId).values()].map(
      (all) => all.filter(({ start }) => start.startsWith(day)).length,
    ),
  );
/** A day on which somebody comes and nobody’s agenda is full, and nothing is over yet, whatever the hour. */
const [day] = [...new Set([...appointments.values()].map(({ start }) => start.slice(0, 10)))]
  .sort()
  .slice(1)
  .sort((one, other) => fullest(one) - fullest(other));
const agendas = `/agendas?day=${day}`;
const hours = `/schedules/${bernard?.id}`;

/** @returns the id of the appointment at which the focus is then */
async function toAppointment(keyboard: Keyboard): Promise<string> {
  await keyboard.to('button', entry);
  return (await focused(keyboard))?.id as string;
}

/** Down the agenda, over what is free or closed, to who comes next. */
async function toNext(keyboard: Keyboard): Promise<Appointment> {
  for (let steps = 0; steps < 60; steps += 1) {
    await keyboard.press('ArrowDown');
    const next = await focused(keyboard);
    if (next) return next;
  }
  throw new Error('nobody comes after');
}

/** By arrows from where somebody is to the first time that is called so. */
async function toTime(keyboard: Keyboard, name: RegExp): Promise<void> {
  await keyboard.press('Home');
  for (let steps = 0; steps < 60; steps += 1) {
    if (name.test((await keyboard.page.locator(':focus').getAttribute('aria-label')) ?? '')) return;
    await keyboard.press('ArrowDown');
  }
  throw new Error(`no arrow leads to ${name}`);
}

const countOf = (patient?: string): number =>
  [...appointments.values()].filter(({ patientId }) => patientId === patient).length;

/** Counts the keys that somebody presses, other than to write. */
function counted(keyboard: Keyboard) {
  return {
    count: 0,
    press(key: string) {
      this.count += 1;
      return keyboard.press(key);
    },
  };
}

const stepMs = 5 * 60_000;
/** Steps of five minutes from an appointment to a time that day to which it could move; below zero where that is before it. */
function stepsToFree(id: string): number {
  const { practitionerId, start, end } = appointments.get(id) as Appointment;
  const practitioner = practitioners.find((each) => each.id === practitionerId) as Practitioner;
  const ways = Array.from({ length: 240 }, (_, nth) => (nth % 2 === 0 ? 1 : -1) * (1 + Math.floor(nth / 2)));
  const found = ways.find((steps) => {
    const [from, to] = [start, end].map((each) => Date.parse(each) + steps * stepMs) as [number, number];
    return inTheWay(practitioner, from, to).every(({ appointmentId }) => appointmentId === id);
  });
  if (found === undefined) throw new Error('nothing is free that day');
  return found;
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
      const next = await toNext(keyboard);
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
      const id = await toAppointment(keyboard);
      const steps = stepsToFree(id);
      const key = steps > 0 ? 'ArrowDown' : 'ArrowUp';
      await keyboard.press('m', ...Array<string>(Math.abs(steps)).fill(key), 'Enter');
      await keyboard.hears(/will be moved to/);
      await keyboard.press('Control+z');
      await keyboard.hearsNoMore(/will be moved to/);
    },
  },
  {
    name: 'hear why an appointment cannot move to where it was put, and put it there all the same with a reason',
    at: agendas,
    async does(keyboard) {
      const id = await toAppointment(keyboard);
      await keyboard.press('m', 'ArrowDown', 'Enter');
      await keyboard.hears('No visit of this kind begins at that time.');
      await keyboard.type('The patient works until then');
      await keyboard.press('Enter');
      await keyboard.hears(/will be moved to/);
      await keyboard.page.goto(agendas);
      await expect.poll(() => appointments.get(id)?.overbooking?.reason).toBe('The patient works until then');
    },
  },
  {
    name: 'move an appointment to another day and another practitioner without leaving the agenda',
    at: agendas,
    async does(keyboard) {
      const id = await toAppointment(keyboard);
      await keyboard.press('Enter');
      await keyboard.enter('button', 'Move');
      const other = practitioners.find((each) => each.id !== appointments.get(id)?.practitionerId);
      await keyboard.choose('With', `${other?.givenNames[0]} ${other?.familyName}`);
      await keyboard.enter('button', freeTime);
      await keyboard.hears(/will be moved to/);
      await keyboard.page.goto(agendas);
      await expect.poll(() => appointments.get(id)?.practitionerId).toBe(other?.id);
    },
  },
  {
    name: 'record that nobody came, and take that back',
    at: agendas,
    async does(keyboard) {
      const id = await toAppointment(keyboard);
      await keyboard.press('Enter');
      await keyboard.enter('button', 'Did not come');
      await keyboard.hears(/nobody came/);
      await keyboard.press('Control+z');
      await keyboard.hearsNoMore(/nobody came/);
      expect(appointments.get(id)?.status).toBe('booked');
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
    name: 'book while somebody is on the telephone, with three keys beyond the name',
    at: agendas,
    async does(keyboard) {
      const whom = patients[20];
      const before = countOf(whom?.id);
      await keyboard.page.locator('[data-appointment]').first().waitFor();
      const keys = counted(keyboard);
      await keys.press('F2');
      await keyboard.type(`${whom?.givenNames[0]} ${whom?.familyName}`);
      await keys.press('Enter');
      await keyboard.page
        .locator(':focus')
        .and(keyboard.page.getByRole('button', { name: freeTime }))
        .waitFor();
      await keys.press('Enter');
      // Read back to who calls, before it is booked.
      await keyboard.hears(`For ${whom?.givenNames[0]}`);
      expect(countOf(whom?.id)).toBe(before);
      await keyboard.page
        .locator(':focus')
        .and(keyboard.page.getByRole('button', { name: 'Book it' }))
        .waitFor();
      await keys.press('Enter');
      await keyboard.hears(/^Booked: /);
      expect(keys.count).toBeLessThanOrEqual(8);
      expect(keys.count).toBe(4);
      expect(countOf(whom?.id)).toBe(before + 1);
      // The next may call.
      const field = keyboard.page.locator(':focus').and(keyboard.page.getByLabel('Patient', { exact: true }));
      await field.waitFor();
      expect(await field.inputValue()).toBe('');
    },
  },
  {
    name: 'book for whose card was scanned, at a time that is free in an agenda',
    at: agendas,
    async does(keyboard) {
      const whom = patients[22];
      const before = countOf(whom?.id);
      await toAppointment(keyboard);
      await keyboard.press('/');
      await keyboard.type(cardOf(whom?.id as string));
      await keyboard.press('Enter');
      await keyboard.hears(whom?.familyName as string);
      await toAppointment(keyboard);
      await toTime(keyboard, /, free$/);
      await keyboard.press('Enter');
      await keyboard.page
        .locator('dialog :focus')
        .and(keyboard.page.getByRole('button', { name: /^Book / }))
        .waitFor();
      await keyboard.press('Enter');
      await keyboard.hears(/^Booked: /);
      expect(countOf(whom?.id)).toBe(before + 1);
    },
  },
  {
    name: 'take in somebody new on the telephone, whose name was typed already',
    at: agendas,
    async does(keyboard) {
      await keyboard.page.locator('[data-appointment]').first().waitFor();
      await keyboard.press('F2');
      await keyboard.type('Quenneville');
      await keyboard.hears('Nobody fits that.');
      await keyboard.enter('button', 'Take in a new patient');
      await keyboard.fill('Given names', 'Odile');
      await keyboard.press('Escape');
      await keyboard.enter('button', 'Take in a new patient');
      await keyboard.fill('Born', '02031980');
      await keyboard.press('Enter');
      await keyboard.hears('First free times');
      const [taken] = patients.slice(-1);
      expect(taken).toMatchObject({ familyName: 'Quenneville', givenNames: ['Odile'], birthDate: '1980-02-03' });
      await keyboard.page
        .locator(':focus')
        .and(keyboard.page.getByRole('button', { name: freeTime }))
        .waitFor();
      await keyboard.press('ArrowRight', 'Enter');
      await keyboard.page
        .locator(':focus')
        .and(keyboard.page.getByRole('button', { name: 'Book it' }))
        .waitFor();
      await keyboard.press('Enter');
      await keyboard.hears(/^Booked: /);
      expect(countOf(taken?.id)).toBe(1);
    },
  },
  {
    name: 'force a time that is not offered, with a reason, once it was said why it is not',
    at: agendas,
    async does(keyboard) {
      const whom = patients[24];
      await keyboard.page.locator('[data-appointment]').first().waitFor();
      await keyboard.press('F2');
      await keyboard.type(`${whom?.givenNames[0]} ${whom?.familyName}`);
      await keyboard.press('Enter');
      await keyboard.hears('First free times');
      await toAppointment(keyboard);
      await toTime(keyboard, /^12:00.*closed$/);
      await keyboard.press('Enter');
      await keyboard.hears('The practitioner does not receive then.');
      await keyboard.type('Comes from far away');
      await keyboard.press('Enter');
      const forced = () =>
        [...appointments.values()].find(({ patientId, overbooking }) => patientId === whom?.id && overbooking);
      await expect
        .poll(() => forced()?.overbooking)
        .toMatchObject({
          reason: 'Comes from far away',
          over: ['APPOINTMENT.OUTSIDE_WORKING_HOURS'],
        });
    },
  },
  {
    name: 'go to the waiting room and choose whose patients are shown',
    at: agendas,
    async does(keyboard) {
      await keyboard.enter('link', 'Waiting room');
      await keyboard.isAt('Waiting room');
      await keyboard.hears('Expected within the hour, and late');
      await keyboard.unfold(/agendas$/);
      await keyboard.tick(`${bernard?.givenNames[0]} ${bernard?.familyName}`);
      await keyboard.page.waitForURL(/who=/);
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
      await keyboard.hears(/^Saved$/);
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
      await keyboard.hears(/^Saved$/);
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
  {
    name: 'see which messages of a day were not sent, and why',
    at: '/messages',
    async does(keyboard) {
      await keyboard.choose('What became of it', 'Not');
      await keyboard.page.waitForURL(/state=suppressed/);
      await keyboard.hears('What it says was no longer so, or was said already.');
      await keyboard.hearsNoMore('What may leave this way in a day is used up.');
    },
  },
  {
    name: 'send a message again, and take that back',
    at: `/patients/${aliceId}/messages`,
    async does(keyboard) {
      await keyboard.enter('button', 'Send again: Request to call the practice');
      await keyboard.hears(/will be sent again/);
      await keyboard.press('Control+z');
      await keyboard.hearsNoMore(/will be sent again/);
    },
  },
  {
    name: 'change what a message says, with a look at it on sample data',
    at: '/messages/templates',
    async does(keyboard) {
      await keyboard.enter('link', 'What to bring along: English');
      await keyboard.fill('Subject', 'Before you come to {{practice}}');
      await keyboard.enter('button', 'Show it with sample data');
      await keyboard.hears('Before you come to Cabinet des Lilas');
      await keyboard.enter('button', 'Save');
      await keyboard.hears(/^Saved$/);
    },
  },
];
