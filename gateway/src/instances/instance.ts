/** One running copy of a service, as the registry lists it. */
export interface Instance {
  /** Unique within its service. */
  id: string;
  /** In lower case: `patient`. */
  service: string;
  /** `http://127.0.0.1:9091` */
  origin: string;
  isUp: boolean;
  /** How long the registry waits for a sign of life before it forgets the instance. */
  leaseMs: number;
  /** Where it runs, from the metadata key `zone`: a site or a data centre. */
  zone?: string;
  /** What runs there, from the metadata key `version`. */
  version?: string;
}

const leaseMsMin = 5_000;
const leaseMsMax = 90_000;
const hostPattern = /^(?:[\w.-]+|\[[0-9a-f:.]+\])$/i;

/**
 * Reads an instance from Eureka's JSON, where numbers and booleans may come as strings.
 * @returns undefined when no request could be sent to what is described.
 */
export function readInstance(json: unknown): Instance | undefined {
  const { app, instanceId, hostName, status, leaseInfo, ...rest } = asObject(json);
  const host = bracketed(String(hostName ?? ''));
  const plain = asPort(rest.port);
  const secure = asPort(rest.securePort);
  const port = plain.isEnabled ? plain.number : secure.number;
  const isReachable = hostPattern.test(host) && port > 0 && (plain.isEnabled || secure.isEnabled);
  if (typeof app !== 'string' || !isReachable) return undefined;
  const { zone, version } = asObject(rest.metadata);
  const leaseMs = Number(asObject(leaseInfo).durationInSecs) * 1000 || leaseMsMax;
  return {
    id: String(instanceId ?? `${hostName}:${port}`),
    service: app.toLowerCase(),
    origin: `${plain.isEnabled ? 'http' : 'https'}://${host}:${port}`,
    isUp: status === 'UP',
    leaseMs: Math.min(Math.max(leaseMs, leaseMsMin), leaseMsMax),
    ...(isWord(zone) && { zone }),
    ...(isWord(version) && { version }),
  };
}

/** Reads the answer of `GET /eureka/apps`; single elements may stand where a list is expected. */
export function readApplications(json: unknown): Instance[] {
  const { applications } = asObject(json);
  return asList(asObject(applications).application)
    .flatMap((application) => asList(asObject(application).instance))
    .map(readInstance)
    .filter((instance) => instance !== undefined);
}

function asPort(json: unknown): { number: number; isEnabled: boolean } {
  const { $: number, '@enabled': enabled } = typeof json === 'object' ? asObject(json) : { $: json, '@enabled': true };
  return { number: Number(number) || 0, isEnabled: String(enabled) === 'true' };
}

const isWord = (value: unknown): value is string => typeof value === 'string' && value !== '';

const bracketed = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);

const asObject = (json: unknown): Record<string, unknown> =>
  typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};

const asList = (json: unknown): unknown[] => (Array.isArray(json) ? json : json === undefined ? [] : [json]);
