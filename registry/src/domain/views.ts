import type { Instance, InstanceStatus } from './instance.js';
import type { Registration } from './lease.js';

export interface Application {
  name: string;
  registrations: Registration[];
}

/** A list of applications as clients get it. */
export interface Applications {
  /** Counts the changes for a delta; 1 for the whole registry and -1 for a part of it, as Eureka has them. */
  version: number;
  /** Of the whole registry in a delta, else of this list: clients compare it with what they hold. */
  hash: string;
  applications: Application[];
}

export function groupByApplication(registrations: Iterable<Registration>): Application[] {
  const byName = new Map<string, Application>();
  for (const registration of registrations) {
    const name = registration.instance.app;
    const application = byName.get(name) ?? { name, registrations: [] };
    application.registrations.push(registration);
    byName.set(name, application);
  }
  return [...byName.values()];
}

/** Number of instances by status, statuses in alphabetical order: `DOWN_1_UP_12_`. Empty for no instances. */
export function hashOf(statuses: Iterable<InstanceStatus>): string {
  const counts = new Map<InstanceStatus, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([status, count]) => `${status}_${count}_`)
    .join('');
}

export const byVip = (registrations: Iterable<Registration>, vip: string): Applications =>
  listOf(registrations, ({ vipAddress }) => hasVip(vipAddress, vip));

export const bySecureVip = (registrations: Iterable<Registration>, vip: string): Applications =>
  listOf(registrations, ({ secureVipAddress }) => hasVip(secureVipAddress, vip));

const hasVip = (vipAddresses: string | undefined, wanted: string): boolean =>
  vipAddresses?.split(',').includes(wanted) ?? false;

function listOf(registrations: Iterable<Registration>, isWanted: (instance: Instance) => boolean): Applications {
  const wanted = [...registrations].filter(({ instance }) => isWanted(instance));
  return {
    version: -1,
    hash: hashOf(wanted.map(({ instance }) => instance.status)),
    applications: groupByApplication(wanted),
  };
}
