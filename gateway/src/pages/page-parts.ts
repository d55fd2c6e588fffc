import type { TokenVerifier } from '@cabinet/kit/access/tokens';
import type { Logger } from '@cabinet/kit/observe/log';
import type { Metrics } from '@cabinet/kit/observe/metrics';
import type { RegistryState } from '../instances/registry-reader.js';
import type { Upstreams } from '../instances/upstreams.js';
import type { Addresses } from '../limits/caller-address.js';
import type { RateLimits } from '../limits/rate-limits.js';
import type { Forwarder } from '../proxy/forward.js';
import type { Resilience } from '../resilience.js';
import type { RouteTable } from '../routes.js';

/** What the pages show. */
export interface PageParts {
  routes: RouteTable;
  forwarder: Forwarder;
  upstreams: Upstreams;
  resilience: Resilience;
  registry: () => RegistryState;
  verifier: TokenVerifier;
  /** The metrics of this process, in Prometheus' text format. */
  metrics: Metrics;
  /** Set when this is one of several workers: the metrics of all together. @throws Error when one does not tell them */
  metricsOfAll?: () => Promise<string>;
  log: Logger;
  isReady: () => boolean;
  /** Holds the portal's files; empty: there is none. */
  portalFolder: string;
  metricsReaders: Addresses;
  rateLimits: RateLimits;
  /** How long what a page reports may be on its way, in milliseconds. */
  reportMsMax: number;
}
