import { localSecretName, type Process, readJobs, tellersOf } from './processes.ts';
import { processTokenVariable, registryTokenName } from './secrets.ts';

export interface SecretsMade {
  /** Where its database is, and as whom it signs in there; undefined for a process without one. */
  url?: string;
  /** Gives the secret of a name, making it the first time. */
  made: (name: string) => string;
  /** Where devices at home send to, as `host:port` of a broker that speaks MQTT. */
  deviceBroker: string;
}

/** Whom the broker of the devices lets read what they send. */
export const deviceReader = 'cabinet';
export const deviceReaderPassword = (made: SecretsMade['made']): string => made('mqtt');

/**
 * All secrets of a process, by the variable that each stands for: what its secret store holds under its name.
 * @param processes all there are
 */
export function processSecrets(
  process: Process,
  processes: Process[],
  { url, made, deviceBroker }: SecretsMade,
): Record<string, string> {
  const own = Object.keys(process.secrets).map((variable) => [variable, made(localSecretName(variable))]);
  return {
    ...(url ? { DATABASE_URL: url } : {}),
    ...Object.fromEntries(own),
    ...(process.hearsDevices ? deviceSession(process.name, deviceBroker, made) : {}),
    ...eventKeys(process, processes, made),
    ...(process.database ? { AUDIT_KEYS: auditKeys(process.name, made) } : {}),
    ...registryTokens(process, processes, made),
  };
}

/** What seals the audit trail of a process, which it has alone and its database never. */
export const auditKeys = (name: string, made: SecretsMade['made']): string => made(`audit-key-${name}`);

/** Its place at the broker of the devices; whoever knew the name of a session could take it over. */
const deviceSession = (name: string, broker: string, made: SecretsMade['made']) => ({
  MQTT_URL: `tcp://${deviceReader}:${deviceReaderPassword(made)}@${broker}`,
  MQTT_SESSION: `${name}-${made('mqtt-session')}`,
});

/** The keys of the events that a process tells and hears, each of which its teller and those who hear it have alone. */
export function eventKeys(
  process: Pick<Process, 'name' | 'tells' | 'hears'>,
  processes: Process[],
  made: SecretsMade['made'],
): Record<string, string> {
  const keys = tellersOf(process, [...processes, ...readJobs()]).map(
    (teller) => `${teller}=${made(`event-key-${teller}`)}`,
  );
  return keys.length > 0 ? { EVENT_KEYS: keys.join(',') } : {};
}

/** What a process shows to the registry to prove that it is itself; the registry has those of all. */
function registryTokens(process: Process, processes: Process[], made: SecretsMade['made']): Record<string, string> {
  if (process.kind !== 'registry') return { REGISTRY_TOKEN: made(registryTokenName(process.name)) };
  const others = processes.filter(({ kind }) => kind !== 'registry');
  return Object.fromEntries(others.map(({ name }) => [processTokenVariable(name), made(registryTokenName(name))]));
}
