import { describe, expect, it } from 'vitest';
import { GatewayStand, kill } from '../support/gateway.ts';
import { until } from '../support/http.ts';

/** Sends requests of these methods in turn, so many at a time, until told to stop. */
function keepAsking(ask: (init: RequestInit) => Promise<Response>, methods: string[], atOnce = 16) {
  const answers: { method: string; status: number }[] = [];
  let underWay = 0;
  let isOver = false;
  const loop = async (method: string) => {
    while (!isOver) {
      underWay += 1;
      const status = await ask({ method }).then(
        (answer) => answer.arrayBuffer().then(() => answer.status),
        () => 0,
      );
      underWay -= 1;
      answers.push({ method, status });
    }
  };
  const loops = Array.from({ length: atOnce }, (_, i) => loop(methods[i % methods.length] as string));
  const stop = async () => {
    isOver = true;
    await Promise.all(loops);
    return answers;
  };
  return { answers, stop, underWay: () => underWay };
}

describe('an instance that is killed under load', () => {
  it('costs no safe request its answer, and of the others at most those it had under way', async () => {
    const stand = await GatewayStand.start();
    const instances = [];
    for (let i = 0; i < 3; i++) instances.push(await stand.addInstance('patient'));
    const load = keepAsking((init) => stand.ask('/api/patients/1', init), ['GET', 'POST']);
    await until(() => load.answers.length > 300);
    const underWay = load.underWay();
    await instances[0]?.kill();
    const before = load.answers.length;
    await until(() => load.answers.length > before + 600);
    const answers = await load.stop();
    expect(answers.filter(({ method, status }) => method === 'GET' && status !== 200)).toEqual([]);
    const failed = answers.filter(({ status }) => status !== 200);
    expect(failed.length).toBeLessThanOrEqual(underWay);
    expect(failed.filter(({ status }) => status !== 502)).toEqual([]);
  });
});

describe('one instance of three', () => {
  it.each(['garbage', 'reset', 'flood'])(
    'that answers with %s costs no safe request its answer, and is left out',
    async (fault) => {
      const stand = await GatewayStand.start();
      const bad = await stand.addInstance('patient', fault);
      for (let i = 0; i < 2; i++) await stand.addInstance('patient');
      await until(async () => {
        expect((await stand.ask('/api/patients/1')).status).toBe(200);
        const { instances } = await stand.stateOf('patient');
        return instances.find(({ origin }) => origin.endsWith(`:${bad.port}`))?.isSkipped === true;
      });
      expect((await stand.stateOf('patient')).breaker).toBe('closed');
    },
  );

  it('that answers half a body is never taken for whole', async () => {
    const stand = await GatewayStand.start();
    await stand.addInstance('patient', 'half');
    await stand.addInstance('patient');
    const textOf = async () => (await stand.ask('/api/patients/1')).text();
    const texts = await Promise.all(Array.from({ length: 20 }, () => textOf().catch(() => 'broken off')));
    const broken = texts.map((text) => (text.startsWith('{"pid"') ? 'whole' : text)).filter((text) => text !== 'whole');
    expect(broken.length).toBeGreaterThan(0);
    for (const text of broken) expect(text === 'broken off' || text.includes('GATEWAY.BAD_ANSWER')).toBe(true);
  });

  it('that accepts and never answers is a 504 for whoever met it, and is left out', async () => {
    const stand = await GatewayStand.start();
    const bad = await stand.addInstance('patient', 'hang');
    for (let i = 0; i < 2; i++) await stand.addInstance('patient');
    // Others are answered meanwhile; that all time-outs come at once must not be taken for an outage of the service.
    const others = keepAsking((init) => stand.ask('/api/patients/1', init), ['GET'], 8);
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async () => (await stand.ask('/api/patients/1')).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200, 504]));
    const { instances } = await stand.stateOf('patient');
    expect(instances.find(({ origin }) => origin.endsWith(`:${bad.port}`))?.ejections).toBe(1);
    expect((await stand.stateOf('patient')).breaker).toBe('closed');
    // At once: it is left out for ten seconds, then tried again.
    for (let i = 0; i < 10; i++) expect((await stand.ask('/api/patients/1')).status).toBe(200);
    await others.stop();
  });
});

describe('while', () => {
  it('all instances of a service are gone, the answer is a 503 that names it, and other services are served', async () => {
    const stand = await GatewayStand.start();
    const patients = [await stand.addInstance('patient'), await stand.addInstance('patient')];
    await stand.addInstance('record');
    for (const instance of patients) await instance.kill();
    for (let i = 0; i < 20; i++) {
      const answer = await stand.ask('/api/patients/1');
      expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await answer.json()).toMatchObject({ service: 'patient' });
    }
    expect((await stand.ask('/api/records/1')).status).toBe(200);
  });

  it('the registry is gone, the last known instances serve and the age of that list is told', async () => {
    const stand = await GatewayStand.start();
    await stand.addInstance('patient');
    await kill(stand.registry);
    for (let i = 0; i < 20; i++) expect((await stand.ask('/api/patients/1')).status).toBe(200);
    await until(async () => {
      const { registry } = (await (await stand.ask('/api/system')).json()) as {
        registry: { source: string; ageSeconds: number };
      };
      return registry.source === 'none' && registry.ageSeconds > 1;
    });
    expect((await stand.ask('/api/patients/1')).status).toBe(200);
  });

  it('auth is gone, tokens that it issued are still verified, and forged ones still refused', async () => {
    const stand = await GatewayStand.start();
    await stand.addInstance('patient');
    const [early, late] = [stand.authorization, await stand.issuer.bearer({ roles: ['practitioner'], sub: '42' })];
    expect((await stand.ask('/api/patients/1', { headers: { authorization: early } })).status).toBe(200);
    await stand.issuer.stop();
    expect((await stand.ask('/api/patients/1', { headers: { authorization: late } })).status).toBe(200);
    const forged = `${late.slice(0, -6)}AAAAAA`;
    expect((await stand.ask('/api/patients/1', { headers: { authorization: forged } })).status).toBe(401);
  });
});

describe('a gateway that is restarted while another one runs', () => {
  it('loses no request of those who look at its readiness', async () => {
    const stand = await GatewayStand.start();
    await stand.addInstance('patient');
    const second = await stand.startGateway();
    const ports = [stand.port, second.port];
    const ready = new Set(ports);
    let isOver = false;
    const looking = (async () => {
      while (!isOver) {
        for (const port of ports) {
          const isReady = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
            ({ ok }) => ok,
            () => false,
          );
          if (isReady) ready.add(port);
          else ready.delete(port);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    let turn = 0;
    const load = keepAsking(
      (init) => {
        const [port] = [...ready].slice(turn++ % ready.size);
        const headers = { authorization: stand.authorization };
        return fetch(`http://127.0.0.1:${port}/api/patients/1`, { ...init, headers });
      },
      ['GET', 'POST'],
      8,
    );
    await until(() => load.answers.length > 100);
    await kill(second.child, 'SIGTERM');
    expect(second.child.exitCode).toBe(0);
    await stand.startGateway(second.port);
    const before = load.answers.length;
    await until(() => ready.size === 2 && load.answers.length > before + 200);
    const answers = await load.stop();
    isOver = true;
    await looking;
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  });
});

describe('ten thousand paths that do not exist', () => {
  it('are each refused, and leave neither a metric nor memory behind', async () => {
    const stand = await GatewayStand.start();
    const wander = async (from: number, count: number) => {
      for (let i = from; i < from + count; i += 50) {
        const answers = await Promise.all(
          Array.from({ length: 50 }, (_, n) => stand.ask(`/api/nothing-${i + n}/${i}`)),
        );
        for (const answer of answers) {
          expect(answer.status).toBe(404);
          await answer.arrayBuffer();
        }
      }
    };
    const metrics = async () => (await stand.ask('/metrics')).text();
    const series = async () => (await metrics()).match(/^http_\S+/gm)?.length;
    await wander(0, 2_000);
    await metrics(); // which counts itself from then on
    const before = { heap: await stand.liveHeapBytes(), series: await series() };
    await wander(2_000, 10_000);
    expect(await series()).toBe(before.series);
    // Half a kibibyte kept for each path would be more than this.
    expect((await stand.liveHeapBytes()) - before.heap).toBeLessThan(4 * 1024 ** 2);
  });
});
