import type { InstanceStatus } from './instance.js';

const takesTraffic = (status: InstanceStatus | undefined): status is 'UP' | 'OUT_OF_SERVICE' =>
  status === 'UP' || status === 'OUT_OF_SERVICE';

export interface KnownStatus {
  override?: InstanceStatus;
  current?: InstanceStatus;
  /** A peer has resolved the status already: what is known here may be older. */
  isReplication?: boolean;
}

/**
 * The status that counts when an instance registers: a process that says it cannot work is always believed; one that says it
 * can is overruled by an operator's override, then by what is already known of it.
 */
export function resolveStatus(own: InstanceStatus, known: KnownStatus): InstanceStatus {
  if (!takesTraffic(own)) return own;
  if (known.override) return known.override;
  return takesTraffic(known.current) && !known.isReplication ? known.current : own;
}
