import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { appointments } from '../mock/agenda.ts';
import { type Appointment, type Patient, type Practitioner, patients, practitioners } from '../mock/people.ts';
import { dateAt } from '../src/time/zone.ts';
import { startSomeone } from './forms/someone.ts';
import { atRest, become, goTo, places } from './places.ts';
import { visit } from './visit.ts';

const { want, done, pageOf, practice } = startSomeone({ screen: 'phone' });

const [alice, somebody] = patients as [Patient, Patient];
const [bernard] = practitioners as [Practitioner];
const own = `/patients/${alice.id}`;

/** Names as there are some, and as nobody has one. */
const names: Record<string, string> = {
  'of 200 characters without a blank': 'Wolfeschlegelsteinhausenbergerdorff'.repeat(6).slice(0, 200),
  'written from right to left': 'عبد الرحمن بن محمد \u202eהכהן',
  'with combining marks': `Z${'\u0301\u0327\u0302\u0323'.repeat(12)}oe\u0308l`,
  'that are markup': '<img src=x onerror="alert(1)"><script>alert(2)</script>&lt;b&gt;',
};

/** Everybody is called so for one test. */
function callAll(name: string): void {
  const before = [...patients, ...practitioners].map((each) => [each, { ...each }] as const);
  onTestFinished(() => {
    for (const [each, was] of before) Object.assign(each, was);
  });
  for (const patient of patients)
    Object.assign(patient, {
      ...{ familyName: name, givenNames: [name] },
      address: { line: [name], postalCode: '75000', city: name, country: 'FR' },
    });
  for (const practitioner of practitioners)
    Object.assign(practitioner, {
      ...{ familyName: name, givenNames: [name], specialities: [{ display: name }] },
      places: practitioner.places.map((place) => ({ ...place, name })),
      appointmentTypes: practitioner.appointmentTypes.map((type) => ({ ...type, name })),
    });
}

const seen = [
  'appointments',
  'find a practitioner',
  'choose a time',
  'details',
  'family',
  'agendas',
  'waiting list of the practice',
  'taken in twice',
  'practitioner',
  'hours',
  'today',
  'chart',
  'emergencies',
];

/** Whatever hour it is, somebody comes today. */
beforeAll(() => {
  const [sample] = appointments.values();
  const day = dateAt(Date.now(), 'Europe/Paris');
  const today = { id: 'today', practitionerId: bernard.id, start: `${day}T12:00:00Z`, end: `${day}T12:30:00Z` };
  appointments.set('today', { ...(sample as Appointment), ...today });
});

describe.each(Object.entries(names))('names %s', (_what, name) => {
  it.each(places.filter((each) => seen.includes(each.name)))(
    'stand there as they are, and spoil nothing: $name',
    async (place) => {
      callAll(name);
      const page = await pageOf(place.as as string);
      const opened: string[] = [];
      const note = (dialog: { message(): string }) => void opened.push(dialog.message());
      page.on('dialog', note);
      await goTo(page, place);
      const text = await page.locator('body').innerText();
      expect(text.replaceAll(/\s+/g, ' ')).toContain(name.replaceAll(/\s+/g, ' '));
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      expect(await page.locator('main script, main img[src=x]').count()).toBe(0);
      page.off('dialog', note);
      expect(opened).toEqual([]);
    },
  );
});

describe('an address with somebody else’s id', () => {
  it.each(['appointments', 'details', 'accesses', 'family', 'waiting'])(
    'shows a patient nothing of %s, and says that it is not for them',
    async (what) => {
      const page = await pageOf('alice');
      await want('faults', { operation: '*', answers: '403' });
      await page.goto(`/patients/${somebody.id}/${what}`);
      await page.getByText('This is not for you to see or do').first().waitFor();
      expect(await page.locator('body').innerText()).not.toContain(somebody.familyName);
    },
  );

  it.each(['record', 'readers'])('shows nothing of the %s of one for whom they do not act', async (what) => {
    const page = await pageOf('alice');
    await page.goto(`/patients/${somebody.id}/${what}`);
    await page.locator('main h1').waitFor();
    await atRest(page);
    const text = await page.locator('body').innerText();
    expect(text).not.toMatch(new RegExp(`${somebody.familyName}|Asthma`));
  });

  it('of an appointment below one’s own shows nothing of it', async () => {
    const page = await pageOf('alice');
    const other = [...appointments.values()].find(({ patientId }) => patientId !== alice.id);
    await page.goto(`${own}/appointments/${other?.id}`);
    await page.getByText('This is of another patient').first().waitFor();
    expect(await page.getByRole('button', { name: /Cancel|Move/ }).count()).toBe(0);
  });

  it.each(['nobody', '00000000-0000-7000-8000-000000000000', '%3Cscript%3Ealert(1)%3C%2Fscript%3E'])(
    'that is nobody’s says so: %s',
    async (id) => {
      const page = await pageOf('secretary');
      await page.goto(`/patients/${id}/details`);
      await page.getByText('There is no such thing here').first().waitFor();
    },
  );
});

describe('a booking', () => {
  const freeTime = /minutes, with /;
  const path = `${own}/book/${bernard.id}?type=${bernard.appointmentTypes[0]?.id}`;
  const doneOf = (end: string) => done.filter(({ name }) => name.endsWith(end)).length;
  beforeEach(() => void done.splice(0));

  async function hold(page: Page): Promise<void> {
    await page.goto(path);
    await page.getByRole('button', { name: freeTime }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Check and book' }).waitFor();
  }

  it('is one, however often its buttons are pressed', async () => {
    const page = await pageOf('alice');
    await page.goto(path);
    await page.getByRole('button', { name: freeTime }).first().dblclick();
    await page.getByRole('heading', { level: 1, name: 'Check and book' }).waitFor();
    await page.getByRole('button', { name: 'Book this appointment' }).dblclick();
    await page.getByText('It is booked').waitFor();
    await atRest(page);
    expect([doneOf('/holds'), doneOf('/confirm')]).toEqual([1, 1]);
  });

  it('that is not made while the time is kept says so, also once that was read anew, and leads to the free times', async () => {
    const { page, context, close } = await visit(practice().browser, practice().address, { screen: 'phone' });
    onTestFinished(close);
    await context.clock.install();
    await become(page, 'alice');
    await hold(page);
    await context.clock.runFor('05:05');
    await expect.poll(() => doneOf('/cancel')).toBe(1);
    await atRest(page);
    await page.getByText('The time is no longer kept for you').waitFor();
    expect(await page.getByText('This appointment is cancelled').count()).toBe(0);
    await page.getByRole('button', { name: 'To the free times' }).click();
    await page.getByRole('heading', { level: 1, name: 'What for, and when?' }).waitFor();
  });

  it('goes back and forward with the browser, and is there once', async () => {
    const page = await pageOf('alice');
    await hold(page);
    const address = page.url();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'What for, and when?' }).waitFor();
    await page.goForward();
    await page.getByRole('button', { name: 'Book this appointment' }).click();
    await page.getByText('It is booked').waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'What for, and when?' }).waitFor();
    await page.goForward();
    await atRest(page);
    expect(page.url()).toBe(address);
    expect(await page.getByRole('button', { name: 'Book this appointment' }).count()).toBe(0);
    expect([doneOf('/holds'), doneOf('/confirm')]).toEqual([1, 1]);
  });

  it('that was left for another time keeps neither a second time for them nor the words they typed from them', async () => {
    const page = await pageOf('alice');
    await page.goto(path);
    await page.locator('summary', { hasText: 'Say why you come' }).click();
    await page.getByLabel('Why you come').fill('A cough');
    await page.getByRole('button', { name: freeTime }).nth(1).click();
    await page.getByRole('heading', { level: 1, name: 'Check and book' }).waitFor();
    expect(done.at(-1)?.body).toContain('A cough');
    await page.getByText('A cough').waitFor();
  });
});
