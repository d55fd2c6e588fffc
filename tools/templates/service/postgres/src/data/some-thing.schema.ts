import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { SomeThing } from '../domain/some-thing.js';

export const SomeThingSchema = defineEntity({
  name: 'SomeThing',
  tableName: 'some_thing',
  properties: {
    id: p.uuid().primary(),
    version: p.integer(),
    patientId: p.uuid(),
    text: p.text(),
    createdAt: p.datetime().columnType('timestamptz'),
    updatedAt: p.datetime().columnType('timestamptz'),
  },
});

type SomeThingRow = InferEntity<typeof SomeThingSchema>;

export const toSomeThing = (row: SomeThingRow): SomeThing => ({
  id: row.id,
  version: row.version,
  patientId: row.patientId,
  text: row.text,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});
