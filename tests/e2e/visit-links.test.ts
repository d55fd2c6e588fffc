import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { type Caller, until } from '../support/http.ts';
import { mailsAt } from '../support/mailpit.ts';
import { platform } from '../support/platform.ts';
import { addPractitioner, freeSlots, registerPatient, signedInAs } from '../support/practice.ts';

let admin: Caller;
let secretary: Caller;
beforeAll(async () => {
  [admin, secretary] = await Promise.all([signedInAs('admin'), signedInAs('secretary')]);
});

/** Somebody whose visit was confirmed by mail, and the links of that mail. */
async function confirmed() {
  const email = `${randomUUID()}@home.example`;
  const { id: patientId } = await registerPatient(secretary, { telecom: [{ system: 'email', value: email }] });
  const receiving = await addPractitioner(admin);
  const { practitionerId, appointmentTypeId } = receiving;
  const start = (await freeSlots(secretary, receiving)).at(-1);
  const request = { patientId, practitionerId, appointmentTypeId, start };
  const booked = await secretary('POST', '/api/appointments', request);
  expect(booked.status).toBe(201);
  const [mail] = await mailsAt(platform().mailUrl as string).mailsTo(email);
  const text = mail?.Text.replaceAll('\r\n', '\n') ?? '';
  const linkTo = (label: string) => new RegExp(`^${label} : (\\S+)$`, 'm').exec(text)?.[1] as string;
  const visit = async () => (await secretary('GET', `/api/appointments/${booked.body.id}`)).body;
  return { visit, linkTo, start: start as string, receiving };
}

const press = (link: string, answer: Record<string, string>): Promise<Response> =>
  fetch(link, { method: 'POST', redirect: 'manual', body: new URLSearchParams(answer) });

it('lets a patient cancel from a mail in two taps, take it back, and cancel all the same; looking does nothing', async () => {
  const { visit, linkTo, start, receiving } = await confirmed();
  const link = linkTo('Annuler');
  for (const method of ['HEAD', 'GET', 'GET']) expect((await fetch(link, { method })).status).toBe(200);
  expect(await visit()).toMatchObject({ status: 'booked', version: 1 });

  expect((await press(link, { answer: 'yes' })).status).toBe(303);
  expect(await (await fetch(link)).text()).toContain('sera annulé');
  expect((await press(link, { answer: 'undo' })).status).toBe(303);
  expect(await (await fetch(link)).text()).toContain('Annuler ce rendez-vous');

  const pressed = Date.now();
  expect((await press(link, { answer: 'yes' })).status).toBe(303);
  await until(async () => (await visit()).status === 'cancelled');
  // What was taken back before did not count.
  expect(Date.now() - pressed).toBeGreaterThanOrEqual(9_000);
  expect((await visit()).cancellation).toMatchObject({ code: 'pat' });
  expect(await freeSlots(secretary, receiving)).toContain(start);
  expect(await (await fetch(link)).text()).toContain('est annulé');
  expect((await press(link, { answer: 'yes' })).status).toBe(303);
});

it('lets a patient move a visit from a mail, after which the mail’s other links say when it is', async () => {
  const { visit, linkTo, start } = await confirmed();
  const page = await (await fetch(linkTo('Déplacer'))).text();
  const [, other] = /name="start" value="([^"]+)"/.exec(page) ?? [];
  expect(other).not.toBe(new Date(start).toISOString());
  expect((await press(linkTo('Déplacer'), { answer: 'yes', start: other as string })).status).toBe(303);
  await until(async () => (await visit()).version === 2);
  expect(Date.parse((await visit()).start)).toBe(Date.parse(other as string));
  expect(await (await fetch(linkTo('Annuler'))).text()).toContain('a été déplacé');
});

it('leads nowhere by a link that nobody was sent', async () => {
  const link = `${platform().url('gateway')}/api/notifications/links/${'A'.repeat(44)}`;
  for (const answer of [await fetch(link), await press(link, { answer: 'yes' })]) {
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('n’est plus valable');
  }
});
