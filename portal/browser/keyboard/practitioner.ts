import { expect } from 'vitest';
import { appointments } from '../../mock/agenda.ts';
import { alerts, firstAlert, questions } from '../../mock/alerts.ts';
import type { Patient } from '../tabs/two-patients.ts';
import type { Keyboard } from './keyboard.ts';
import { planAbsence } from './secretary.ts';
import { bernard, dateTyped, freeTime, type Task } from './task.ts';

/** To a day in a week on which the practice receives. */
const daysToWeekday = [7, 8, 9].find((days) => {
  return ![0, 6].includes(new Date(Date.now() + days * 24 * 3_600_000).getUTCDay());
}) as number;

/** @param patients who come today */
export function practitionerTasks([one, other]: [Patient, Patient]): Task[] {
  const chartOf = ({ id }: Patient) => `/patients/${id}/chart`;
  const today = [...appointments.values()].find(
    (each) => each.patientId === one.id && each.practitionerId === bernard?.id,
  );
  const record = async (keyboard: Keyboard, what: string, becomes: string) => {
    await keyboard.enter('button', new RegExp(`^What to do with the appointment of .*${one.familyName}`));
    await keyboard.enter('button', what);
    await expect.poll(() => appointments.get(today?.id ?? '')?.status).toBe(becomes);
  };
  return [
    {
      name: 'take the patient who has arrived, and open the chart of the next with one key',
      at: '/today',
      async does(keyboard) {
        await record(keyboard, 'Has arrived', 'arrived');
        await keyboard.page.getByRole('dialog').waitFor({ state: 'detached' });
        await keyboard.page.getByText(/arrived, waits for \d+ minutes?/).waitFor();
        await keyboard.press('Alt+Shift+N');
        await keyboard.isAt('Chart');
      },
    },
    {
      name: 'say who has been seen',
      at: '/today',
      does: (keyboard) => record(keyboard, 'Has been seen', 'fulfilled'),
    },
    {
      name: 'take back what was recorded',
      at: '/today',
      does: (keyboard) => record(keyboard, 'Take back what was recorded', 'booked'),
    },
    {
      name: 'open the chart of somebody who comes today',
      at: '/today',
      async does(keyboard) {
        await keyboard.enter('link', new RegExp(other.familyName));
        await keyboard.isAt('Chart');
      },
    },
    {
      name: 'say that they asked and no allergy is known',
      at: chartOf(one),
      async does(keyboard) {
        await keyboard.enter('button', 'I asked: none is known');
        await keyboard.hears('Allergies: none known');
      },
    },
    {
      name: 'record an allergy',
      at: chartOf(one),
      async does(keyboard) {
        await keyboard.enter('button', 'Record an allergy');
        await keyboard.fill('Substance', 'Penicillin');
        await keyboard.choose('Risk', 'high');
        await keyboard.enter('button', 'Add a reaction');
        await keyboard.fill('What was seen', 'Hives');
        await keyboard.enter('button', 'Put into the record');
        await keyboard.hears('Allergies: listed');
        await keyboard.hears('high risk');
      },
    },
    {
      name: 'refute an allergy',
      at: chartOf(one),
      async does(keyboard) {
        await keyboard.enter('button', 'Change: Penicillin');
        await keyboard.choose('Certainty', 'refuted');
        await keyboard.fill('Why it is changed', 'Tested: no reaction');
        await keyboard.press('Enter');
        await keyboard.hears('Refuted: not an allergy');
      },
    },
    {
      name: 'record a condition',
      at: chartOf(one),
      async does(keyboard) {
        await keyboard.enter('button', 'Record a condition');
        await keyboard.fill('Condition', 'Migraine');
        await keyboard.press('Enter');
        await keyboard.hears('The condition is in the record');
      },
    },
    {
      name: 'record an encounter, and end it',
      at: chartOf(one),
      async does(keyboard) {
        await keyboard.enter('button', 'Record an encounter');
        await keyboard.fill('Why', 'Fell from a ladder');
        await keyboard.enter('button', 'Put into the record');
        await keyboard.hears('The encounter is in the record');
        await keyboard.enter('button', /^End: /);
        await keyboard.enter('button', 'End it');
        await keyboard.hears('The encounter has ended');
      },
    },
    {
      name: 'write a note',
      at: chartOf(one),
      async does(keyboard) {
        await keyboard.fill('New note', 'Walks without pain.');
        await keyboard.enter('button', 'Put into the record');
        await keyboard.hears('The note is in the record');
      },
    },
    {
      name: 'read what a note said before',
      at: chartOf(other),
      async does(keyboard) {
        await keyboard.enter('button', 'Amended: what it said before');
        await keyboard.hears('Sleeps badly since the move.');
      },
    },
    {
      name: 'amend a note and say why',
      at: chartOf(other),
      async does(keyboard) {
        await keyboard.enter('button', /^Amend the note of/);
        await keyboard.fill('What it is to say', 'Sleeps well again.');
        await keyboard.fill('Why it is amended', 'Follow-up');
        await keyboard.press('Enter');
        await keyboard.page.getByRole('dialog').waitFor({ state: 'detached' });
        await keyboard.hears('Sleeps well again.');
      },
    },
    {
      name: 'take out a note that was entered in error',
      at: chartOf(other),
      async does(keyboard) {
        await keyboard.enter('button', /^Amend the note of/);
        await keyboard.fill('Why it is amended', 'It is of somebody else');
        await keyboard.enter('button', 'It was entered in error');
        await keyboard.hears('No note is recorded.');
      },
    },
    {
      name: 'go from page to page of a patient',
      at: chartOf(one),
      async does(keyboard) {
        for (const [link, title] of [['Details'], ['Book', 'With whom?'], ['Appointments'], ['Chart']]) {
          await keyboard.enter('link', link as string);
          await keyboard.isAt(title ?? (link as string));
        }
      },
    },
    {
      name: 'book a follow-up from the chart, with three keys more',
      at: chartOf(one),
      async does(keyboard) {
        await keyboard.enter('button', 'Follow-up');
        await keyboard.page.getByRole('dialog').getByRole('button', { name: freeTime }).first().waitFor();
        await keyboard.press('Tab', 'Enter');
        await keyboard.page
          .locator(':focus')
          .and(keyboard.page.getByRole('button', { name: 'Book it' }))
          .waitFor();
        await keyboard.press('Enter');
        await keyboard.hears('The follow-up is booked');
        // The focus is where it ends.
        await keyboard.press('Enter');
        await keyboard.page.getByRole('dialog').waitFor({ state: 'detached' });
        await keyboard.isAt('Chart');
      },
    },
    {
      name: 'book a follow-up in a month from the list of the day',
      at: '/today',
      async does(keyboard) {
        await keyboard.enter('button', new RegExp(`^Follow-up for .*${other.familyName}`));
        await keyboard.enter('button', 'in a month');
        await keyboard.page.getByRole('dialog').getByRole('button', { name: freeTime }).first().waitFor();
        await keyboard.press('Tab', 'Enter');
        await keyboard.page
          .locator(':focus')
          .and(keyboard.page.getByRole('button', { name: 'Book it' }))
          .waitFor();
        await keyboard.press('Enter');
        await keyboard.hears('The follow-up is booked');
        const booked = [...appointments.values()].at(-1);
        expect(booked?.patientId).toBe(other.id);
        expect(Date.parse(booked?.start ?? '')).toBeGreaterThan(Date.now() + 29 * 24 * 3_600_000);
      },
    },
    {
      name: 'open a chart by the card of the patient, scanned',
      at: '/today',
      async does(keyboard) {
        await keyboard.to('link', 'Today');
        await keyboard.type(`cabinet:patient:${other.id}`);
        await keyboard.press('Enter');
        await keyboard.isAt('Chart');
        await keyboard.hears(new RegExp(other.familyName));
      },
    },
    {
      name: 'see what a day that they close makes of the coming weeks, and take it back',
      at: `/schedules/${bernard?.id}`,
      async does(keyboard) {
        await keyboard.enter('button', 'Add a single day');
        await keyboard.fill('Day', dateTyped(daysToWeekday));
        await keyboard.hears('1 day of the coming four weeks becomes otherwise, and is marked.');
        await keyboard.hears('changed; now it is:');
        await keyboard.enter('button', 'Take back what I typed');
        await keyboard.hearsNoMore('changed; now it is:');
      },
    },
    {
      name: 'ask why a time is not offered',
      at: `/schedules/${bernard?.id}`,
      async does(keyboard) {
        await keyboard.fill('Time', '0300AM');
        await keyboard.press('Enter');
        await keyboard.hears('The practitioner does not receive then.');
      },
    },
    {
      name: 'open a day of their agenda',
      at: '/agendas',
      async does(keyboard) {
        await keyboard.enter('button', 'The day before');
        await keyboard.page.waitForURL(/day=/);
        await keyboard.enter('button', 'Today');
      },
    },
    {
      name: 'take care of the most urgent alert, and read why it rang',
      at: '/alerts',
      async does(keyboard) {
        await keyboard.enter('button', /^I take care of it: .*Pulse above 120/);
        await expect.poll(() => alerts.get(firstAlert.id)?.status).toBe('acknowledged');
        await keyboard.page.goto(`/patients/${firstAlert.patientId}/alerts/${firstAlert.id}`);
        await keyboard.hears('Why it rang');
        await keyboard.unfold('All readings around it, as a table');
        await keyboard.hears('Pulse: those that led to it');
      },
    },
    {
      name: 'move the limit of a rule, and see what it would have done',
      at: '/alert-rules',
      async does(keyboard) {
        await keyboard.enter('link', /^Pulse above 120/);
        await keyboard.to('slider', 'Above');
        await keyboard.press('ArrowRight', 'ArrowRight');
        await keyboard.enter('button', 'Try it out');
        await keyboard.hears('A day for who is called most');
      },
    },
    {
      name: 'say whose readings are',
      at: '/alerts/questions',
      async does(keyboard) {
        const before = questions.size;
        await keyboard.enter('button', /^It is of somebody else: /);
        await expect.poll(() => questions.size).toBe(before - 1);
      },
    },
    planAbsence,
  ];
}
