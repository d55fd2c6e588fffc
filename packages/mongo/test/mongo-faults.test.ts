import { storeFaultOf } from '@cabinet/kit/away';
import { openMongo } from '@cabinet/mongo/orm';
import { failureOf } from '@cabinet/service/sidecar/failures';
import { defineEntity, p } from '@mikro-orm/core';
import { MongoError, MongoServerError, MongoTopologyClosedError } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
import { createMongoDatabase } from '../../../tests/support/database.ts';

const Thing = defineEntity({ name: 'Thing', properties: { _id: p.string().primary() } });

function open() {
  const orm = openMongo({ url: createMongoDatabase('faults'), entities: [Thing] });
  onTestFinished(() => orm.close(true));
  return orm;
}

/** What the ORM makes of an error of the driver. */
const byTheOrm = (error: Error): Error => open().em.getDriver().convertException(error);

const refused = (code: number, errmsg: string, errorLabels: string[] = []) =>
  new MongoServerError({ ok: 0, code, errmsg, errorLabels });

it.each<[string, () => Error]>([
  ['not the primary any more', () => refused(10107, 'not primary')],
  ['not yet sure who is', () => refused(13436, 'node is recovering')],
  ['stepping down', () => refused(189, 'primary stepped down')],
  ['shutting down', () => refused(91, 'the server is in quiesce mode and will shut down')],
  ['interrupted as it shuts down', () => refused(11600, 'interrupted at shutdown')],
  ['one that asks to write again', () => refused(12345, 'of a later release', ['RetryableWriteError'])],
  ['one that the driver has given up', () => new MongoTopologyClosedError()],
])('a server that is %s is away, as the driver says it and as the ORM does', (_, fault) => {
  expect(storeFaultOf(fault())).toBe('away');
  expect(failureOf(byTheOrm(fault()))).toEqual({ cause: 'away', code: 'STORAGE.UNAVAILABLE' });
});

it('what gave way to another write may be tried again, and what is wrong is nobody else’s fault', async () => {
  expect(storeFaultOf(byTheOrm(refused(112, 'write conflict')))).toBe('locked');
  expect(storeFaultOf(byTheOrm(refused(2, 'bad value')))).toBeUndefined();
  expect(storeFaultOf(byTheOrm(new MongoError('nothing that is known')))).toBeUndefined();
});

it('a client that was closed is away', async () => {
  const orm = open();
  const things = orm.em.getCollection('thing');
  await things.findOne({});
  await orm.close(true);
  expect(await things.findOne({}).then(() => undefined, failureOf)).toMatchObject({ cause: 'away' });
});
