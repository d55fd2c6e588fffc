import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import { residentBytes } from '../../dev/src/process-identity.ts';
import { type Figure, median, pairedFigure, within } from '../figures.ts';
import { type Contender, Stand } from './stand.ts';

const rounds = 7;
const roundSeconds = 3;
const connections = 64;
const mebibyte = 1024 * 1024;

/**
 * Our gateway beside nginx and Spring Cloud Gateway: the same upstream and load, all warm, one after the other in each
 * round, with token check (remembered for 30 seconds), rate limits, circuit breaker and access log on in all; and beside both
 * as they are when they only pass on. All may use all cores; what is said of one process is
 * measured on a gateway that is one.
 */
export async function measureGateway(say: (text: string) => void): Promise<Figure[]> {
  const stand = await Stand.start(say);
  try {
    say('gateway: start our gateway, nginx and Spring Cloud Gateway ...');
    const cores = availableParallelism();
    const gateway = await stand.startGateway(cores);
    const nginx = await stand.startNginx(cores, 'the same');
    const bare = await stand.startNginx(cores, 'passing on');
    say('gateway: warm up ...');
    for (const proxy of [gateway, nginx, bare]) await warmUp(stand, proxy);
    say('gateway: throughput ...');
    const small = await takeTurns(stand, [gateway, nginx, bare], { connections });
    say('gateway: bodies of 1 MiB ...');
    const large = { path: '/api/patients/import', connections: 8, bodyBytes: mebibyte };
    const bodies = await takeTurns(stand, [gateway, nginx], large);
    say('gateway: Spring Cloud Gateway ...');
    // Last of the three, and each by itself: it goes on compiling itself when its turn is over, at the cost of whoever is next.
    const turnsWithSpring = async (does: 'the same' | 'passing on') => {
      const peer = await stand.startSpring(does, say);
      await warmUp(stand, peer);
      const { rates, p99s } = await takeTurns(stand, [gateway, peer], { connections });
      await stand.end(peer);
      return { peer, rates, p99s };
    };
    const besideSpring = await turnsWithSpring('the same');
    const besideBareSpring = await turnsWithSpring('passing on');
    const one = await stand.startGateway(1);
    await stand.load(one, { seconds: 8, connections });
    say('gateway: 2,000 connections ...');
    const memory = await measureConnections(stand, one);
    say('gateway: twice the load ...');
    const flood = await measureFlood(stand, one);
    say('gateway: 200 instances ...');
    const beside = (proxy: Contender, values: (proxy: Contender) => number[]) => ({
      name: proxy.name,
      values: values(proxy),
    });
    const perSecond = 'per second';
    const { peer: spring, rates, p99s } = besideSpring;
    const { peer: bareSpring, rates: bareRates } = besideBareSpring;
    return [
      pairedFigure('gateway, throughput', perSecond, rates(gateway), beside(spring, rates), { atLeast: 1 }),
      pairedFigure('gateway, p99', 'ms', p99s(gateway), beside(spring, p99s), { atMost: 1 }),
      pairedFigure('gateway, throughput', perSecond, small.rates(gateway), beside(nginx, small.rates), {
        atLeast: 0.5,
      }),
      // What all our policies cost, to be looked at: these only pass on.
      pairedFigure('gateway, throughput', perSecond, bareRates(gateway), beside(bareSpring, bareRates)),
      pairedFigure('gateway, throughput', perSecond, small.rates(gateway), beside(bare, small.rates)),
      pairedFigure('gateway, 1 MiB both ways', perSecond, bodies.rates(gateway), beside(nginx, bodies.rates), {
        atLeast: 0.7,
      }),
      ...flood,
      within('gateway, resident with 2,000 connections', 'MiB', memory, 150),
      await measureInstances(stand, one),
    ];
  } finally {
    await stand.stop();
  }
}

/** Until it gets no faster: a Java program compiles itself for a minute and more on few cores. */
async function warmUp(stand: Stand, proxy: Contender): Promise<void> {
  let [before, last] = [0, 0];
  for (let round = 0; round < 15 && (round < 2 || last > before * 1.05); round += 1) {
    before = Math.max(before, last);
    last = (await stand.load(proxy, { seconds: 8, connections })).rate;
  }
}

/** Alternates, so that a busy moment of the machine meets all. */
async function takeTurns(
  stand: Stand,
  proxies: Contender[],
  order: { path?: string; connections: number; bodyBytes?: number },
) {
  const rates = new Map<Contender, number[]>(proxies.map((proxy) => [proxy, []]));
  const p99s = new Map<Contender, number[]>(proxies.map((proxy) => [proxy, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const proxy of proxies) {
      const { rate, p99Ms } = await stand.load(proxy, { seconds: roundSeconds, ...order });
      rates.get(proxy)?.push(rate);
      p99s.get(proxy)?.push(p99Ms);
    }
  }
  return {
    rates: (proxy: Contender) => rates.get(proxy) ?? [],
    p99s: (proxy: Contender) => p99s.get(proxy) ?? [],
  };
}

/** What is answered when twice as much comes in as can be answered, beside the most that could be just before and after. */
async function measureFlood(stand: Stand, gateway: Contender): Promise<Figure[]> {
  const peakNow = async () => (await stand.load(gateway, { seconds: roundSeconds, connections })).rate;
  const [answered, peaks, p99s]: [number[], number[], number[]] = [[], [], []];
  let before = await peakNow();
  for (let round = 0; round < rounds; round += 1) {
    const { rate, p99Ms } = await stand.load(gateway, { seconds: 5, connections: 1_000, rate: 2 * before });
    const after = await peakNow();
    answered.push(rate);
    peaks.push((before + after) / 2);
    p99s.push(p99Ms);
    before = after;
  }
  const peer = { name: 'peak', values: peaks };
  return [
    pairedFigure('gateway, answered at twice the load', 'per second', answered, peer, { atLeast: 0.8 }),
    within('gateway, p99 at twice the load', 'ms', median(p99s), 1_000),
  ];
}

/** Resident memory, in MiB, with 2,000 connections that have each been used, while others load the gateway. */
async function measureConnections(stand: Stand, gateway: Contender): Promise<number> {
  const { hostname, port } = new URL(gateway.origin);
  const sockets: Socket[] = [];
  for (let n = 0; n < 2_000; n += 1) {
    const socket = connect(Number(port), hostname);
    socket.write(`GET /api/patients/1 HTTP/1.1\r\nHost: bench\r\nAuthorization: ${stand.authorization}\r\n\r\n`);
    await once(socket, 'data');
    sockets.push(socket);
  }
  await stand.load(gateway, { seconds: roundSeconds, connections });
  const memory = residentBytes(gateway.pid) / mebibyte;
  for (const socket of sockets) socket.destroy();
  return memory;
}

/** Processor time of a request with 200 instances in the registry beside that with one. */
async function measureInstances(stand: Stand, one: Contender): Promise<Figure> {
  const many = await stand.startGateway(1, 200);
  await warmUp(stand, many);
  const costs = { one: [] as number[], many: [] as number[] };
  const cost = async (gateway: Contender) => {
    const before = processorMs(gateway.pid);
    const { answered } = await stand.load(gateway, { seconds: roundSeconds, connections });
    return (processorMs(gateway.pid) - before) / answered;
  };
  for (let round = 0; round < rounds; round += 1) {
    costs.one.push(await cost(one));
    costs.many.push(await cost(many));
  }
  const peer = { name: 'one', values: costs.one };
  return pairedFigure('gateway, a request with 200 instances', 'ms of processor', costs.many, peer, { atMost: 1.25 });
}

/** User and system time of a process since it began; Linux counts it in hundredths of a second. */
function processorMs(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13) ?? [];
  return (Number(user) + Number(system)) * 10;
}
