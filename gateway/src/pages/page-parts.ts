import type { Logger, Metrics, TokenVerifier } from '@cabinet/kit';
import type { RegistryState } from '../instances/registry-reader.js';
import type { Upstreams } from '../instances/upstreams.js';
import type { Addresses } from '../limits/caller-address.js';
import type { Resilience } from '../resilience.js';

/** What the pages show. */
export interface PageParts {
  upstreams: Upstreams;
  resilience: Resilience;
  registry: () => RegistryState;
  verifier: TokenVerifier;
  metrics: Metrics;
  log: Logger;
  isReady: () => boolean;
  metricsReaders: Addresses;
  trustedProxies: Addresses;
}
