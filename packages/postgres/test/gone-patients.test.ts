import { randomUUID } from 'node:crypto';
import {
  currentPatientId,
  currentPatientIds,
  goneTable,
  noteErased,
  noteMerged,
} from '@cabinet/postgres/gone-patients';
import { type Orm, openDatabase } from '@cabinet/postgres/orm';
import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../tests/support/database.ts';

const Gone = defineEntity({
  name: 'Gone',
  tableName: 'patient_gone',
  properties: { patientId: p.uuid().primary() },
});

let orm: Orm;
beforeAll(async () => {
  orm = openDatabase({ url: await createDatabase('kit'), entities: [Gone], migrations: [] });
  await orm.em.fork().execute(goneTable);
});
afterAll(() => orm?.close(true));

const ids = (count: number) => Array.from({ length: count }, () => randomUUID()) as [string, ...string[]];

describe('the patients that many ids lead to', () => {
  it('are those that each alone leads to: oneself, the last one merged into, and nobody once erased', async () => {
    const em = orm.em.fork();
    const [alone, first, second, last, erased, merged] = ids(6) as [string, string, string, string, string, string];
    await noteMerged(em, first, second);
    await noteMerged(em, second, last);
    await noteErased(em, erased);
    await noteMerged(em, merged, erased);
    const asked = [alone, first, second, last, erased, merged];
    const expected = [alone, last, last, last, undefined, undefined];
    expect(await Promise.all(asked.map((id) => currentPatientId(em, id)))).toEqual(expected);
    const found = await currentPatientIds(em, asked);
    expect(asked.map((id) => found.get(id))).toEqual(expected);
    expect(found.size).toBe(4);
  });

  it('are found by each asked twice, or in capitals', async () => {
    const em = orm.em.fork();
    const [from, into] = ids(2) as [string, string];
    await noteMerged(em, from, into);
    const asked = [from, from.toUpperCase(), into];
    const found = await currentPatientIds(em, asked);
    expect(asked.map((id) => found.get(id))).toEqual([into, into, into]);
    expect(await currentPatientIds(em, [])).toEqual(new Map());
  });

  it('are not guessed where they point in a circle', async () => {
    const em = orm.em.fork();
    const [one, other] = ids(2) as [string, string];
    await em.execute('insert into patient_gone values (?, ?), (?, ?)', [one, other, other, one]);
    await expect(currentPatientIds(em, [one])).rejects.toThrow('circle');
  });
});
