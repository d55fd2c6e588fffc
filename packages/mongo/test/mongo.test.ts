import { newId } from '@cabinet/kit/ids';
import { createLogger } from '@cabinet/kit/observe/log';
import { Journal } from '@cabinet/mongo/journal';
import { JournalRelay } from '@cabinet/mongo/journal-relay';
import { documentsOf, type MongoOrm, openMongo, prepareMongo } from '@cabinet/mongo/orm';
import type { CloudEvent } from '@cabinet/service/sidecar/cloud-event';
import { toToldEvent } from '@cabinet/service/sidecar/facts';
import type { KeyedEvent } from '@cabinet/service/sidecar/publish';
import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMongoDatabase } from '../../../tests/support/database.ts';

const Thing = defineEntity({
  name: 'Thing',
  collection: 'thing',
  properties: { _id: p.string().primary(), version: p.integer(), text: p.string() },
});
interface ThingDocument {
  _id: string;
  version: number;
  text: string;
}

const log = createLogger('test', 'silent');
const url = () => createMongoDatabase('kit');
let orm: MongoOrm;
let stop: () => Promise<void>;

beforeAll(async () => {
  orm = openMongo({ url: url(), entities: [Thing] });
  const database = prepareMongo(orm, log);
  await database.prepared;
  stop = database.stop;
});
afterAll(() => stop?.());

const things = () => documentsOf<ThingDocument>(orm, 'thing');
const notes = (subject: string) =>
  documentsOf<{ _id: string; subject: string }>(orm, 'journal').find({ subject }).toArray();

/** One replica of a service: its journal, its relay, and the broker as it sees it. */
function replica(told: CloudEvent[], broker: { isAway?: boolean; isSilent?: boolean } = {}) {
  const publisher = {
    publish: async (_topic: string, events: KeyedEvent[]) => {
      if (broker.isAway) throw new Error('the broker is away');
      if (broker.isSilent) await new Promise(() => {});
      told.push(...events.map(({ event }) => event));
      return [];
    },
    stop: async () => {},
  };
  const relay = new JournalRelay({ orm, documents: 'thing', publisher, log, drainMsMax: 20 });
  const journal = new Journal(orm, relay);
  return {
    relay,
    journal,
    /** Adds a word to the thing, however often others come first. */
    async append(id: string, word: string) {
      for (let tries = 0; tries < 300; tries += 1) {
        const { version, text } = (await things().findOne({ _id: id })) as ThingDocument;
        const event = toToldEvent('thing', {
          topic: 'thing',
          type: 'thing.grown',
          partitionKey: id,
          data: { id, version: version + 1 },
        });
        const isMade = await journal.change(id, version + 1, [event], async () => {
          const change = { $set: { text: `${text} ${word}`, version: version + 1 } };
          return (await things().updateOne({ _id: id, version }, change)).matchedCount === 1;
        });
        if (isMade) return;
      }
      throw new Error('never got a turn');
    },
  };
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 25_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`did not come true: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function newThing(): Promise<string> {
  const _id = newId();
  await things().insertOne({ _id, version: 1, text: '' });
  return _id;
}

describe('the journal', () => {
  it('loses none of the changes that replicas make at once, and tells each once, in order', async () => {
    const id = await newThing();
    const told: CloudEvent[] = [];
    const replicas = [replica(told), replica(told), replica(told)];
    const words = Array.from({ length: 24 }, (_, i) => `w${i}`);
    await Promise.all(words.map((word, i) => replicas[i % 3]?.append(id, word)));

    const thing = await things().findOne({ _id: id });
    expect(thing?.text.trim().split(' ').sort()).toEqual([...words].sort());
    expect(thing?.version).toBe(25);
    await until(async () => (await notes(id)).length === 0);
    expect(told.map(({ data }) => (data as { version: number }).version)).toEqual(words.map((_, i) => i + 2));
    await Promise.all(replicas.map(({ relay }) => relay.stop()));
  });

  it('keeps what it could not tell for the next run', async () => {
    const id = await newThing();
    const told: CloudEvent[] = [];
    const first = replica(told, { isAway: true });
    await first.append(id, 'one');
    await first.append(id, 'two');
    await first.relay.stop();
    expect([told.length, (await notes(id)).length]).toEqual([0, 2]);

    const second = replica(told);
    second.relay.start();
    await until(async () => (await notes(id)).length === 0);
    expect(told.map(({ data }) => (data as { version: number }).version)).toEqual([2, 3]);
    await second.relay.stop();
  });

  it('does not tell of a change that came too late, of a process that died before it noticed', async () => {
    const id = await newThing();
    const told: CloudEvent[] = [];
    const first = replica(told);
    await first.append(id, 'one');
    await until(async () => (await notes(id)).length === 0);
    await first.relay.stop();
    const event = toToldEvent('thing', {
      topic: 'thing',
      type: 'thing.grown',
      partitionKey: id,
      data: { id, version: 2 },
    });
    const late = { _id: `${id}:2`, subject: id, version: 2, events: [event], token: 'late', at: new Date(0) };
    await documentsOf<typeof late>(orm, 'journal').insertOne(late);

    const second = replica(told);
    second.relay.start();
    await until(async () => (await notes(id)).length === 0);
    await second.append(id, 'two');
    await until(async () => (await notes(id)).length === 0);
    expect(told.map(({ data }) => (data as { version: number }).version)).toEqual([2, 3]);
    await second.relay.stop();
  });

  it('stops though the broker does not answer, and keeps what it was telling', async () => {
    const id = await newThing();
    const { relay, append } = replica([], { isSilent: true });
    await append(id, 'one');
    await relay.stop();
    expect(await notes(id)).toHaveLength(1);
  });

  it('does not tell of a change that was refused, and leaves no trace of it', async () => {
    const id = await newThing();
    const told: CloudEvent[] = [];
    const { journal, relay } = replica(told);
    const event = toToldEvent('thing', { topic: 'thing', type: 'thing.grown', partitionKey: id, data: {} });
    expect(await journal.change(id, 7, [event], async () => false)).toBe(false);
    expect(await notes(id)).toEqual([]);
    await relay.stop();
    expect(told).toEqual([]);
  });
});

describe('a database that is away', () => {
  it('is not ready, does not stop the process from starting, and lets it stop', async () => {
    const away = openMongo({ url: 'mongodb://127.0.0.1:1/away', entities: [Thing] });
    const database = prepareMongo(away, log);
    await expect(database.isReady()).resolves.toBe(false);
    await database.stop();
  });
});
