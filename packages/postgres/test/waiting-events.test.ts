import { newId } from '@cabinet/kit/ids';
import { migrate, openDatabase } from '@cabinet/postgres/orm';
import { serviceTables } from '@cabinet/postgres/tables';
import { PostgresWaitingEvents, waitingEventIndexes, waitingEventTables } from '@cabinet/postgres/waiting-events';
import { defineEntity, p } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import { expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../../tests/support/database.ts';

const Thing = defineEntity({ name: 'Thing', properties: { id: p.string().primary() } });

class Tables extends Migration {
  override up(): void {
    for (const sql of [serviceTables, waitingEventTables, waitingEventIndexes]) this.addSql(sql);
  }
}

it('finds what is due among many events that wait without reading them all', async () => {
  const migrations = [{ name: '001', class: Tables }];
  const database = { url: await createDatabase('kit'), entities: [Thing], migrations };
  const first = openDatabase(database);
  await migrate(first);
  await first.close(true);
  // One connection, of which the figures below are.
  const orm = openDatabase({ ...database, poolSize: 1 });
  onTestFinished(() => orm.close(true));
  const waiting = new PostgresWaitingEvents(orm);
  const now = new Date();
  const failure = { cause: 'away', code: 'NEIGHBOUR.UNAVAILABLE' } as const;
  const rest = { topic: 'thing', failure, tries: 1, faults: 0, firstAt: now, lastAt: now };
  const many = Array.from({ length: 5_000 }, (_, nth) => {
    const event = { id: newId(), type: 'thing.grown', source: 'thing', data: { nth } };
    return { ...rest, event, partitionKey: event.id, nextAt: new Date(now.getTime() + (nth - 10) * 60_000) };
  });
  await waiting.add(many);
  const ask = async <T extends object>(sql: string) => (await orm.em.fork().execute<T[]>(sql))[0] as T;
  await ask('analyze waiting_event');
  const rowsRead = async () => {
    await ask('select pg_stat_force_next_flush()');
    const { read } = await ask<{ read: string }>(
      "select seq_tup_read + idx_tup_fetch as read from pg_stat_user_tables where relname = 'waiting_event'",
    );
    return Number(read);
  };
  const before = await rowsRead();
  expect(await waiting.due(now, 32)).toHaveLength(11);
  await waiting.hurry('BROKER.UNAVAILABLE', now);
  expect((await rowsRead()) - before).toBeLessThan(100);
});
