import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@cabinet/kit/ids';
import { EventKeys } from '@cabinet/service/sidecar/signatures';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { Progress } from '../../dev/src/progress.ts';
import { type KafkaLogin, kafkaClient } from '../../dev/src/servers/kafka.ts';
import { startStream } from '../../dev/src/stream.ts';
import { startTestBroker } from '../../dev/src/test-servers.ts';
import { begin, evaluate } from '../../services/alert/dist/domain/engine/evaluate.js';
import type { Reading } from '../../services/alert/dist/domain/engine/reading.js';
import type { Watch } from '../../services/alert/dist/domain/engine/rule.js';
import { type Figure, figure } from '../figures.ts';

const readings = Number(process.env.BENCH_STREAM_READINGS ?? 300_000);
const patientCount = 500;
const start = Date.parse('2026-11-20T08:00:00Z');
const second = 1_000;
const keys = Object.fromEntries(['wearable', 'alert', 'stream'].map((teller) => [teller, randomUUID()]));
const signing = new EventKeys(new Map(Object.entries(keys).map(([teller, key]) => [teller, [key]])));
const zone = 'Europe/Paris';

const pulse = { code: '8867-4', unit: '/min' };
const rules = [
  { condition: { kind: 'level', ...pulse, above: 120, sustained: { minutes: 10 } }, clear: { readings: 2 } },
  { condition: { kind: 'rate', ...pulse, rises: 40, withinMinutes: 20 }, clear: { readings: 3 } },
].map((watch) => ({ id: newId(), version: 1, watch: { ...watch, maxAgeMinutes: 30 } as Watch }));

/** The rules on Spark: readings a second on this machine, beside the same engine in TypeScript, and how long it takes to go on after a crash. */
export async function measureStream(say: (text: string) => void): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cabinet-bench-'));
  await bringArtifacts(new Progress(() => undefined), ['spark']);
  const broker = await startTestBroker(['readings', 'alert-rules', 'alerts-detected']);
  try {
    const { login } = broker;
    const checkpoint = join(folder, 'checkpoint');
    const toTheEnd = () => secondsOf(login, checkpoint);
    const log = logOf();
    await tell(login, 'alert-rules', [rulesInForce()]);
    say('warm ...');
    const warm = log.slice(0, readings / 10);
    await tell(login, 'readings', warm.map(message));
    await toTheEnd();
    say(`${log.length - warm.length} readings ...`);
    await tell(login, 'readings', log.slice(warm.length).map(message));
    const busy = await toTheEnd();
    say('nothing new ...');
    const idle = await toTheEnd();
    say('after a crash ...');
    await tell(login, 'readings', log.slice(0, patientCount).map(message));
    await killedInTheMiddle(login, checkpoint);
    const again = await toTheEnd();
    const rate = (log.length - warm.length) / (busy - idle);
    return [
      figure('rules on Spark, two cores', 'readings/s', rate, {
        name: 'engine in TypeScript, no database, one core',
        value: inTypeScript(log.slice(warm.length)),
      }),
      figure('start after a crash, to the end of what was begun', 's', again, {
        name: 'start with nothing to do',
        value: idle,
      }),
    ];
  } finally {
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of each patient a pulse every minute, in the order in which they come; it is high for half an hour of each three. */
function logOf(): Reading[] {
  const patients = Array.from({ length: patientCount }, () => newId());
  return Array.from({ length: readings }, (_, nth): Reading => {
    const patient = nth % patientCount;
    const minutes = Math.floor(nth / patientCount);
    const at = new Date(start + minutes * 60 * second + patient).toISOString();
    const value = ((minutes + patient) % 180 < 30 ? 130 : 75) + (nth % 7);
    const reading = { readingId: newId(), patientId: patients[patient] ?? '', ...pulse, value };
    return { ...reading, effectiveAt: at, receivedAt: at, certainty: 'sure', flags: [] };
  });
}

function signed(topic: string, source: string, key: string, type: string, data: unknown) {
  const event = { id: newId(), source, type, partitionkey: key, data };
  return { key, value: JSON.stringify({ ...event, signature: signing.sign(topic, event) }) };
}

const message = (reading: Reading) => signed('readings', 'wearable', reading.patientId, 'reading-taken', reading);

const rulesInForce = () =>
  signed('alert-rules', 'alert', 'rules', 'alert-rules.in-force', {
    version: 1,
    isInForce: true,
    zone,
    rules: rules.map((rule) => ({ ...rule, enabledAt: new Date(start).toISOString() })),
  });

async function tell(login: KafkaLogin, topic: string, messages: { key: string; value: string }[]): Promise<void> {
  const producer = kafkaClient(login, 'bench').producer();
  await producer.connect();
  for (let from = 0; from < messages.length; from += 2_000)
    await producer.send({ topic, messages: messages.slice(from, from + 2_000) });
  await producer.disconnect();
}

const eventKeys = Object.entries(keys)
  .map(([teller, key]) => `${teller}=${key}`)
  .join();

const begun = (login: KafkaLogin, checkpoint: string, args: string[]) =>
  startStream({ login, eventKeys, checkpoint, args, stdio: 'pipe' });

async function secondsOf(login: KafkaLogin, checkpoint: string): Promise<number> {
  const began = performance.now();
  const child = begun(login, checkpoint, ['--to-the-end']);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text) => {
      said = `${said}${text}`.slice(-5_000);
    });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`the stream ended with ${code}: ${said}`);
  return (performance.now() - began) / 1_000;
}

/** It has begun a batch, and has not told that it ended. */
async function killedInTheMiddle(login: KafkaLogin, checkpoint: string): Promise<void> {
  const child = begun(login, checkpoint, ['--to-the-end']);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve) =>
    child.stdout?.on('data', (text) => {
      if (String(text).includes('"rules"')) resolve();
    }),
  );
  if (child.pid) process.kill(-child.pid, 'SIGKILL');
  await ended;
}

function inTypeScript(log: readonly Reading[]): number {
  const states = new Map(log.map(({ patientId }) => [patientId, rules.map((rule) => begin(rule, patientId, start))]));
  const began = performance.now();
  for (const reading of log) {
    const before = states.get(reading.patientId) ?? [];
    states.set(
      reading.patientId,
      rules.map((rule, nth) => {
        const state = before[nth] ?? begin(rule, reading.patientId, start);
        return evaluate(rule, state, { kind: 'reading', reading }, zone).state;
      }),
    );
  }
  return log.length / ((performance.now() - began) / 1_000);
}
