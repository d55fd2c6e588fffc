import { newId } from '@cabinet/kit/ids';
import { createLogger } from '@cabinet/kit/observe/log';
import { deadLettersOf, MongoDeadLetterStore } from '@cabinet/mongo/dead-letters';
import { openMongo, prepareMongo } from '@cabinet/mongo/orm';
import { makeStoreIndexes } from '@cabinet/mongo/store';
import { defineEntity, p } from '@mikro-orm/core';
import { expect, it, onTestFinished } from 'vitest';
import { createMongoDatabase } from '../../../tests/support/database.ts';

const Thing = defineEntity({ name: 'Thing', properties: { _id: p.string().primary() } });

it('letters that an earlier release kept are listed once, page by page, among those of this one', async () => {
  const orm = openMongo({ url: createMongoDatabase('letters'), entities: [Thing] });
  const database = prepareMongo(orm, createLogger('test', 'silent'), () => makeStoreIndexes(orm));
  await database.prepared;
  onTestFinished(() => database.stop());
  const store = new MongoDeadLetterStore(orm);
  const at = new Date(Date.UTC(2026, 2, 1));
  const failure = { cause: 'defect', code: 'EVENT.HANDLER_FAILED' } as const;
  const ids = Array.from({ length: 4 }, () => newId()).sort();
  for (const [nth, eventId] of ids.entries()) {
    const letter = { topic: 'thing', eventId, type: 'thing.grown', partitionKey: eventId, failure, tries: 4 };
    const kept = { ...letter, firstAt: at, lastAt: at };
    if (nth % 2 === 1) await store.keep(kept);
    else await deadLettersOf(orm).insertOne({ ...kept, _id: JSON.stringify(['thing', eventId]) });
  }
  const listed: string[] = [];
  for (let [letter] = await store.list({}, 1); letter; [letter] = await store.list({}, 1, letter)) {
    listed.push(letter.eventId);
    if (listed.length > ids.length) break;
  }
  expect(listed).toEqual(ids);
});
