import { describe, expect, it, onTestFinished } from 'vitest';
import { type Artifacts, bringArtifacts } from '../../dev/src/artifacts.ts';
import { Progress } from '../../dev/src/progress.ts';
import type { Driver, Look } from '../../portal/browser/others/driver.ts';
import { openFirefox } from '../../portal/browser/others/firefox.ts';
import { Visitor } from '../../portal/browser/others/visitor.ts';
import { openWebKit } from '../../portal/browser/others/webkit.ts';
import { platform } from '../support/platform.ts';
import { addPractitioner, freeSlots, newLogin, registerPatient, signedInAs } from '../support/practice.ts';

const phone = { width: 360, height: 740 };
const desk = { width: 1366, height: 768 };

/** Somebody at the entrance, in a browser of their own that ends with their test. */
async function visit(open: (look: Look) => Promise<Driver>, look: Look): Promise<Visitor> {
  const browser = await open(look);
  onTestFinished(() => browser.close());
  await browser.goTo(`${platform().portalAddress}/`);
  return new Visitor(browser);
}

async function signIn(visitor: Visitor, { email, password }: { email: string; password: string }): Promise<void> {
  await visitor.press('button', /^(Sign in|Se connecter)$/);
  await visitor.fill(/^E-mail address$/, email);
  await visitor.fill(/^Password$/, password);
  await visitor.press('button', /^Sign in$/);
}

/** A patient whom no other test knows, with a sign-in, and a practitioner who receives every day. */
async function newPatient() {
  const [admin, secretary] = await Promise.all([signedInAs('admin'), signedInAs('secretary')]);
  const patient = await registerPatient(secretary);
  const login = await newLogin(admin, { roles: ['patient'], patientId: patient.id });
  const receiving = await addPractitioner(admin);
  const { body } = await secretary('GET', `/api/practitioners/${receiving.practitionerId}`);
  const appointments = async () =>
    (await secretary('GET', `/api/appointments?patientId=${patient.id}`)).body.items as {
      id: string;
      status: string;
    }[];
  return {
    ...receiving,
    admin,
    secretary,
    patientId: patient.id,
    login,
    practitioner: body.familyName as string,
    appointments,
  };
}

const bring = async (name: 'firefox' | 'webkit'): Promise<Artifacts> =>
  bringArtifacts(new Progress((text) => console.log(text)), [name]);

describe.each([
  { browser: 'Firefox', open: async (look: Look) => openFirefox((await bring('firefox')).firefox, look) },
  { browser: 'WebKit', open: async (look: Look) => openWebKit((await bring('webkit')).webkit, look) },
])('in $browser', ({ open }) => {
  it('a patient signs in on a telephone, books, finds the appointment with its reference, and cancels it after taking that back once', async () => {
    const who = await newPatient();
    const visitor = await visit(open, { language: 'en', size: phone });
    /** At each step nothing is wider than the telephone. */
    const fits = async () => expect(await visitor.look()).toMatchObject({ width: 360, tooWide: 0, language: 'en' });
    await visitor.sees(/Sign in/);
    await fits();
    await signIn(visitor, who.login);
    await visitor.isAt(/\/appointments$/);
    await visitor.press('link', /^Book an appointment$/);
    await visitor.fill(/^Name or speciality/, who.practitioner);
    await visitor.press('button', /^Search$/);
    await fits();
    await visitor.press('link', new RegExp(who.practitioner));
    const free = new RegExp(`, 30 minutes, with .*${who.practitioner}`);
    expect(await visitor.reads('button', free)).toMatch(/^\d{1,2}:\d\d.*, \w+day,? .*\d{4}.*, 30 minutes, with /);
    await fits();
    await visitor.press('button', free);
    await visitor.press('button', /^Book this appointment$/);
    await visitor.sees(/It is booked/);
    await fits();
    const [booked] = await who.appointments();
    const reference = new RegExp(`Reference for the practice: ${booked?.id.slice(-8).toUpperCase()}`);

    await visitor.press('link', /^Appointments$/);
    await visitor.sees(/Ahead/);
    await visitor.press('link', /\d{1,2}:\d\d/);
    await visitor.sees(reference);
    await visitor.press('button', /^Cancel the appointment$/);
    // The dialog has the focus, at what is to be answered first.
    await visitor.wait('focus at the question', async () => {
      const { name, isIn } = await visitor.browser.ask<{ name: string; isIn: string }>('focused');
      return isIn === 'DIALOG' && name.startsWith('Why?');
    });
    await visitor.type('My child is ill');
    await fits();
    await visitor.key('Enter');
    await visitor.press('button', /^Undo/);
    await visitor.sees(/It is booked/);
    expect(await who.appointments()).toMatchObject([{ status: 'booked' }]);
    await visitor.press('button', /^Cancel the appointment$/);
    // What was typed is there still.
    await visitor.wait(
      'the answer of before',
      async () => (await visitor.browser.ask('valueIn', '^Why')) === 'My child is ill',
    );
    await visitor.key('Enter');
    await visitor.sees(/This appointment is cancelled/);
    expect(await who.appointments()).toMatchObject([{ status: 'cancelled' }]);
    expect(await visitor.browser.complaints()).toEqual([]);
  });

  it('a patient whose browser is French signs in and hears of free times in French', async () => {
    const who = await newPatient();
    const visitor = await visit(open, { language: 'fr', size: phone });
    await visitor.sees(/Se connecter/);
    await signIn(visitor, who.login);
    await visitor.isAt(/\/appointments$/);
    await visitor.sees(/Rendez-vous/);
    const { patientId, practitionerId, appointmentTypeId } = who;
    const path = `/patients/${patientId}/book/${practitionerId}?type=${appointmentTypeId}`;
    await visitor.browser.goTo(platform().portalAddress + path);
    expect(await visitor.reads('button', /30 minutes/)).toMatch(
      /^\d{1,2}:\d\d.*, (lun|mar|mercre|jeu|vendre|same|diman)(di|che) \d{1,2}.* \d{4}, 30 minutes, avec /,
    );
    expect(await visitor.look()).toMatchObject({ language: 'fr', width: 360, tooWide: 0 });
    expect(await visitor.browser.complaints()).toEqual([]);
  });

  it('a secretary goes through an agenda by the keyboard, moves an appointment, and sees what another desk books', async () => {
    const who = await newPatient();
    const { practitionerId, appointmentTypeId, patientId } = who;
    // Of a day on which nothing is over yet.
    const slots = (await freeSlots(who.secretary, who)).filter(
      (start, _nth, all) => start.slice(0, 10) !== all[0]?.slice(0, 10),
    );
    const book = async (start?: string): Promise<string> => {
      const wanted = { patientId, practitionerId, appointmentTypeId, start };
      const { status, body } = await who.secretary('POST', '/api/appointments', wanted);
      expect([status, body]).toEqual([201, expect.anything()]);
      return body.id;
    };
    const after = (minutes: number) =>
      slots.find((start) => Date.parse(start) >= Date.parse(String(slots[0])) + minutes * 60_000);
    const [first, second] = [await book(slots[0]), await book(after(60))];
    const login = await newLogin(who.admin, { roles: ['secretary'] });
    const visitor = await visit(open, { language: 'en', size: desk });
    await signIn(visitor, login);
    // Led to it by the portal itself: an address asked for before that is dropped.
    await visitor.isAt(/^\/agendas$/);
    await visitor.reads('button', /^Sign out$/);
    const day = String(slots[0]).slice(0, 10);
    await visitor.browser.goTo(`${platform().portalAddress}/agendas?who=${practitionerId}&day=${day}`);

    const focusIsAt = (id: string) =>
      visitor.wait(`focus at ${id}`, async () => {
        const { appointment } = await visitor.browser.ask<{ appointment: string | null }>('focused');
        return appointment === id;
      });
    await visitor.reads('button', /booked/);
    await visitor.press('button', /^The day after$/);
    await visitor.press('button', /^The day before$/);
    await visitor.reads('button', /booked/);
    await visitor.wait('agenda by Tab', async () => {
      await visitor.key('Tab');
      return (await visitor.browser.ask<{ appointment: string | null }>('focused')).appointment;
    });
    await focusIsAt(first);
    // Over the times between them.
    const focused = () => visitor.browser.ask<{ name: string; appointment: string | null }>('focused');
    for (let at = await focused(); at.appointment !== second; ) {
      const { name } = at;
      await visitor.key('ArrowDown');
      at = await visitor.wait('the next', async () => {
        const now = await focused();
        return now.name !== name && now;
      });
    }
    // A driven Firefox hears keys and does nothing of itself by them, such as press the button they are on: Chromium’s tests open by Enter.
    const { name } = await focused();
    await visitor.press('button', new RegExp(`^${name}$`));
    await visitor.reads('button', /^Has arrived$/);
    await visitor.key('Escape');
    // The dialog gives the focus back.
    await focusIsAt(second);
    await visitor.key('m', 'ArrowDown', 'ArrowDown', 'Enter');
    await visitor.sees(/will be moved to/);
    await focusIsAt(second);

    const third = await book(after(180));
    await visitor.wait('what was booked elsewhere', () => visitor.browser.ask('has', third));
    await visitor.wait('the move', async () => {
      const { body } = await who.secretary('GET', `/api/appointments/${second}`);
      return Date.parse(body.start) === Date.parse(String(after(60))) + 10 * 60_000;
    });
    expect(await visitor.browser.complaints()).toEqual([]);
  });

  it('passkeys are offered where there are any, and nowhere else', async () => {
    const who = await newPatient();
    const visitor = await visit(open, { language: 'en', size: desk });
    const knowsPasskeys = await visitor.browser.ask<boolean>('knowsPasskeys');
    await visitor.press('button', /^Sign in$/);
    await visitor.reads('field', /^Password$/);
    expect((await visitor.look()).words.includes('Use a passkey')).toBe(knowsPasskeys);
    await visitor.fill(/^E-mail address$/, who.login.email);
    await visitor.fill(/^Password$/, who.login.password);
    await visitor.press('button', /^Sign in$/);
    await visitor.isAt(/\/appointments$/);
    await visitor.browser.goTo(`${platform().portalAddress}/account`);
    await visitor.sees(knowsPasskeys ? /Name for a new passkey/ : /This browser cannot make passkeys/);
  });
});
