import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { workTree } from '../../dev/cache.mjs';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { Progress, ProgressDisplay } from '../../dev/src/progress.ts';
import { type Figure, figure, median, within } from '../figures.ts';
import { type Load, measure, requestOf } from './load.ts';
import { type Server, startNetflix, startOurs } from './servers.ts';

type Say = (text: string) => void;

const instances = 5_000;
// Many short ones: whatever else the machine does then meets both alike.
const rounds = 7;
const residentMebibytesMax = 256;
const changed = 50;

/** Our registry beside Netflix's: both run, hold the same instances and are asked the same by the same client in turn. */
export async function measureRegistry(say: Say): Promise<Figure[]> {
  const { eurekaPeers } = await bringArtifacts(new Progress(new ProgressDisplay().show), ['eurekaPeers']);
  const logs = join(workTree, '.cabinet/bench-registry');
  mkdirSync(logs, { recursive: true });
  say('start ...');
  const netflix = await startNetflix(eurekaPeers, join(logs, 'netflix.log'));
  const ours = await startOurs();
  try {
    const both = [ours, netflix];
    const figures = [times('ready', 's', ours, netflix, (server) => server.readySeconds, { atMost: 0.1 })];
    for (const server of both) await registerAll(server, instances);
    figures.push(...(await measureAll(both, say)));
    figures.push(
      times('resident, 5,000 instances, after the load', 'MiB', ours, netflix, (s) => s.residentMebibytes(), {
        atMost: 0.5,
      }),
    );
    say('wait for a short delta ...');
    await Promise.all(both.map(changeUntilShort));
    figures.push(await compare(both, 'delta of 50 changes', deltas, { atLeast: 2 }));
    return [...figures, ...(await measureCurve(say))];
  } finally {
    await Promise.all([ours.stop(), netflix.stop()]);
  }
}

const renewals = (count: number, all = instances) => ({
  requests: Array.from({ length: all }, (_, n) => renewalOf(n)),
  count,
  connections: 32,
});
const list = (accept: string, count: number) => ({
  requests: [requestOf('GET', '/eureka/apps', { Accept: accept })],
  count,
  connections: 4,
});
const deltas = {
  requests: [requestOf('GET', '/eureka/apps/delta', { Accept: 'application/json' })],
  count: 1_500,
  connections: 16,
};

async function measureAll(both: Server[], say: Say): Promise<Figure[]> {
  const loads = [
    { name: 'renewals', load: renewals(10_000), wanted: { atLeast: 2 } },
    { name: 'list of 5,000 as JSON', load: list('application/json', 60), wanted: { atLeast: 2 } },
    { name: 'list of 5,000 as XML', load: list('application/xml', 60), wanted: { atLeast: 1 } },
  ];
  const figures: Figure[] = [];
  for (const { name, load, wanted } of loads) {
    say(`${name} ...`);
    figures.push(...[await compare(both, name, load, wanted)].flat());
  }
  return figures;
}

/** The same number of requests to warm up, then turns, so that a busy moment of the machine meets both. */
async function compare(
  both: Server[],
  name: string,
  load: Omit<Load, 'port'>,
  wanted: Figure['wanted'],
): Promise<Figure> {
  const rates = new Map<Server, number[]>(both.map((server) => [server, []]));
  for (const server of both) await measure({ ...load, count: 3 * load.count, port: server.port });
  for (let round = 0; round < rounds; round += 1) {
    for (const server of both) rates.get(server)?.push((await measure({ ...load, port: server.port })).perSecond);
  }
  const [ours = 0, netflix = 0] = both.map((server) => median(rates.get(server) ?? []));
  return figure(name, 'per second', ours, { name: 'Netflix', value: netflix }, wanted);
}

const times = (
  name: string,
  unit: string,
  ours: Server,
  netflix: Server,
  value: (server: Server) => number,
  wanted: Figure['wanted'],
): Figure => figure(name, unit, value(ours), { name: 'Netflix', value: value(netflix) }, wanted);

/** What a renewal costs the registry in processor time, with ever more instances: a server for each number, asked in turn. */
async function measureCurve(say: Say): Promise<Figure[]> {
  const sizes = [100, 1_000, 5_000, 10_000];
  say(`renewals with ${sizes.join(', ')} instances ...`);
  const sized = await Promise.all(sizes.map(async (size) => ({ size, server: await startOurs() })));
  try {
    for (const { size, server } of sized) {
      await registerAll(server, size);
      await measure({ ...renewals(20_000, size), port: server.port });
    }
    const costs = new Map<number, number[]>(sizes.map((size) => [size, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const { size, server } of sized) costs.get(size)?.push(await costOfRenewal(server, size));
    }
    const costOf = (size: number) => median(costs.get(size) ?? []);
    const curve = sizes.map((size) =>
      figure(
        `cost of a renewal, ${size} instances`,
        'µs',
        costOf(size),
        { name: 'with 100', value: costOf(100) },
        { atMost: 1.25 },
      ),
    );
    const largest = sized.at(-1)?.server.residentMebibytes() ?? Number.NaN;
    return [...curve, within('resident, 10,000 instances', 'MiB', largest, residentMebibytesMax)];
  } finally {
    await Promise.all(sized.map(({ server }) => server.stop()));
  }
}

/** In microseconds. */
async function costOfRenewal(server: Server, size: number): Promise<number> {
  const count = 15_000;
  const before = server.cpuSeconds();
  await measure({ ...renewals(count, size), port: server.port });
  return ((server.cpuSeconds() - before) / count) * 1e6;
}

const nameOf = (n: number) => ({ app: `APP-${n % 50}`, id: `host-${n}:app-${n % 50}:8080` });

const renewalOf = (n: number): Buffer => {
  const { app, id } = nameOf(n);
  return requestOf('PUT', `/eureka/apps/${app}/${id}?status=UP&lastDirtyTimestamp=1000`, {
    Accept: 'application/json',
  });
};

async function registerAll({ port }: Server, count: number): Promise<void> {
  const requests = Array.from({ length: count }, (_, n) => registrationOf(n, 'UP'));
  await measure({ port, requests, count: requests.length, connections: 16 });
}

// Each forgets what changed longer ago than three minutes, but Netflix's tells so only after a change, and half a minute later.
async function changeUntilShort(server: Server): Promise<void> {
  const told = async () => {
    const headers = { accept: 'application/json' };
    const answer = await fetch(`http://127.0.0.1:${server.port}/eureka/apps/delta`, { headers });
    return (await answer.text()).split('"instanceId"').length - 1;
  };
  while ((await told()) !== changed) {
    await change(server);
    await delay(5_000);
  }
}

async function change({ port }: Server): Promise<void> {
  const requests = Array.from({ length: changed }, (_, n) => registrationOf(n * 7, 'DOWN'));
  await measure({ port, requests, count: changed, connections: 4 });
}

function registrationOf(n: number, status: string): Buffer {
  const { app, id } = nameOf(n);
  const address = `http://host-${n}:8080`;
  const instance = {
    instanceId: id,
    app,
    hostName: `host-${n}`,
    ipAddr: '127.0.0.1',
    status,
    vipAddress: app.toLowerCase(),
    secureVipAddress: app.toLowerCase(),
    port: { $: 8080, '@enabled': 'true' },
    securePort: { $: 443, '@enabled': 'false' },
    dataCenterInfo: { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name: 'MyOwn' },
    leaseInfo: { renewalIntervalInSecs: 30, durationInSecs: 3_600 },
    metadata: { version: '1.0.0', zone: `zone-${n % 3}` },
    homePageUrl: `${address}/`,
    statusPageUrl: `${address}/actuator/info`,
    healthCheckUrl: `${address}/actuator/health`,
    lastDirtyTimestamp: '1000',
  };
  return requestOf('POST', `/eureka/apps/${app}`, { 'Content-Type': 'application/json' }, JSON.stringify({ instance }));
}
