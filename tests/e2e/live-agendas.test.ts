import { expect, it, onTestFinished } from 'vitest';
import { signIn } from '../../portal/browser/visit.ts';
import { caller, until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { useChromium } from '../support/portal.ts';
import { addPractitioner, freeSlots, newLogin, registerPatient, signedInAs } from '../support/practice.ts';

const open = useChromium();

it('shows at another desk, through the gateway, what one desk books, within two seconds and with nothing of the patient', async () => {
  const [admin, desk] = await Promise.all([signedInAs('admin'), signedInAs('secretary')]);
  const receiving = await addPractitioner(admin);
  const patient = await registerPatient(desk);
  const [start] = await freeSlots(desk, receiving);
  const gateway = platform().url('gateway');
  const login = await newLogin(admin, { roles: ['secretary'] });
  const { body } = await caller(gateway)('POST', '/api/auth/login', login);

  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const path = `/api/appointments/agendas/changes?practitionerIds=${receiving.practitionerId}`;
  const answer = await fetch(gateway + path, {
    headers: { authorization: `Bearer ${body.accessToken}`, accept: 'text/event-stream' },
    signal: gone.signal,
  });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    expect.stringMatching(/^text\/event-stream\b/),
  ]);
  let text = '';
  const decoder = new TextDecoder();
  const listening = (async () => {
    for await (const part of answer.body ?? []) text += decoder.decode(part, { stream: true });
  })();
  await until(() => text.includes('event: open'));

  const { practitionerId, appointmentTypeId } = receiving;
  const wanted = { patientId: patient.id, practitionerId, appointmentTypeId, start };
  const began = performance.now();
  const booked = await desk('POST', '/api/appointments', wanted);
  expect(booked.status).toBe(201);
  await until(() => text.includes('event: agenda'));
  expect(performance.now() - began).toBeLessThan(2_000);
  for (const hidden of [patient.id, patient.familyName, booked.body.id]) expect(text).not.toContain(hidden);

  // Whoever was signed out hears nothing more.
  const { id } = (await caller(gateway, `Bearer ${body.accessToken}`)('GET', '/api/auth/me')).body;
  expect((await admin('DELETE', `/api/auth/users/${id}/sessions`)).status).toBe(204);
  const endedAt = performance.now();
  await listening.catch(() => undefined);
  expect(performance.now() - endedAt).toBeLessThan(10_000);
});

it('shows it in the agenda that another desk looks at in its browser, within two seconds and without loading the page again', async () => {
  const [admin, desk] = await Promise.all([signedInAs('admin'), signedInAs('secretary')]);
  const receiving = await addPractitioner(admin);
  const { practitionerId, appointmentTypeId } = receiving;
  const patient = await registerPatient(desk);
  const [start] = await freeSlots(desk, receiving);
  const login = await newLogin(admin, { roles: ['secretary'] });
  const { page, complaints } = await open();
  await signIn(page, login.email, login.password);
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  const following = page.waitForResponse((answer) =>
    answer.url().endsWith(`/changes?practitionerIds=${practitionerId}`),
  );
  await page.goto(`/agendas?who=${practitionerId}&day=${String(start).slice(0, 10)}`);
  expect((await following).status()).toBe(200);
  await page.evaluate('window.isSamePage = true');

  const began = performance.now();
  const booked = await desk('POST', '/api/appointments', {
    patientId: patient.id,
    practitionerId,
    appointmentTypeId,
    start,
  });
  expect(booked.status).toBe(201);
  await page.locator(`[data-appointment="${booked.body.id}"]`).waitFor();
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(await page.evaluate('window.isSamePage')).toBe(true);
  expect(complaints).toEqual([]);
});
