import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Home, writeWhole } from '../../dev/src/home.ts';
import { namespace, newIdentities } from '../../dev/src/identities.ts';
import { deviceReader, deviceReaderPassword, processSecrets } from '../../dev/src/process-secrets.ts';
import { readProcesses } from '../../dev/src/processes.ts';
import { readRunFile } from '../../dev/src/run-file.ts';
import { secret } from '../../dev/src/secrets.ts';
import { plainLogin } from '../../dev/src/servers/kafka.ts';
import { passwordLine } from '../../dev/src/servers/mosquitto.ts';

/** The files that docker-compose.yml takes its secrets from, by name, as far as they or what is new in them are missing; returns those written. */
export function writeComposeSecrets(home: Home): string[] {
  home.create();
  const folder = join(home.folder, 'compose');
  // Processes in containers are other users, so the folder alone keeps other people of this machine out.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const isMissing = (name: string) => !existsSync(join(folder, name));
  const isOther = ([name, content]: [string, string]) =>
    isMissing(name) || readFileSync(join(folder, name), 'utf8') !== content;
  const identities = identityFiles();
  const missing = [
    ...Object.entries(composeSecrets((name) => secret(home, name))).filter(isOther),
    // These go together: one of another making would not be believed.
    ...(Object.keys(identities).some(isMissing) ? Object.entries(identities) : []),
  ];
  for (const [name, content] of missing) writeWhole(join(folder, name), content, 0o644);
  return missing.map(([name]) => name);
}

/** The names of all these files. */
export function composeSecretNames(): string[] {
  return [...Object.keys(composeSecrets((name) => name)), ...Object.keys(identityFiles())];
}

/** How sidecars prove to each other whose they are. */
function identityFiles(): Record<string, string> {
  const { authority, configuration, tokens } = newIdentities(readRunFile().apps.map(({ name }) => name));
  return {
    'authority.env': variables({ NAMESPACE: namespace, DAPR_TRUST_ANCHORS: JSON.stringify(authority.anchor) }),
    'sentry-anchor': authority.anchor,
    'sentry-issuer': authority.issuer,
    'sentry-key': authority.key,
    'sentry-configuration': configuration,
    ...Object.fromEntries(Object.entries(tokens).map(([name, token]) => [`${name}-identity`, token])),
  };
}

/** @param made gives the secret of a name, making it the first time. */
function composeSecrets(made: (name: string) => string): Record<string, string> {
  const tokens = {
    DAPR_API_TOKEN: made('dapr-api-token'),
    APP_API_TOKEN: made('app-api-token'),
  };
  const password = (name: string) => made(`compose-${name}`);
  const files: Record<string, string> = {
    // What a process needs before it can ask its sidecar for anything.
    'sidecar-tokens': variables(tokens),
    'sidecars.env': variables({ ...tokens, KAFKA_BROKERS: 'kafka:9092', GOMEMLIMIT: '96MiB' }),
    'broker.env': variables({ KAFKA_USER: 'cabinet', KAFKA_PASSWORD: password('kafka') }),
    'kafka-logins': `KafkaServer {\n  ${plainLogin('cabinet', password('kafka'))}\n};\n`,
    'kafka-client': variables({
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'PLAIN',
      'sasl.jaas.config': plainLogin('cabinet', password('kafka')),
    }),
    'mosquitto-passwords': passwordLine(deviceReader, deviceReaderPassword(made)),
    'postgres-admin': password('postgres-admin'),
    grafana: password('grafana'),
    mongodb: password('mongodb'),
  };
  const processes = readProcesses();
  for (const process of processes) {
    const { name, database } = process;
    const urls = {
      postgres: () => `postgres://${name}:${password(`${name}-postgres`)}@${name}-postgres:5432/${name}`,
      mongodb: () => `mongodb://record:${password('mongodb')}@mongodb:27017/${name}?authSource=admin`,
    };
    const url = database && urls[database.kind]();
    files[`${name}-secrets`] = JSON.stringify({
      [name]: processSecrets(process, processes, { url, made, deviceBroker: 'mosquitto:1883' }),
    });
    if (database?.kind === 'postgres') files[`${name}-postgres`] = password(`${name}-postgres`);
  }
  return files;
}

function variables(values: object): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
