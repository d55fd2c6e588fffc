import type { Instance } from '../domain/instance.js';
import type { Probe } from './probe.js';

export const driftKinds = ['up but not ready', 'ready but not up', 'sidecar not healthy'] as const;

export type DriftKind = (typeof driftKinds)[number];

/** Where the lease of an instance and what it says when asked do not agree. */
export function driftOf({ status, overriddenStatus }: Instance, { readiness, sidecar }: Probe): DriftKind | undefined {
  const isUp = status === 'UP';
  if (isUp && (readiness === 'unhealthy' || readiness === 'silent')) return 'up but not ready';
  if (isUp && (sidecar === 'unhealthy' || sidecar === 'silent')) return 'sidecar not healthy';
  // What an operator took out of service is meant to be so.
  if (!isUp && overriddenStatus === 'UNKNOWN' && readiness === 'healthy') return 'ready but not up';
  return undefined;
}
