import type { InstanceFacts } from '../src/domain/instance.js';
import type { LeaseTerms } from '../src/domain/lease.js';

/** An instance of `PATIENT` that is up; say only what matters to the test. */
export const buildInstance = (facts: Partial<InstanceFacts> = {}): InstanceFacts => ({
  instanceId: 'host:patient:9091',
  app: 'PATIENT',
  hostName: 'host',
  ipAddr: '127.0.0.1',
  status: 'UP',
  overriddenStatus: 'UNKNOWN',
  port: { number: 9091, isEnabled: true },
  securePort: { number: 443, isEnabled: false },
  countryId: 1,
  dataCenter: { name: 'MyOwn', metadata: new Map() },
  metadata: new Map(),
  isCoordinatingDiscoveryServer: false,
  lastDirtyAt: 1_000,
  ...facts,
});

export const buildTerms = (terms: Partial<LeaseTerms> = {}): LeaseTerms => ({
  renewalIntervalSeconds: 5,
  durationSeconds: 15,
  ...terms,
});
