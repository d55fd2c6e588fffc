import { type Orm, openDatabase } from '@cabinet/postgres/orm';
import { SharedTrips } from '@cabinet/postgres/shared-trips';
import { defineEntity, p } from '@mikro-orm/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../tests/support/database.ts';

const Stored = defineEntity({ name: 'Stored', tableName: 'stored', properties: { value: p.integer().primary() } });

const opened: Orm[] = [];
afterEach(async () => {
  for (const orm of opened.splice(0)) await orm.close(true);
});

/** Stores numbers, of which the database takes each once. */
function storing(url: string) {
  const orm = openDatabase({ url, entities: [Stored], migrations: [] });
  opened.push(orm);
  const sizes: number[] = [];
  const trips = new SharedTrips(async (values: readonly number[]) => {
    sizes.push(values.length);
    await orm.em
      .fork()
      .execute('insert into stored select value::integer from jsonb_array_elements_text(?::jsonb) as value', [
        JSON.stringify(values),
      ]);
    return values.map((value) => `stored ${value}`);
  });
  const stored = async () =>
    (await orm.em.fork().execute<{ value: number }[]>('select value from stored order by value')).map(
      ({ value }) => value,
    );
  return { orm, sizes, trips, stored };
}

async function begin() {
  const its = storing(await createDatabase('kit'));
  await its.orm.em.fork().execute('create table stored (value integer primary key)');
  return its;
}

describe('a trip to the database', () => {
  it('is shared by all who ask in one turn, each of whom gets their own answer', async () => {
    const { trips, sizes, stored } = await begin();
    const answers = await Promise.all([3, 1, 2].map((value) => trips.make(value)));
    expect(answers).toEqual(['stored 3', 'stored 1', 'stored 2']);
    expect(sizes).toEqual([3]);
    expect(await stored()).toEqual([1, 2, 3]);
  });

  it('that is refused for one is made alone by each, and only that one fails', async () => {
    const { trips, sizes, stored } = await begin();
    await trips.make(2);
    const answers = await Promise.allSettled([1, 2, 3].map((value) => trips.make(value)));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(sizes).toEqual([1, 3, 1, 1, 1]);
    expect(await stored()).toEqual([1, 2, 3]);
  });

  it('fails for all of it, once, while the database is away', async () => {
    const { trips, sizes } = storing('postgres://nobody@127.0.0.1:1/nothing');
    const answers = await Promise.allSettled([1, 2, 3].map((value) => trips.make(value)));
    expect(answers.map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    expect(sizes).toEqual([3]);
  });
});
