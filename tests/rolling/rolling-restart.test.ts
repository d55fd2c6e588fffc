import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededPassword } from '../../dev/src/seed/index.ts';
import { caller, until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { addPractitioner, freeSlots, registerPatient, signedInAs } from '../support/practice.ts';
import { type Instance, isListed, leaveNames, ownInstance, startOwn, startSecond } from '../support/second-instance.ts';
import { SteadyLoad } from '../support/steady-load.ts';

/** How often a Service of Kubernetes looks whether a gateway is ready, here faster. */
const probeMs = 100;

const gateways = new Set([platform().url('gateway')]);
let ready: string[] = [];

const isReady = (url: string) =>
  fetch(`${url}/health/ready`).then(
    (answer) => answer.ok,
    () => false,
  );

/** As a Service of Kubernetes: each request goes to a gateway that says it is ready. The platform's allow a hundred times as much. */
const load = new SteadyLoad((n) => ready[n % ready.length] ?? [...gateways][0] ?? '', {
  everyMs: 25,
  signInEveryMs: 400,
});

async function watchGateways(): Promise<void> {
  while (!load.isOver) {
    const said = await Promise.all([...gateways].map(async (url) => ((await isReady(url)) ? [url] : [])));
    ready = said.flat();
    await delay(probeMs);
  }
}

async function authorizationOf(login: string): Promise<string> {
  const body = { email: `${login}@cabinet.test`, password: seededPassword };
  const answer = await caller(platform().url('gateway'))('POST', '/api/auth/login', body);
  return `Bearer ${answer.body.accessToken}`;
}

beforeAll(async () => {
  const [admin, secretary, bernard] = [
    await signedInAs('admin'),
    await signedInAs('secretary'),
    await signedInAs('dr.bernard'),
  ];
  const [office, doctor] = [await authorizationOf('secretary'), await authorizationOf('dr.bernard')];
  const bookings = [];
  for (let n = 0; n < 2; n += 1) {
    const receiving = await addPractitioner(admin);
    const { id: patientId } = await registerPatient(secretary);
    const { practitionerId, appointmentTypeId } = receiving;
    bookings.push({ practitionerId, appointmentTypeId, patientId, slots: await freeSlots(secretary, receiving) });
  }
  void watchGateways();
  load.start({
    office: () => office,
    doctor: () => doctor,
    bookings,
    record: (await bernard('GET', '/api/appointments?limit=1')).body.items[0].patientId,
    patient: { email: 'alice@cabinet.test', password: seededPassword },
  });
  await until(() => load.answered > 20);
});
afterAll(async () => {
  await load.stop();
  await Promise.all([...seconds.values()].map((second) => second.stop()));
  const { ms, what } = load.slowest;
  console.info(`${load.answered} requests; the slowest took ${Math.round(ms)} ms: ${what}`);
});

/** What runs in the place of the platform's own, at addresses of their own as new pods have. */
const seconds = new Map<string, Instance>();
const running = (name: string): Instance => seconds.get(name) ?? ownInstance(name);

/** As a Deployment rolls with maxSurge 1 and maxUnavailable 0: the new one is ready before the old one is told to end. */
async function roll(name: string): Promise<void> {
  load.during = name;
  const old = running(name);
  const second = await startSecond(name);
  seconds.set(name, second);
  if (name === 'gateway') gateways.add(second.url);
  // What a pod waits for before its process is told: that whoever had just found its address is answered.
  leaveNames(old);
  await load.turnover();
  await old.stop();
  if (name === 'gateway') gateways.delete(old.url);
  // Where Kubernetes has a Service, its keys are found here at the address of the platform's own.
  if (name === 'auth') await startOwn(name);
}

describe('a rolling restart under steady load', () => {
  it.each([...platform().services, 'gateway'])('of %s fails no request', async (name) => {
    const before = load.answered;
    await roll(name);
    expect(load.failures.splice(0)).toEqual([]);
    expect(load.answered - before).toBeGreaterThan(50);
  });

  it('of the registry fails no request: it runs alone, and who was told remembers', async () => {
    load.during = 'registry';
    const before = load.answered;
    await platform().stopApp('registry');
    await platform().startApp('registry');
    await until(async () => {
      const listed = platform().services.map((name) => isListed(name, running(name).port));
      return (await Promise.all(listed)).every(Boolean);
    });
    expect(load.failures.splice(0)).toEqual([]);
    expect(load.answered - before).toBeGreaterThan(50);
  });
});
