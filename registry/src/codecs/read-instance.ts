import {
  type DataCenter,
  dataCenterNames,
  type InstanceFacts,
  type InstanceStatus,
  instanceStatuses,
  type Port,
  toAppName,
} from '../domain/instance.js';
import type { LeaseTerms } from '../domain/lease.js';
import { Refusal } from '../http/refusal.js';

/** A registration that is refused; the message is the whole answer, word for word Eureka's where it has one. */
export class RefusedRegistration extends Refusal {
  override name = 'RefusedRegistration';

  constructor(reason: string, options?: ErrorOptions) {
    super(400, reason, options);
  }
}

const defaultTerms: LeaseTerms = { renewalIntervalSeconds: 30, durationSeconds: 90 };
const defaultPort: Port = { number: 7001, isEnabled: true };
const defaultSecurePort: Port = { number: 7002, isEnabled: false };
const int32Max = 2 ** 31 - 1;

/**
 * Reads what a client says of itself, in the shape of Eureka's JSON; lenient where clients differ, strict where an answer that
 * repeats the value would break the clients that read it.
 * @param app the application named in the address
 * @param now taken for a missing `lastDirtyTimestamp`, in milliseconds
 * @throws RefusedRegistration
 */
export function readInstance(sent: unknown, app: string, now: number): { facts: InstanceFacts; terms: LeaseTerms } {
  const fields = new Fields(sent);
  const facts: InstanceFacts = { ...readIdentity(fields, app), ...readDetails(fields, now) };
  return { facts, terms: readTerms(fields.part('leaseInfo')) };
}

// The order of these checks is Eureka's: a client with several faults is told the same one.
function readIdentity(fields: Fields, app: string) {
  const hostName = fields.text('hostName');
  const instanceId =
    fields.text('instanceId') ?? fields.part('dataCenterInfo').part('metadata').text('instance-id') ?? hostName;
  if (!instanceId) throw new RefusedRegistration('Missing instanceId');
  if (!hostName) throw new RefusedRegistration('Missing hostname');
  const ipAddr = fields.text('ipAddr');
  if (!ipAddr) throw new RefusedRegistration('Missing ip address');
  const appName = fields.text('app');
  if (!appName) throw new RefusedRegistration('Missing appName');
  if (toAppName(appName) !== toAppName(app)) {
    throw new RefusedRegistration(`Mismatched appName, expecting ${toAppName(app)} but was ${toAppName(appName)}`);
  }
  return { instanceId, hostName, ipAddr, app: toAppName(appName), dataCenter: readDataCenter(fields) };
}

function readDataCenter(fields: Fields): DataCenter {
  if (!fields.has('dataCenterInfo')) throw new RefusedRegistration('Missing dataCenterInfo');
  const sent = fields.part('dataCenterInfo');
  const given = sent.text('name');
  if (!given) throw new RefusedRegistration('Missing dataCenterInfo Name');
  const name = dataCenterNames.find((known) => known === given);
  // Java clients cannot read a list in which a single instance has another name.
  if (!name) throw new RefusedRegistration('Unknown dataCenterInfo Name');
  return { name, metadata: name === 'Amazon' ? sent.part('metadata').texts() : new Map() };
}

const readDetails = (fields: Fields, now: number) => ({
  sid: readSid(fields.text('sid')),
  status: readStatus(fields.text('status'), 'UP'),
  overriddenStatus: readStatus(fields.text('overriddenStatus') ?? fields.text('overriddenstatus'), 'UNKNOWN'),
  port: fields.port('port', defaultPort),
  securePort: fields.port('securePort', defaultSecurePort),
  countryId: fields.whole('countryId', { min: 0, max: int32Max }) ?? 1,
  metadata: fields.part('metadata').texts(),
  appGroupName: fields.text('appGroupName')?.toUpperCase(),
  homePageUrl: fields.text('homePageUrl'),
  statusPageUrl: fields.text('statusPageUrl'),
  healthCheckUrl: fields.text('healthCheckUrl'),
  secureHealthCheckUrl: fields.text('secureHealthCheckUrl'),
  vipAddress: fields.text('vipAddress'),
  secureVipAddress: fields.text('secureVipAddress'),
  asgName: fields.text('asgName'),
  isCoordinatingDiscoveryServer: fields.text('isCoordinatingDiscoveryServer') === 'true',
  lastDirtyAt: fields.whole('lastDirtyTimestamp', { min: 0, max: Number.MAX_SAFE_INTEGER }) ?? now,
});

const readTerms = (lease: Fields): LeaseTerms => ({
  renewalIntervalSeconds:
    lease.whole('renewalIntervalInSecs', { min: 1, max: int32Max }) ?? defaultTerms.renewalIntervalSeconds,
  durationSeconds: lease.whole('durationInSecs', { min: 1, max: int32Max }) ?? defaultTerms.durationSeconds,
});

// What clients of old send for having none; Eureka does not repeat it.
const readSid = (sid: string | undefined) => (sid === 'na' || sid === 'unknown' ? undefined : sid);

/** Any letter-case; a word that is no status is UNKNOWN, as in Eureka. */
function readStatus(word: string | undefined, fallback: InstanceStatus): InstanceStatus {
  if (word === undefined) return fallback;
  return instanceStatuses.find((status) => status === word.toUpperCase()) ?? 'UNKNOWN';
}

/** Reads fields of an object from outside; what is not of the wanted kind counts as absent. */
class Fields {
  private readonly fields: Record<string, unknown>;

  constructor(sent: unknown) {
    this.fields = typeof sent === 'object' && sent !== null && !Array.isArray(sent) ? { ...sent } : {};
  }

  has(name: string): boolean {
    return this.own(name) !== undefined && this.own(name) !== null;
  }

  part(name: string): Fields {
    return new Fields(this.own(name));
  }

  /** Numbers and flags count as text; empty text counts as absent. */
  text(name: string): string | undefined {
    const value = toText(this.own(name));
    return value === '' ? undefined : value;
  }

  /** All fields as text, but for the class that Java adds to empty maps, and what has no name. */
  texts(): Map<string, string> {
    const entries = Object.entries(this.fields).map(([name, value]) => [name, toText(value) ?? ''] as const);
    return new Map(entries.filter(([name]) => name !== '@class' && name !== ''));
  }

  whole(name: string, { min, max }: { min: number; max: number }): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    return Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined;
  }

  /** `8080`, `"8080"` or `{"$": 8080, "@enabled": "true"}`. */
  port(name: string, fallback: Port): Port {
    const sent = this.own(name);
    if (sent === undefined || sent === null) return fallback;
    const parts = new Fields(typeof sent === 'object' ? sent : { $: sent });
    const number = parts.whole('$', { min: 0, max: 65535 });
    if (number === undefined) throw new RefusedRegistration(`Invalid ${name}`);
    const enabled = parts.text('@enabled');
    return { number, isEnabled: enabled === undefined ? fallback.isEnabled : enabled === 'true' };
  }

  private own(name: string): unknown {
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
  }
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
