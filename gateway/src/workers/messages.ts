import type { RatePolicy } from '../limits/rate-limits.js';

/** So many requests were counted under a key of a policy. */
export type Counted = [policy: RatePolicy, key: string, requests: number];

/** What a worker tells the process that started it. */
export type FromWorker =
  | { kind: 'ready'; isReady: boolean }
  | { kind: 'counted'; counts: Counted[] }
  | { kind: 'metrics-wanted'; request: number };

/** What a worker hears. */
export type ToWorker = { kind: 'counted'; counts: Counted[] } | { kind: 'metrics'; request: number; text?: string };
