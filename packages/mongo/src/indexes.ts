import { documentsOf, type MongoOrm } from './orm.js';

/** Makes the indexes of a collection. Those that are there are not asked for again: not every server bears that. */
export async function makeIndexes(orm: MongoOrm, collection: string, keys: readonly object[]): Promise<void> {
  const documents = documentsOf<{ _id: string }>(orm, collection);
  const there = await documents.indexes().catch((error) => {
    if ((error as { code?: unknown }).code === namespaceNotFound) return [];
    throw error;
  });
  const names = there.map(({ name }) => name);
  const missing = keys
    .map((key) => ({ key: key as never, name: nameOf(key) }))
    .filter(({ name }) => !names.includes(name));
  if (missing.length > 0) await documents.createIndexes(missing);
}

const namespaceNotFound = 26;

/** As a server names it by itself. */
const nameOf = (key: object): string => Object.entries(key).flat().join('_');
