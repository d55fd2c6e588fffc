import type { DataCenter, Instance, Port } from '../domain/instance.js';
import type { LeaseFacts } from '../domain/lease.js';

/** A port in Eureka's JSON, as its XML mapper once wrote it: `{"$": 8080, "@enabled": "true"}`. */
export interface WirePort {
  $: number;
  '@enabled': 'true' | 'false';
}

interface WireDataCenter {
  '@class': string;
  name: string;
  metadata?: Record<string, string>;
}

/** How much of an instance clients want to know: all, or what is needed to reach it. */
export type Detail = 'full' | 'compact';

// An instance in Eureka's JSON, in the parts before, of and after the lease. Some numbers and all flags are strings, because
// they always were.

/** What stands before the lease. */
export const toWireHead = (instance: Instance) => ({
  instanceId: instance.instanceId,
  hostName: instance.hostName,
  app: instance.app,
  ipAddr: instance.ipAddr,
  sid: instance.sid,
  status: instance.status,
  overriddenStatus: instance.overriddenStatus,
  port: toWirePort(instance.port),
  securePort: toWirePort(instance.securePort),
  countryId: instance.countryId,
  dataCenterInfo: toWireDataCenter(instance.dataCenter),
});

/** What stands after the lease. */
export const toWireTail = (instance: Instance) => ({
  metadata: toWireMap(instance.metadata),
  ...declaredFields(instance),
});

/** In the order of Netflix's server; here a timestamp is a number. */
export const toWireCompact = (instance: Instance) => ({
  instanceId: instance.instanceId,
  app: instance.app,
  ipAddr: instance.ipAddr,
  vipAddress: instance.vipAddress,
  secureVipAddress: instance.secureVipAddress,
  dataCenterInfo: toWireDataCenter(instance.dataCenter),
  hostName: instance.hostName,
  status: instance.status,
  lastUpdatedTimestamp: instance.lastUpdatedAt,
  actionType: instance.actionType,
  asgName: instance.asgName,
  port: toWirePort(instance.port),
  securePort: toWirePort(instance.securePort),
});

// The fields that Netflix's server writes after the others, as strings.
const declaredFields = (instance: Instance) => ({
  appGroupName: instance.appGroupName,
  homePageUrl: instance.homePageUrl,
  statusPageUrl: instance.statusPageUrl,
  healthCheckUrl: instance.healthCheckUrl,
  secureHealthCheckUrl: instance.secureHealthCheckUrl,
  vipAddress: instance.vipAddress,
  secureVipAddress: instance.secureVipAddress,
  isCoordinatingDiscoveryServer: String(instance.isCoordinatingDiscoveryServer),
  lastUpdatedTimestamp: String(instance.lastUpdatedAt),
  lastDirtyTimestamp: String(instance.lastDirtyAt),
  actionType: instance.actionType,
  asgName: instance.asgName,
});

const toWirePort = ({ number, isEnabled }: Port): WirePort => ({ $: number, '@enabled': isEnabled ? 'true' : 'false' });

const toWireDataCenter = ({ name, metadata }: DataCenter): WireDataCenter =>
  name === 'Amazon'
    ? { '@class': 'com.netflix.appinfo.AmazonInfo', name, metadata: toWireMap(metadata) }
    : { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name };

export const toWireLease = (lease: LeaseFacts) => ({
  renewalIntervalInSecs: lease.renewalIntervalSeconds,
  durationInSecs: lease.durationSeconds,
  registrationTimestamp: lease.registeredAt,
  lastRenewalTimestamp: lease.lastRenewedAt,
  evictionTimestamp: lease.endedAt,
  serviceUpTimestamp: lease.upSince,
});

// Older Java clients read the class of an empty map.
const emptyMap = { '@class': 'java.util.Collections$EmptyMap' };

const toWireMap = (map: ReadonlyMap<string, string>): Record<string, string> =>
  map.size === 0 ? emptyMap : Object.fromEntries(map);
