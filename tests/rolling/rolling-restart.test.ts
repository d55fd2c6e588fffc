import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller, until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { addPractitioner, freeSlots, type Receiving, registerPatient, signedInAs } from '../support/practice.ts';
import { type Instance, isListed, leaveNames, ownInstance, startSecond } from '../support/second-instance.ts';

/** A request that was not answered as it had to be. */
interface Failure {
  what: string;
  during: string;
  status: number | string;
}

/** Between two requests of one caller: a load that is steady, not as heavy as can be. */
const pauseMs = 20;
/** How often a Service of Kubernetes looks whether a gateway is ready, here faster. */
const probeMs = 100;

/**
 * Callers that never pause for long, as a Service of Kubernetes lets them: each request goes to a gateway that says it is
 * ready. What they do needs every process, neighbours and the broker's way included.
 */
class SteadyLoad {
  readonly failures: Failure[] = [];
  readonly slowest = { ms: 0, what: '' };
  answered = 0;
  during = 'the start';
  private ready: string[] = [];
  private readonly underWay = new Set<number>();
  isOver = false;
  private readonly running: Promise<unknown>[] = [];

  readonly gateways: Set<string>;

  constructor(gateway: string) {
    this.gateways = new Set([gateway]);
  }

  start(workers: (() => Promise<void>)[]): void {
    this.running.push(this.watchGateways());
    for (const work of workers) {
      this.running.push(
        (async () => {
          while (!this.isOver) {
            await work();
            await delay(pauseMs);
          }
        })(),
      );
    }
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.running);
  }

  /** Resolves when everything that is under way now has been answered. */
  async turnover(): Promise<void> {
    const now = performance.now();
    await until(() => [...this.underWay].every((began) => began > now));
  }

  /** Sends a request and counts it as a failure unless it is answered with this status; resolves to the answer's body. */
  async expect(status: number, method: string, path: string, authorization: string, body?: object) {
    const what = `${method} ${path.replace(/[0-9a-f-]{36}/g, ':id').replace(/\?.*/, '')}`;
    const { during } = this;
    const began = performance.now();
    this.underWay.add(began);
    try {
      const gateway = this.ready[this.answered % this.ready.length] ?? [...this.gateways][0] ?? '';
      const headers: Record<string, string> = method === 'POST' ? { 'if-match': '"v1"' } : {};
      const answer = await caller(gateway, authorization)(method, path, body, headers);
      if (answer.status !== status)
        this.failures.push({ what, during, status: `${answer.status} ${answer.body?.code}` });
      const ms = performance.now() - began;
      if (ms > this.slowest.ms) Object.assign(this.slowest, { ms, what: `${what} during ${during}` });
      return answer.body;
    } catch (error) {
      this.failures.push({ what, during, status: String((error as Error).cause ?? error) });
      return undefined;
    } finally {
      this.underWay.delete(began);
      this.answered += 1;
    }
  }

  private async watchGateways(): Promise<void> {
    while (!this.isOver) {
      const said = await Promise.all([...this.gateways].map(async (url) => ((await isReady(url)) ? [url] : [])));
      this.ready = said.flat();
      await delay(probeMs);
    }
  }
}

const isReady = (url: string) =>
  fetch(`${url}/health/ready`).then(
    (answer) => answer.ok,
    () => false,
  );

const load = new SteadyLoad(platform().url('gateway'));

async function authorizationOf(login: string): Promise<string> {
  const body = { email: `${login}@cabinet.test`, password: 'cabinet-demo-2026' };
  const answer = await caller(platform().url('gateway'))('POST', '/api/auth/login', body);
  return `Bearer ${answer.body.accessToken}`;
}

beforeAll(async () => {
  const [admin, secretary] = [await signedInAs('admin'), await signedInAs('secretary')];
  const [office, bernard] = [await authorizationOf('secretary'), await authorizationOf('dr.bernard')];
  const practice: [Receiving, { id: string }, string[]][] = [];
  for (let n = 0; n < 2; n += 1) {
    const receiving = await addPractitioner(admin);
    practice.push([receiving, await registerPatient(secretary), await freeSlots(secretary, receiving)]);
  }
  const record = (await caller(platform().url('gateway'), bernard)('GET', '/api/appointments?limit=1')).body.items[0];
  const path = `/api/records/${record.patientId}`;
  let next = 0;
  const bookAndCancel =
    ([{ practitionerId, appointmentTypeId }, { id: patientId }, slots]: (typeof practice)[0]) =>
    async () => {
      const start = slots[next++ % slots.length];
      const body = { practitionerId, appointmentTypeId, patientId, start };
      const booked = await load.expect(201, 'POST', '/api/appointments', office, body);
      if (booked?.id)
        await load.expect(200, 'POST', `/api/appointments/${booked.id}/cancel`, office, { reason: 'load' });
    };
  load.start([
    ...practice.map(bookAndCancel),
    async () => void (await load.expect(200, 'GET', `/api/patients/${practice[0]?.[1].id}`, office)),
    async () => void (await load.expect(200, 'GET', '/api/practitioners?limit=5', office)),
    async () => void (await load.expect(200, 'GET', path, bernard)),
    async () => void (await load.expect(200, 'GET', '/api/auth/me', office)),
    async () => {
      const login = { email: 'alice@cabinet.test', password: 'cabinet-demo-2026' };
      await load.expect(200, 'POST', '/api/auth/login', '', login);
      // A sign-in costs as much as a hundred other requests, so one comes with every thirty of them.
      const next = load.answered + 30;
      await until(() => load.isOver || load.answered >= next);
    },
  ]);
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
  if (name === 'gateway') load.gateways.add(second.url);
  // What a pod waits for before its process is told: that whoever had just found its address is answered.
  leaveNames(old);
  await load.turnover();
  await old.stop();
  if (name === 'gateway') load.gateways.delete(old.url);
  // Where Kubernetes has a Service, its keys are found here at the address of the platform's own.
  if (name === 'auth') await platform().startApp(name);
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
