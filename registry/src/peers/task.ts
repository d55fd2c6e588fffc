import type { InstanceKey, InstanceStatus } from '../domain/instance.js';
import type { Registration } from '../domain/lease.js';

export type Action = 'Register' | 'Heartbeat' | 'Cancel' | 'StatusUpdate' | 'DeleteStatusOverride';

/** Something that a peer must hear. */
export interface Task {
  action: Action;
  key: InstanceKey;
  /** As it was when it happened; a Cancel has none. */
  registration?: Registration;
  /** The status told by StatusUpdate and DeleteStatusOverride. */
  status?: InstanceStatus;
  /** When the peer knows by itself, in milliseconds; absent for what it would never find out. */
  expiresAt?: number;
}

/** What a peer answered to one task. */
export interface TaskResult {
  statusCode: number;
  /** With 409: the instance as the peer has it, in Eureka's JSON, not yet checked. */
  responseEntity?: unknown;
}
