import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { BSON, type Db, type Document, MongoClient } from 'mongodb';
import { Problem } from '../../dev/src/problem.ts';

const batchSize = 500;

/** What the names of collections end in while a copy is loaded, and of those that it replaces. */
const beside = '__restored';
const former = '__replaced';
const ownOf = (name: string): string => name.slice(0, -former.length);
const isOwn = (name: string): boolean => !name.endsWith(beside) && !name.endsWith(former);

/** A line of the copy, in MongoDB's extended JSON: a collection, or a document of the collection named before it. */
type Line = { collection: string; indexes: Document[] } | { document: Document };

/**
 * Copies a database document by document: not every server that speaks MongoDB's protocol can hold still for it. So the
 * journal comes first, that none of its notes tells of a change that the copy lacks; then the events that wait, that each which is
 * handled meanwhile has its effect in the copy or waits there; and the audit trail last, that the copy holds no change of which the
 * trail does not tell.
 * @throws Problem while a restore that was killed has some collections under other names
 */
export async function dumpMongodb(url: string, file: string, signal: AbortSignal): Promise<void> {
  await withDatabase(url, async (db) => {
    if (isCut(await collectionsOf(db)))
      throw new Problem(
        `a restore of ${db.databaseName} was killed before it had all in its place: restore again (npm run restore), which begins with what was there before it.`,
      );
    await settle(db);
    await pipeline(Readable.from(linesOf(db)), createGzip(), createWriteStream(file, { mode: 0o600 }), { signal });
  });
}

/** How much a database holds, without its indexes. */
export const mongodbBytes = (url: string): Promise<number> =>
  withDatabase(url, async (db) => Number((await db.stats()).dataSize));

/**
 * Loads the copy beside what the database holds, in collections of other names: not every server renames databases. What a
 * restore that was killed had put in its place is taken back before.
 */
export async function loadMongodb(url: string, file: string, signal: AbortSignal): Promise<void> {
  await withDatabase(url, settle);
  await dropBesideMongodb(url);
  await withDatabase(url, async (db) => {
    let collection = '';
    let batch: Document[] = [];
    const store = async () => {
      signal.throwIfAborted();
      if (batch.length > 0) await db.collection(collection).insertMany(batch);
      batch = [];
    };
    const unpacked = createGunzip();
    const reading = pipeline(createReadStream(file), unpacked, { signal });
    // Told below, when the lines end.
    reading.catch(() => undefined);
    for await (const text of createInterface({ input: unpacked })) {
      const line = BSON.EJSON.parse(text, { relaxed: false }) as Line;
      if ('document' in line) batch.push(line.document);
      else {
        await store();
        collection = `${line.collection}${beside}`;
        await createCollection(db, { ...line, collection });
      }
      if (batch.length === batchSize) await store();
    }
    await reading;
    await store();
    // Something of it stands beside what it replaces until the last renaming: by that one that was cut is known.
    if (collection === '') {
      for (const name of (await collectionsOf(db)).filter(isOwn)) await db.createCollection(`${name}${beside}`);
    }
  });
}

/** Puts what was loaded in the place of what the database holds; when that fails, all has its name of before again. */
export async function putInPlaceMongodb(url: string): Promise<void> {
  await withDatabase(url, async (db) => {
    const names = await collectionsOf(db);
    const own = names.filter(isOwn);
    const loaded = names.filter((name) => name.endsWith(beside));
    const renames = [
      ...own.map((name) => [name, `${name}${former}`] as const),
      ...loaded.map((name) => [name, name.slice(0, -beside.length)] as const),
    ];
    const done: typeof renames = [];
    try {
      for (const [from, to] of renames) {
        await db.renameCollection(from, to);
        done.unshift([to, from]);
      }
    } catch (error) {
      for (const [from, to] of done) await db.renameCollection(from, to);
      throw error;
    }
    for (const name of own) await db.dropCollection(`${name}${former}`);
  });
}

/** True when a restore was killed between its first renaming and its last: after that nothing of the copy stands beside. */
const isCut = (names: string[]): boolean => [former, beside].every((end) => names.some((name) => name.endsWith(end)));

/** Gives all its name of before again when a restore was cut, and removes what was replaced when it had come to its end. */
async function settle(db: Db): Promise<void> {
  const names = await collectionsOf(db);
  const cut = isCut(names);
  for (const name of names.filter((each) => each.endsWith(former))) {
    if (!cut) await db.dropCollection(name);
    else {
      if (names.includes(ownOf(name))) await db.dropCollection(ownOf(name));
      await db.renameCollection(name, ownOf(name));
    }
  }
}

/** Removes what was loaded and not put in its place, but where it shows that a restore was cut, which only the next one takes back. */
export async function dropBesideMongodb(url: string): Promise<void> {
  await withDatabase(url, async (db) => {
    const names = await collectionsOf(db);
    if (isCut(names)) return;
    for (const name of names) if (name.endsWith(beside)) await db.dropCollection(name);
  });
}

const collectionsOf = async (db: Db): Promise<string[]> =>
  (await db.listCollections().toArray()).map(({ name }) => name);

const first = ['journal', 'waiting_event', 'dead_letter'];
const last = ['audit_note', 'audit_event'];
/** Where a collection stands in a copy, the least first. */
export const placeOf = (name: string): number =>
  first.includes(name) ? first.indexOf(name) - first.length : last.indexOf(name) + 1;

async function* linesOf(db: Db): AsyncGenerator<string> {
  const found = (await collectionsOf(db)).filter(isOwn);
  const names = found.sort((one, next) => placeOf(one) - placeOf(next));
  const toText = (line: Line) => `${BSON.EJSON.stringify(line, { relaxed: false })}\n`;
  for (const name of names) {
    const collection = db.collection(name);
    yield toText({ collection: name, indexes: await collection.indexes() });
    for await (const document of collection.find()) yield toText({ document });
  }
}

async function createCollection(db: Db, { collection, indexes }: { collection: string; indexes: Document[] }) {
  await db.createCollection(collection);
  const own = indexes.filter(({ name }) => name !== '_id_');
  if (own.length > 0) await db.collection(collection).createIndexes(own.map(({ v, ns, ...index }) => index as never));
}

async function withDatabase<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const client = await MongoClient.connect(url, { serverSelectionTimeoutMS: 5_000 });
  try {
    return await work(client.db());
  } finally {
    await client.close();
  }
}
