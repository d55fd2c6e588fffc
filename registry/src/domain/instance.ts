export const instanceStatuses = ['UP', 'DOWN', 'STARTING', 'OUT_OF_SERVICE', 'UNKNOWN'] as const;

export type InstanceStatus = (typeof instanceStatuses)[number];

export const dataCenterNames = ['Netflix', 'Amazon', 'MyOwn'] as const;

export interface DataCenter {
  name: (typeof dataCenterNames)[number];
  /** Only Amazon has any. */
  metadata: ReadonlyMap<string, string>;
}

export interface Port {
  number: number;
  isEnabled: boolean;
}

/** What a process says of itself when it registers. Maps, because keys come from strangers. */
export interface InstanceFacts {
  instanceId: string;
  /** Upper case. */
  app: string;
  hostName: string;
  ipAddr: string;
  sid?: string;
  /** What the process says; an override may say otherwise. */
  status: InstanceStatus;
  /** UNKNOWN when nobody overrides. */
  overriddenStatus: InstanceStatus;
  port: Port;
  securePort: Port;
  countryId: number;
  dataCenter: DataCenter;
  metadata: ReadonlyMap<string, string>;
  appGroupName?: string;
  homePageUrl?: string;
  statusPageUrl?: string;
  healthCheckUrl?: string;
  secureHealthCheckUrl?: string;
  /** Comma separated. */
  vipAddress?: string;
  /** Comma separated. */
  secureVipAddress?: string;
  asgName?: string;
  isCoordinatingDiscoveryServer: boolean;
  /** When the process last changed what it says of itself, in milliseconds by its own clock. */
  lastDirtyAt: number;
}

export type ActionType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** An instance as the registry knows it. Never changed in place: every change makes a new one. */
export interface Instance extends Readonly<InstanceFacts> {
  /** When the registry last changed it, in milliseconds. */
  readonly lastUpdatedAt: number;
  readonly actionType: ActionType;
}

export interface InstanceKey {
  app: string;
  instanceId: string;
}

/** Only one letter-case of an application's name exists. */
export const toAppName = (name: string): string => name.toUpperCase();
