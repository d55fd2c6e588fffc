import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { signIn } from '../../portal/browser/visit.ts';
import { type Caller, until } from '../support/http.ts';
import { useChromium } from '../support/portal.ts';
import {
  addPractitioner,
  bookToday,
  newLogin,
  registerPatient,
  signedInAs,
  signedInAsNew,
  signedInWith,
  zoneAtNoon,
} from '../support/practice.ts';

/** What a pulse that is too high comes to on two screens of whom it concerns, in the running practice. */
const open = useChromium();

/** A new practice watches nobody. */
async function watch(admin: Caller, isOn: boolean): Promise<void> {
  const { zone, alertsADay, version } = (await admin('GET', '/api/alert-watch')).body;
  const settings = { isOn, zone, alertsADay, blindAfterMinutes: 1_440 };
  expect((await admin('PUT', '/api/alert-watch', settings, { 'if-match': `"v${version}"` })).status).toBe(200);
}

/** Somebody who receives, can be reached, and is told of a pulse above 120 of a patient. */
async function begin() {
  const [admin, desk] = (await Promise.all(['admin', 'secretary'].map(signedInAs))) as [Caller, Caller];
  const receiving = await addPractitioner(admin, zoneAtNoon());
  const { practitionerId } = receiving;
  const telecom = [{ system: 'email', value: 'practitioner@cabinet.test' }];
  const reached = await admin('PATCH', `/api/practitioners/${practitionerId}`, { telecom }, { 'if-match': '"v1"' });
  expect(reached.status).toBe(200);
  const patient = await registerPatient(desk);
  const self = await signedInAsNew(admin, { roles: ['patient'], patientId: patient.id });
  const login = await newLogin(admin, { roles: ['practitioner'], practitionerId });
  const doctor = await signedInWith(login);
  // Whoever reads what is measured treats the patient.
  await bookToday(desk, receiving, patient.id);
  await until(async () => (await doctor('GET', `/api/readings/summary?patientId=${patient.id}`)).status === 200);
  await watch(admin, true);
  onTestFinished(() => watch(admin, false));
  const document = {
    title: 'Pulse above 120',
    condition: { kind: 'level', code: '8867-4', unit: '/min', above: 120 },
    clear: { readings: 1, below: 110 },
    ...{ maxAgeMinutes: 30, priority: 'high', snoozeMinutesMax: 60 },
    steps: [{ afterMinutes: 0, to: [practitionerId] }],
    lastResort: { afterMinutes: 60, to: practitionerId },
  };
  const rule = await doctor('POST', '/api/alert-rules', { document, patientId: patient.id });
  const override = { reason: 'Signed for by a test of the whole system' };
  expect((await doctor('POST', `/api/alert-rules/${rule.body.id}/enable`, { override })).status).toBe(200);
  return { patient, self, doctor, login };
}

it('a pulse that stays high is on both screens at once, is answered on one, and is answered on the other', async () => {
  const { patient, self, doctor, login } = await begin();
  const screen = async (): Promise<Page> => {
    const { page } = await open();
    await signIn(page, login.email, login.password);
    await page.getByRole('link', { name: 'Alerts' }).click();
    await page.getByText('What changes shows here at once.').waitFor();
    return page;
  };
  const [one, other] = [await screen(), await screen()];
  const line = (page: Page) => page.getByRole('listitem').filter({ hasText: patient.familyName });
  const reading = { code: '8867-4', value: 150, unit: '/min', effectiveAt: new Date().toISOString() };
  const sent = await self('POST', '/api/readings', { patientId: patient.id, readings: [reading] });
  expect([sent.status, sent.body]).toMatchObject([202, { stored: 1 }]);
  for (const page of [one, other]) await line(page).getByText('Pulse above 120').waitFor();

  const answer = { name: /^I take care of it/ };
  await line(one).getByRole('button', answer).click();
  await other.getByRole('heading', { name: 'Somebody takes care of it' }).waitFor();
  await expect.poll(() => line(other).getByRole('button', answer).count()).toBe(0);
  const { items } = (await doctor('GET', `/api/alerts?patientId=${patient.id}`)).body;
  expect(items).toMatchObject([{ status: 'acknowledged' }]);

  await line(other).getByRole('link').first().click();
  await other.getByText('1 reading led to it.').waitFor();
  await other.getByText('120/min', { exact: true }).first().waitFor();
});
