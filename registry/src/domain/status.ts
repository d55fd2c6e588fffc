import type { InstanceStatus } from './instance.js';

const takesTraffic = (status: InstanceStatus | undefined): status is 'UP' | 'OUT_OF_SERVICE' =>
  status === 'UP' || status === 'OUT_OF_SERVICE';

/**
 * The status that counts when an instance registers: a process that says it cannot work is always believed; one that says it
 * can is overruled by an operator's override, then by what is already known of it.
 */
export function resolveStatus(
  own: InstanceStatus,
  known: { override?: InstanceStatus; current?: InstanceStatus },
): InstanceStatus {
  if (!takesTraffic(own)) return own;
  if (known.override) return known.override;
  return takesTraffic(known.current) ? known.current : own;
}
