import { beforeAll, describe, expect, inject, it } from 'vitest';
import { readRunFile } from '../../dev/src/run-file.ts';
import type {} from '../support/compose.setup.ts';
import { ComposedPractice, composed } from '../support/compose.ts';
import { docker } from '../support/containers.ts';
import { type Caller, caller, until } from '../support/http.ts';
import { bookAndHear, signedInAt } from '../support/practice.ts';

const { project, gatewayPort } = inject('compose');
const practice = new ComposedPractice(project, gatewayPort);
const { apps } = readRunFile();

let secretary: Caller;
let admin: Caller;

beforeAll(async () => {
  await until(async () => (await caller(practice.gateway)('GET', '/health/ready')).status === 200, 120_000);
  secretary = await signedInAt(practice.gateway, 'secretary');
  admin = await signedInAt(practice.gateway, 'admin');
});

/** Resolves when booking goes its whole way again. */
const recovered = () => until(() => bookAndHear(secretary, admin).then(() => true), 180_000);

/** What Prometheus answers to a query, by the label `app`. */
function figures(query: string): Record<string, number> {
  const url = `http://prometheus:9090/api/v1/query?${new URLSearchParams({ query })}`;
  const { data } = JSON.parse(practice.run('gateway', `console.log(await (await fetch('${url}')).text())`));
  return Object.fromEntries(
    data.result.map(({ metric, value }: { metric: { app: string }; value: [number, string] }) => [
      metric.app,
      Number(value[1]),
    ]),
  );
}

describe('the compose file, brought up', () => {
  it('runs every container that it names, all healthy', async () => {
    const states = () =>
      composed.map((name) => {
        const { Status, Health } = practice.inspect(name).State;
        return [name, Status, Health?.Status ?? 'healthy'];
      });
    const wanted = composed.map((name) => [name, 'running', 'healthy']);
    // One that answers is called healthy when it is next asked whether it is.
    await expect.poll(states, { timeout: 60_000 }).toEqual(wanted);
  });

  it('books through the gateway, and tells of it', () => bookAndHear(secretary, admin));

  it('is seen by Prometheus, every process and every sidecar, and the record service heard of patients', async () => {
    const names = apps.map(({ name }) => name).sort();
    for (const job of ['process', 'sidecar']) {
      await until(() => names.every((name) => figures(`up{job="${job}"}`)[name] === 1), 120_000);
    }
    await until(() => (figures('sum by (app) (event_lag_seconds_count{app="record"})').record ?? 0) > 0, 120_000);
  });

  it('keeps to its secrets: no container shows one in its settings', () => {
    for (const name of composed) {
      const { Env } = practice.inspect(name).Config;
      // A sidecar takes the login of the broker by its environment alone.
      const lines = (Env as string[]).filter((line) => !(name.endsWith('-dapr') && line.startsWith('KAFKA_PASSWORD=')));
      const naked = lines.filter((line) => /(?:PASSWORD|SECRET|DATABASE_URL)=./.test(line));
      expect([name, naked]).toEqual([name, []]);
    }
  });

  it.each(['http', 'https'])(
    'lets no container ask a process through its sidecar, by %s, that proves nothing',
    (scheme) => {
      const asked = practice.run(
        'gateway',
        `import { connect } from 'node:http2';
      const end = (word) => { console.log(word); process.exit(); };
      const session = connect('${scheme}://patient:50002', { rejectUnauthorized: false });
      for (const event of ['error', 'close']) session.on(event, () => end('refused'));
      const path = '/dapr.proto.internals.v1.ServiceInvocation/CallLocal';
      const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' });
      for (const event of ['error', 'close']) stream.on(event, () => end('refused'));
      stream.on('response', () => end('answered'));
      stream.end(Buffer.alloc(5));`,
      );
      expect(asked.trim()).toBe('refused');
    },
  );

  it.each(['appointment', 'appointment-dapr', 'sentry'])(
    'survives that %s crashes: it starts again by itself',
    async (name) => {
      const before = practice.inspect(name);
      practice.crash(name);
      await until(() => practice.inspect(name).RestartCount > before.RestartCount);
      await recovered();
    },
  );

  it.each(['patient', 'patient-dapr'])(
    'goes on without %s when it is killed, and with it when it is back',
    async (name) => {
      docker('kill', practice.container(name));
      // Who needs nobody else still answers.
      expect((await secretary('GET', '/api/practitioners?limit=1')).status).toBe(200);
      await practice.up();
      await recovered();
    },
  );
});
