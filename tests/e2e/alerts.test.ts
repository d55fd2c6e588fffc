import { expect, it, onTestFinished } from 'vitest';
import { caller, until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { addPractitioner, newLogin, registerPatient, signedInAs, signedInAsNew } from '../support/practice.ts';

it('a pulse that is too high is live in the list of who is to see it, and told them, by what really runs, until they have', async () => {
  const [admin, desk] = await Promise.all([signedInAs('admin'), signedInAs('secretary')]);
  const gateway = platform().url('gateway');
  const { practitionerId } = await addPractitioner(admin);
  const patient = await registerPatient(desk);
  const patientId = patient.id;
  const self = await signedInAsNew(admin, { roles: ['patient'], patientId });
  const login = await newLogin(admin, { roles: ['practitioner'], practitionerId });
  const { accessToken } = (await caller(gateway)('POST', '/api/auth/login', login)).body;
  const doctor = caller(gateway, `Bearer ${accessToken}`);

  // A new practice watches nobody; whom a rule names has to be reachable.
  const watch = async (isOn: boolean) => {
    const { body } = await admin('GET', '/api/alert-watch');
    const { zone, alertsADay, version } = body;
    const settings = { isOn, zone, alertsADay, blindAfterMinutes: 1_440 };
    const changed = await admin('PUT', '/api/alert-watch', settings, { 'if-match': `"v${version}"` });
    expect([changed.status, changed.body]).toMatchObject([200, { isOn }]);
  };
  await watch(true);
  onTestFinished(() => watch(false));
  const document = {
    title: 'Pulse above 120',
    condition: { kind: 'level', code: '8867-4', unit: '/min', above: 120 },
    clear: { readings: 1, below: 110 },
    ...{ maxAgeMinutes: 30, priority: 'high', snoozeMinutesMax: 60 },
    steps: [{ afterMinutes: 0, to: [practitionerId] }],
    lastResort: { afterMinutes: 60, to: practitionerId },
  };
  const refused = await doctor('POST', '/api/alert-rules', { document, patientId });
  expect([refused.status, refused.body.code]).toEqual([422, 'ALERT.NOBODY_REACHABLE']);
  const telecom = [{ system: 'email', value: 'practitioner@cabinet.test' }];
  const its = `/api/practitioners/${practitionerId}`;
  expect((await admin('PATCH', its, { telecom }, { 'if-match': '"v1"' })).status).toBe(200);
  const written = await doctor('POST', '/api/alert-rules', { document, patientId });
  expect(written.status).toBe(201);
  const rule = `/api/alert-rules/${written.body.id}`;
  const override = { reason: 'Signed for by a test of the whole system' };
  expect((await doctor('POST', `${rule}/enable`, { override })).status).toBe(200);

  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const answer = await fetch(`${gateway}/api/alerts/live/changes`, {
    headers: { authorization: `Bearer ${accessToken}`, accept: 'text/event-stream' },
    signal: gone.signal,
  });
  expect(answer.status).toBe(200);
  let heard = '';
  const decoder = new TextDecoder();
  const listening = (async () => {
    for await (const part of answer.body ?? []) heard += decoder.decode(part, { stream: true });
  })();
  void listening.catch(() => undefined);
  await until(() => heard.includes('event: open'));

  const readings = [{ code: '8867-4', value: 150, unit: '/min', effectiveAt: new Date().toISOString() }];
  const sent = await self('POST', '/api/readings', { patientId, readings });
  expect([sent.status, sent.body]).toMatchObject([202, { stored: 1 }]);
  await until(() => heard.includes('event: alert'));
  for (const hidden of [patientId, patient.familyName, '150']) expect(heard).not.toContain(hidden);
  const alerts = async () => (await doctor('GET', `/api/alerts?patientId=${patientId}`)).body.items;
  const [alert] = await alerts();
  expect(alert).toMatchObject({ status: 'open', priority: 'high', count: 1, worst: 150 });

  // By mail; in a demonstration nothing leaves, and the ledger says that it would have.
  const lines = async () =>
    (await desk('GET', '/api/notifications?kind=urgent-alert&limit=200')).body.items.filter(
      ({ occasionId, channel }: Record<string, string>) => occasionId === alert.id && channel === 'email',
    );
  await until(async () => (await lines()).some(({ state }: { state: string }) => state === 'sent'));
  expect(await lines()).toMatchObject([{ recipientId: practitionerId, step: '0', occasionVersion: 1 }]);

  expect((await doctor('POST', `/api/alerts/${alert.id}/acknowledge`)).status).toBe(200);
  expect(await alerts()).toMatchObject([{ id: alert.id, status: 'acknowledged' }]);
  const { notes } = (await doctor('GET', `/api/alerts/${alert.id}/why`)).body;
  expect(notes.map(({ kind }: { kind: string }) => kind)).toEqual(['raised', 'called', 'acknowledged']);

  // The rule over what wearable keeps finds what it found live.
  const tested = await doctor('POST', `${rule}/back-tests`, { days: 1 });
  expect([tested.status, tested.body]).toMatchObject([200, { alerts: 1, readings: 1 }]);
});
