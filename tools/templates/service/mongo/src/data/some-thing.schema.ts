import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { SomeThing } from '../domain/some-thing.js';

export const someThingCollection = 'some_thing';

export const SomeThingSchema = defineEntity({
  name: 'SomeThing',
  collection: someThingCollection,
  indexes: [{ name: 'some_thing_of_patient', properties: ['patientId', '_id'] }],
  properties: {
    _id: p.string().primary(),
    version: p.integer(),
    patientId: p.string(),
    text: p.string(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

export type SomeThingDocument = InferEntity<typeof SomeThingSchema>;

export const toSomeThing = (row: SomeThingDocument): SomeThing => ({
  id: row._id,
  version: row.version,
  patientId: row.patientId,
  text: row.text,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});
