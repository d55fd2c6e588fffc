import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Resource } from '../../domain/schedule/resource.js';

export const ResourceSchema = defineEntity({
  name: 'Resource',
  tableName: 'resource',
  properties: {
    id: p.uuid().primary(),
    version: p.integer().version(),
    number: p.integer(),
    kind: p.text().$type<Resource['kind']>(),
    name: p.text(),
    placeId: p.uuid().nullable(),
    active: p.boolean(),
  },
});
export type ResourceRow = InferEntity<typeof ResourceSchema>;
