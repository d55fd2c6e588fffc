import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { createLogger } from '@cabinet/kit/observe/log';
import { openMongo, prepareMongo } from '@cabinet/mongo/orm';
import { defineEntity, p } from '@mikro-orm/core';
import { expect, it } from 'vitest';
import { createMongoDatabase } from '../../../tests/support/database.ts';

const Thing = defineEntity({ name: 'Thing', properties: { _id: p.string().primary(), name: p.string().unique() } });

it('prepares a database that comes up after the service', async () => {
  const url = new URL(createMongoDatabase('late'));
  const away = createServer();
  await new Promise<void>((resolve) => away.listen(0, '127.0.0.1', resolve));
  const { port } = away.address() as AddressInfo;
  await new Promise((resolve) => away.close(resolve));
  const late = new URL(url);
  late.port = String(port);
  const orm = openMongo({ url: late.href, entities: [Thing] });
  const database = prepareMongo(orm, createLogger('test', 'silent'));
  await expect(database.isReady()).resolves.toBe(false);
  await expect(orm.em.fork().find(Thing, {})).rejects.toThrow();

  const sockets = new Set<Socket>();
  const way = createServer((from) => {
    const to = connect(Number(url.port), url.hostname);
    for (const socket of [from, to]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    from.pipe(to).pipe(from);
  });
  await new Promise<void>((resolve) => way.listen(port, '127.0.0.1', resolve));
  await database.prepared;
  expect(await database.isReady()).toBe(true);
  await database.stop();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => way.close(resolve));
});
