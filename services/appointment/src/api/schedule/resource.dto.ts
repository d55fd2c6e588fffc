import type { Resource } from '../../domain/schedule/resource.js';
import type { Uuid } from '../common.dto.js';

export interface ResourceRequest {
  kind: 'room' | 'device';
  /**
   * @minLength 1
   * @maxLength 100
   * @example "Salle 2"
   */
  name: string;
  /** Where it stands; when it is left out it goes where it is needed. */
  placeId?: Uuid;
}

export interface ResourceReplacement extends ResourceRequest {
  /** False takes it out of use; appointments that have it keep it. */
  active: boolean;
}

export interface ResourceResponse extends ResourceReplacement {
  id: Uuid;
  /** Also the ETag. */
  version: number;
}

export interface ResourceList {
  items: ResourceResponse[];
}

export const toResourceResponse = ({ number: _, ...resource }: Resource): ResourceResponse => resource;
