import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@cabinet/kit/ids';
import { EventKeys } from '@cabinet/service/sidecar/signatures';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { Progress } from '../../dev/src/progress.ts';
import { type KafkaLogin, kafkaClient } from '../../dev/src/servers/kafka.ts';
import { startTestBroker, type TestBroker } from '../../dev/src/test-servers.ts';
import type { Candidate, Rule } from '../../services/alert/src/domain/engine/evaluate.js';
import type { Reading } from '../../services/alert/src/domain/engine/reading.js';
import { replay } from '../../services/alert/src/domain/engine/replay.js';
import type { Watch } from '../../services/alert/src/domain/engine/rule.js';
import { readTopic } from '../../tests/support/kafka.ts';
import { episodesOf } from './engines.js';
import { SparkJob } from './spark.js';

const tellers = ['wearable', 'alert', 'stream'];
const secrets = Object.fromEntries(tellers.map((teller) => [teller, randomUUID()]));
const eventKeys = tellers.map((teller) => `${teller}=${secrets[teller]}`).join();
const keys = new EventKeys(new Map(tellers.map((teller) => [teller, [secrets[teller] ?? '']])));

let folder: string;
let login: KafkaLogin;
let broker: TestBroker;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cabinet-stream-'));
  await bringArtifacts(new Progress(() => undefined), ['spark']);
  broker = await startTestBroker(['readings', 'alert-rules', 'alerts-detected']);
  login = broker.login;
}, 600_000);

afterAll(async () => {
  await broker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Message {
  key: string;
  value: string;
}

function message(topic: string, source: string, key: string, type: string, data: unknown): Message {
  const time = new Date(start).toISOString();
  const event = { id: newId(), source, type, time, partitionkey: key, data: JSON.parse(JSON.stringify(data)) };
  return { key, value: JSON.stringify({ specversion: '1.0', ...event, signature: keys.sign(topic, event) }) };
}

async function tell(topic: string, messages: Message[]): Promise<void> {
  const producer = kafkaClient(login, 'tests').producer();
  await producer.connect();
  await producer.send({ topic, messages });
  await producer.disconnect();
}

const start = Date.parse('2026-11-20T08:00:00Z');
const minute = 60_000;
const pulse = { code: '8867-4', unit: '/min' };
const watches = [
  { condition: { kind: 'level', ...pulse, above: 120, sustained: { minutes: 10 } }, clear: { readings: 2 } },
  { condition: { kind: 'level', ...pulse, above: 120, sustained: { atLeast: 3, of: 5 } }, clear: { readings: 2 } },
  { condition: { kind: 'rate', ...pulse, rises: 40, withinMinutes: 20 }, clear: { readings: 3 } },
  // These two stay with the alert service: a line that rings alone, and silence.
  { condition: { kind: 'level', ...pulse, above: 140 }, clear: { readings: 1 } },
  { condition: { kind: 'gap', code: pulse.code, minutes: 30 } },
].map((watch) => ({ ...watch, maxAgeMinutes: 30 }) as Watch);
const rules: Rule[] = watches.map((watch) => ({ id: newId(), version: 1, watch }));
const onSpark = rules.slice(0, 3);
const patients = Array.from({ length: 12 }, () => newId());

const inForce = (version: number, more: Record<string, unknown> = {}) =>
  message('alert-rules', 'alert', 'rules', 'alert-rules.in-force', {
    version,
    isInForce: true,
    zone: 'Europe/Paris',
    rules: rules.map((rule) => ({ ...rule, enabledAt: new Date(start).toISOString() })),
    ...more,
  });

/** Two hundred minutes with three times of a high pulse; each fifth reading comes some minutes late, each thirtieth twice. */
function readingsOf(patientId: string, nth: number): Reading[] {
  return Array.from({ length: 200 }, (_, at): Reading[] => {
    const isHigh = (at + nth * 7) % 65 > 40;
    const late = at % 5 === 4 ? (at % 7) * 4 : 0;
    const reading: Reading = {
      readingId: newId(),
      patientId,
      ...pulse,
      value: (isHigh ? 125 : 75) + ((at * 13 + nth) % 10) / 2,
      effectiveAt: new Date(start + at * minute).toISOString(),
      receivedAt: new Date(start + (at + late) * minute).toISOString(),
      certainty: 'sure',
      flags: [],
    };
    return at % 30 === 29 ? [reading, reading] : [reading];
  }).flat();
}

const log = patients.flatMap(readingsOf).sort((one, other) => (one.receivedAt < other.receivedAt ? -1 : 1));
const taken = (reading: Reading) => message('readings', 'wearable', reading.patientId, 'reading-taken', reading);

interface Detected {
  id: string;
  type: string;
  data: { patientId: string; ruleId: string; ruleVersion: number; readingId: string; candidates: Candidate[] };
}

/** What was told, each once: who hears it knows an event by its id. */
async function detected(): Promise<{ told: number; events: Detected[] }> {
  const all = (await readTopic(login, 'alerts-detected')) as Detected[];
  const events = all.filter(({ type }) => type === 'alert-candidates.detected');
  return { told: events.length, events: [...new Map(events.map((event) => [event.id, event])).values()] };
}

const expected = () =>
  onSpark.flatMap((rule) =>
    patients.flatMap((patientId) => {
      const its = log.filter((reading) => reading.patientId === patientId);
      return replay(rule, patientId, its, start, start + 300 * minute, 'Europe/Paris').episodes;
    }),
  );

const found = (events: Detected[]) =>
  onSpark.flatMap((rule) =>
    patients.flatMap((patientId) => {
      const its = events.filter(({ data }) => data.ruleId === rule.id && data.patientId === patientId);
      return episodesOf(
        patientId,
        its.flatMap(({ data }) => data.candidates),
      );
    }),
  );

const job = (name: string, args: string[]) => new SparkJob({ login, eventKeys, checkpoint: join(folder, name), args });

it('finds on Spark the episodes that the alert service finds on the same log, though it is killed in the middle', async () => {
  await tell('alert-rules', [inForce(2), inForce(1, { rules: [] })]);
  const foreign = taken({ ...(log[0] as Reading), value: 200 });
  const forged = { ...foreign, value: foreign.value.replace('"value":200', '"value":201') };
  const broken = [{ key: patients[0] ?? '', value: '{"no' }, forged];
  const half = log.length / 2;
  await tell('readings', [...broken, ...log.slice(0, half).map(taken)]);
  // So few at a time that it goes through many batches, and readings of one time come in different ones.
  const first = job('killed', ['--batch', '300', '--every', '1']);
  await expect.poll(async () => (await detected()).told).toBeGreaterThan(0);
  await first.kill();
  expect(first.output).toContain('are no events of ours');
  await tell('readings', log.slice(half).map(taken));

  await job('killed', ['--batch', '300', '--to-the-end']).end();

  const { events } = await detected();
  expect(found(events)).toEqual(expected());
  expect(found(events).filter(({ isLate }) => !isLate).length).toBeGreaterThan(60);
  expect(new Set(events.map(({ data }) => data.ruleId))).toEqual(new Set(onSpark.map(({ id }) => id)));
  expect(events.every((event) => keys.isGenuine('alerts-detected', event as never))).toBe(true);
});

it('tells under the same ids what it finds again, when it has lost how far it was', async () => {
  const before = await detected();
  await job('lost', ['--to-the-end']).end();
  const after = await detected();
  expect(after.told).toBe(before.told + after.events.length);
  expect(after.events.map(({ id }) => id).sort()).toEqual(before.events.map(({ id }) => id).sort());
});

it('goes by rules that come into force while it runs, and finds nothing while the other engine is in force', async () => {
  const before = await detected();
  await tell('alert-rules', [inForce(3, { isInForce: false })]);
  const running = job('changing', ['--every', '1', '--sign-every', '1']);
  await expect.poll(() => running.output).toContain('"rules": 3, "count": 0');
  const [patientId = ''] = patients;
  const rule: Rule = { id: newId(), version: 1, watch: { ...onSpark[0]?.watch } as Watch };
  await tell('alert-rules', [
    inForce(4, { rules: [{ ...rule, enabledAt: new Date(start + 2 * 24 * 60 * minute).toISOString() }] }),
  ]);
  await expect.poll(() => running.output).toContain('"rules": 4, "count": 1');
  const later = readingsOf(patientId, 0).map((reading) => {
    const move = (text: string) => new Date(Date.parse(text) + 3 * 24 * 60 * minute).toISOString();
    return {
      ...reading,
      readingId: newId(),
      effectiveAt: move(reading.effectiveAt),
      receivedAt: move(reading.receivedAt),
    };
  });
  await tell('readings', later.map(taken));
  const sorted = replay(rule, patientId, later, start, start + 9 * 24 * 60 * minute, 'Europe/Paris').episodes;
  const news = async () =>
    (await detected()).events.filter(({ data }) => data.ruleId === rule.id).flatMap(({ data }) => data.candidates);
  await expect.poll(async () => episodesOf(patientId, await news())).toEqual(sorted);
  // Whoever hears nothing of it for some minutes knows that it stands still.
  const signs = async () => {
    const all = (await readTopic(login, 'alerts-detected')) as Detected[];
    return all.filter(
      ({ type, data }) => type === 'alert-stream.goes-on' && (data as object as { rules: number }).rules === 4,
    );
  };
  await expect.poll(signs).not.toEqual([]);
  expect((await signs()).every((event) => keys.isGenuine('alerts-detected', event as never))).toBe(true);
  await running.kill();
  expect((await detected()).events.filter(({ data }) => data.ruleId !== rule.id)).toHaveLength(before.events.length);
});

it('says what its environment lacks, and does not start', async () => {
  const bare = new SparkJob({ login, eventKeys: `wearable=${secrets.wearable}`, checkpoint: join(folder, 'bare') });
  await expect(bare.end()).rejects.toThrow(/the key of alert in EVENT_KEYS, the key of stream in EVENT_KEYS/);
});
