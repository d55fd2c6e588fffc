import { staleVersion } from '@cabinet/kit/http/etag';
import type { Orm } from '@cabinet/postgres/orm';
import { OptimisticLockError } from '@mikro-orm/core';
import type { Resources } from '../../domain/schedule/ports.js';
import type { Resource } from '../../domain/schedule/resource.js';
import { type ResourceRow, ResourceSchema } from './resource.schema.js';

export class PostgresResources implements Resources {
  constructor(private readonly orm: Orm) {}

  async list(placeId?: string): Promise<Resource[]> {
    const rows = await this.orm.em.fork().find(ResourceSchema, placeId === undefined ? {} : { placeId }, {
      orderBy: { name: 'asc', id: 'asc' },
    });
    return rows.map(toResource);
  }

  async find(id: string): Promise<Resource | undefined> {
    const row = await this.orm.em.fork().findOne(ResourceSchema, { id });
    return row ? toResource(row) : undefined;
  }

  async named(ids: string[]): Promise<Resource[]> {
    if (ids.length === 0) return [];
    const rows = await this.orm.em.fork().find(ResourceSchema, { id: { $in: ids } }, { orderBy: { number: 'asc' } });
    return rows.map(toResource);
  }

  async add(resource: Omit<Resource, 'number'>): Promise<Resource> {
    const { id, version, kind, name, placeId, active } = resource;
    const [row] = await this.orm.em
      .fork()
      .execute<[{ number: number }]>(
        'insert into resource (id, version, kind, name, place_id, active) values (?, ?, ?, ?, ?, ?) returning number',
        [id, version, kind, name, placeId ?? null, active],
      );
    return { ...resource, number: row.number };
  }

  async save({ id, version, number: _, placeId, ...changes }: Resource): Promise<Resource> {
    const em = this.orm.em.fork();
    const row = await em.findOne(ResourceSchema, { id, version });
    if (!row) throw staleVersion();
    em.assign(row, { ...changes, placeId: placeId ?? null });
    try {
      await em.flush();
    } catch (error) {
      if (error instanceof OptimisticLockError) throw staleVersion();
      throw error;
    }
    return toResource(row);
  }
}

const toResource = ({ id, version, number, kind, name, placeId, active }: ResourceRow): Resource => ({
  id,
  version,
  number,
  kind,
  name,
  placeId: placeId ?? undefined,
  active,
});
