import { expect, it, onTestFinished } from 'vitest';
import { type Caller, caller, until } from '../support/http.ts';
import { readTopic } from '../support/kafka.ts';
import { platform } from '../support/platform.ts';
import { addPractitioner, newLogin, query, registerPatient, signedInAs, signedInAsNew } from '../support/practice.ts';

/** A practitioner with a sign-in of their own. */
async function buildDoctor(admin: Caller) {
  const gateway = platform().url('gateway');
  const { practitionerId } = await addPractitioner(admin);
  const login = await newLogin(admin, { roles: ['practitioner'], practitionerId });
  const { accessToken } = (await caller(gateway)('POST', '/api/auth/login', login)).body;
  const authorization = `Bearer ${accessToken}`;
  const makeReachable = async () => {
    const telecom = [{ system: 'email', value: 'practitioner@cabinet.test' }];
    const its = `/api/practitioners/${practitionerId}`;
    expect((await admin('PATCH', its, { telecom }, { 'if-match': '"v1"' })).status).toBe(200);
  };
  return { practitionerId, call: caller(gateway, authorization), authorization, makeReachable };
}

/** Has the practice watch, or not. */
async function watch(admin: Caller, isOn: boolean, blindAfterMinutes = 1_440): Promise<void> {
  const { zone, alertsADay, version } = (await admin('GET', '/api/alert-watch')).body;
  const settings = { isOn, zone, alertsADay, blindAfterMinutes };
  const changed = await admin('PUT', '/api/alert-watch', settings, { 'if-match': `"v${version}"` });
  expect([changed.status, changed.body]).toMatchObject([200, { isOn, blindAfterMinutes }]);
}

const documentFor = (first: string[], last: string) => ({
  title: 'Pulse above 120',
  condition: { kind: 'level', code: '8867-4', unit: '/min', above: 120 },
  clear: { readings: 1, below: 110 },
  ...{ maxAgeMinutes: 30, priority: 'high', snoozeMinutesMax: 60 },
  steps: [{ afterMinutes: 0, to: first }],
  lastResort: { afterMinutes: 60, to: last },
});

const override = { reason: 'Signed for by a test of the whole system' };

/** Follows somebody's alerts as the portal does, until the test ends. @returns what was heard so far */
async function follow(authorization: string): Promise<() => string> {
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const answer = await fetch(`${platform().url('gateway')}/api/alerts/live/changes`, {
    headers: { authorization, accept: 'text/event-stream' },
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
  return () => heard;
}

it('a pulse that is too high is live in the list of who is to see it, and told them, by what really runs, until they have', async () => {
  const [admin, desk] = await Promise.all([signedInAs('admin'), signedInAs('secretary')]);
  const { practitionerId, call: doctor, authorization, makeReachable } = await buildDoctor(admin);
  const patient = await registerPatient(desk);
  const patientId = patient.id;
  const self = await signedInAsNew(admin, { roles: ['patient'], patientId });

  // A new practice watches nobody; whom a rule names has to be reachable.
  await watch(admin, true);
  onTestFinished(() => watch(admin, false));
  const document = documentFor([practitionerId], practitionerId);
  const refused = await doctor('POST', '/api/alert-rules', { document, patientId });
  expect([refused.status, refused.body.code]).toEqual([422, 'ALERT.NOBODY_REACHABLE']);
  await makeReachable();
  const written = await doctor('POST', '/api/alert-rules', { document, patientId });
  expect(written.status).toBe(201);
  const rule = `/api/alert-rules/${written.body.id}`;
  expect((await doctor('POST', `${rule}/enable`, { override })).status).toBe(200);

  const heard = await follow(authorization);
  const readings = [{ code: '8867-4', value: 150, unit: '/min', effectiveAt: new Date().toISOString() }];
  const sent = await self('POST', '/api/readings', { patientId, readings });
  expect([sent.status, sent.body]).toMatchObject([202, { stored: 1 }]);
  await until(() => heard().includes('event: alert'));
  for (const hidden of [patientId, patient.familyName, '150']) expect(heard()).not.toContain(hidden);
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

it('what rings is heard by all, gone once one has it, and nothing is lost while the watch is blind and says so', async () => {
  const [admin, desk] = await Promise.all([signedInAs('admin'), signedInAs('secretary')]);
  const [one, other] = [await buildDoctor(admin), await buildDoctor(admin)];
  for (const { makeReachable } of [one, other]) await makeReachable();
  const { id: patientId } = await registerPatient(desk);
  const minuteMs = 60_000;
  const ago = (minutes: number) => new Date(Date.now() - minutes * minuteMs).toISOString();
  const device = await desk('POST', '/api/devices', { patientId, name: 'Montre', since: ago(60) });
  expect(device.status).toBe(201);
  const sends = caller(platform().url('gateway'), { 'device-token': device.body.token });
  const measured: string[] = [];
  /** As the device itself sends what it measured, of late and now. */
  const send = async (...readings: [value: number, effectiveAt: string][]) => {
    const answer = await sends('POST', '/api/readings/from-device', {
      readings: readings.map(([value, effectiveAt]) => ({ code: '8867-4', unit: '/min', value, effectiveAt })),
    });
    expect([answer.status, answer.body]).toMatchObject([202, { stored: readings.length }]);
    measured.push(...answer.body.outcomes.map(({ readingId }: { readingId: string }) => readingId));
  };

  await watch(admin, true);
  onTestFinished(() => watch(admin, false));
  // It rings when the pulse stays high, and not by one value.
  const usual = documentFor([one.practitionerId, other.practitionerId], other.practitionerId);
  const document = { ...usual, condition: { ...usual.condition, sustained: { atLeast: 3, of: 3 } } };
  const written = await one.call('POST', '/api/alert-rules', { document, patientId });
  expect(written.status).toBe(201);
  const rule = `/api/alert-rules/${written.body.id}`;
  expect((await one.call('POST', `${rule}/enable`, { override })).status).toBe(200);
  const [oneHears, otherHears] = [await follow(one.authorization), await follow(other.authorization)];
  const listOf = async ({ call }: typeof one) => (await call('GET', `/api/alerts?patientId=${patientId}`)).body.items;

  await send(...[10, 9, 8, 7].map((minutes): [number, string] => [78, ago(minutes)]));
  await send([131, ago(6)], [134, ago(5)], [138, ago(4)]);
  await until(() => [oneHears, otherHears].every((heard) => heard().includes('event: alert')));
  const [alert, ...others] = await listOf(other);
  expect([alert.status, alert.count, others]).toEqual(['open', 3, []]);
  const stepsOf = (alertId: string) =>
    query('alert', 'select step, outcome from alert_step where alert_id = $1 order by step', [alertId]);
  await until(async () => (await stepsOf(alert.id))[0]?.outcome === 'told');

  const changesHeard = () => otherHears().split('event: alert').length;
  const changesBefore = changesHeard();
  expect((await one.call('POST', `/api/alerts/${alert.id}/acknowledge`)).status).toBe(200);
  await until(() => changesHeard() > changesBefore);
  expect(await listOf(other)).toMatchObject([{ id: alert.id, status: 'acknowledged' }]);
  // Nobody is called any more, by no way.
  expect(await stepsOf(alert.id)).toEqual([
    { step: 0, outcome: 'told' },
    { step: 1, outcome: 'stopped' },
  ]);

  const before = new Date().toISOString();
  await watch(admin, true, 1);
  await platform().stopProcess('kafka');
  let isStopped = true;
  const start = async () => {
    if (isStopped) await platform().startProcess('kafka');
    isStopped = false;
  };
  onTestFinished(start);
  const state = async () => (await one.call('GET', '/api/alert-watch/heartbeat')).body.state;
  // It is over, and begins again; the device is told that it is taken, and it waits.
  await send([82, ago(3)]);
  await send([140, ago(2)], [141, ago(1)], [142, ago(0)]);
  await until(async () => (await state()) === 'blind', 240_000);
  expect(await listOf(one)).toMatchObject([{ id: alert.id, status: 'acknowledged', count: 3 }]);

  await start();
  await until(async () => (await state()) === 'seeing', 240_000);
  await until(async () => (await listOf(one)).length === 2);
  const episodes = async () =>
    (await listOf(one))
      .map(({ status, count, worst }: Record<string, unknown>) => `${status} ${count} ${worst}`)
      .sort();
  await until(async () => (await episodes()).join() === 'cleared 3 138,open 3 142');
  const kept = await query('wearable', 'select id from reading where id = any($1)', [measured]);
  expect([measured.length, kept.length]).toEqual([11, 11]);
  const tested = await one.call('POST', `${rule}/back-tests`, { days: 1 });
  expect([tested.status, tested.body]).toMatchObject([200, { alerts: 2, readings: 11 }]);

  // What could not be told meanwhile is told in its order.
  const sights = async () => {
    const told = (await readTopic(platform().kafka, 'alert')) as { type: string; time: string }[];
    return told
      .filter(({ type, time }) => /^alert\.(blind|seeing)$/.test(type) && time > before)
      .map(({ type }) => type);
  };
  await until(async () => (await sights()).join().startsWith('alert.blind,alert.seeing'));
}, 600_000);
