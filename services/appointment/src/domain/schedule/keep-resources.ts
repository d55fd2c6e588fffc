import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { effectOfRequest, storedBefore } from '@cabinet/kit/http/request-context';
import { ResourceNotFound } from './errors.js';
import type { Resources } from './ports.js';
import type { Resource } from './resource.js';

export type ResourceDetails = Pick<Resource, 'kind' | 'name' | 'placeId'>;

export class KeepResources {
  constructor(private readonly resources: Resources) {}

  list(placeId?: string): Promise<Resource[]> {
    return this.resources.list(placeId);
  }

  /** @throws 404 */
  async get(id: string): Promise<Resource> {
    const resource = await this.resources.find(id);
    if (!resource) throw new ResourceNotFound();
    return resource;
  }

  async add(details: ResourceDetails): Promise<Resource> {
    const stored = await storedBefore((id) => this.resources.find(id));
    return stored ?? this.resources.add({ id: effectOfRequest().id, version: 1, active: true, ...details });
  }

  /**
   * Appointments that have it already keep it.
   * @throws 404, 412 when it was changed since it was read
   */
  async replace(
    id: string,
    version: ExpectedVersion,
    details: ResourceDetails & Pick<Resource, 'active'>,
  ): Promise<Resource> {
    const current = await this.get(id);
    assertVersion(version, current.version);
    return this.resources.save({ ...current, placeId: undefined, ...details });
  }
}
