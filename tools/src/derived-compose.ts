import { type Process, withNeeded } from '../../dev/src/processes.ts';
import { addressesAt, services, withPostgres } from './derived-blocks.ts';
import { neverUnhealthy, switchesOf } from './derived-files.ts';

export const addresses = (processes: Process[]): string[] =>
  addressesAt(processes, (name) => name).map(([variable, url]) => `${variable}: ${url}`);

/** Whoever asks for one process gets what it needs, so a process is in the profiles of all that need it. */
function profilesOf(processes: Process[], isNeeded: (needed: string[]) => boolean): string {
  const needing = services(processes).filter(({ name }) => isNeeded(withNeeded([name], processes)));
  return `[core, ${needing.map(({ name }) => name).join(', ')}]`;
}

export function profiles(processes: Process[]): string[] {
  const withMongo = processes.filter(({ database }) => database?.kind === 'mongodb').map(({ name }) => name);
  return [
    `always: &always ${profilesOf(processes, () => true)}`,
    `with-mongodb: &with-mongodb ${profilesOf(processes, (needed) => withMongo.some((name) => needed.includes(name)))}`,
    ...services(processes).map(
      ({ name }) => `${name}: &with-${name} ${profilesOf(processes, (needed) => needed.includes(name))}`,
    ),
  ];
}

/** It takes the place of what the image says. */
const commandOf = (process: Process): string =>
  `command: [${['node', '--env-file=/run/secrets/sidecar-tokens', ...switchesOf(process), 'dist/main.js'].join(', ')}]`;

/** The gateway is written by hand, but for this. */
export const gateway = (processes: Process[]): string[] =>
  processes.filter(({ kind }) => kind === 'gateway').map(commandOf);

export const processes = (processes: Process[]): string[] =>
  services(processes).flatMap((process, nth) => {
    const { name, port, database, hearsDevices } = process;
    return [
      ...(nth > 0 ? [''] : []),
      `${name}-pod:`,
      '  <<: *pod',
      `  profiles: *with-${name}`,
      `  hostname: ${name}`,
      `  networks: { default: { aliases: [${name}] } }`,
      '',
      `${name}:`,
      '  <<: *process',
      `  profiles: *with-${name}`,
      `  image: cabinet/${name}`,
      `  network_mode: service:${name}-pod`,
      `  environment: { <<: *addresses, APP_HOST: ${name} }`,
      '  secrets: [sidecar-tokens]',
      `  ${commandOf(process)}`,
      `  depends_on: { registry: { condition: service_healthy }${databaseOf(name, database)} }`,
      '',
      `${name}-dapr:`,
      '  <<: *sidecar',
      `  profiles: *with-${name}`,
      `  network_mode: service:${name}-pod`,
      `  environment: { DAPR_SENTRY_TOKEN_FILE: /run/secrets/${name}-identity, SECRETS_FILE: /run/secrets/${name}-secrets }`,
      `  secrets: [${name}-identity, ${name}-secrets]`,
      `  command: [--app-id=${name}, --app-port=${port}, --app-channel-address=${name}${hearsDevices ? `, --app-health-threshold=${neverUnhealthy}` : ''}]`,
      `  depends_on: { kafka: { condition: service_healthy }${hearsDevices ? ', mosquitto: { condition: service_healthy }' : ''} }`,
    ];
  });

function databaseOf(name: string, database: Process['database']): string {
  if (!database) return '';
  const server = database.kind === 'postgres' ? `${name}-postgres` : 'mongodb';
  return `, ${server}: { condition: service_healthy }, kafka: { condition: service_healthy }`;
}

export const databases = (processes: Process[]): string[] =>
  withPostgres(processes).flatMap(({ name, database }, nth) => {
    const extensions = database?.kind === 'postgres' ? database.extensions.join(' ') : '';
    return [
      ...(nth > 0 ? [''] : []),
      `${name}-postgres:`,
      '  <<: *postgres',
      `  profiles: *with-${name}`,
      `  environment: { OWNER: ${name}, EXTENSIONS: "${extensions}", POSTGRES_PASSWORD_FILE: /run/secrets/postgres-admin }`,
      `  secrets: [postgres-admin, ${name}-postgres]`,
      `  volumes: ["${name}-postgres:/var/lib/postgresql", "./tools/images/postgres:/docker-entrypoint-initdb.d:ro"]`,
    ];
  });

export const volumes = (processes: Process[]): string[] =>
  withPostgres(processes).map(({ name }) => `${name}-postgres:`);

export const secrets = (processes: Process[]): string[] =>
  [
    ...processes.map(({ name }) => `${name}-secrets`),
    ...withPostgres(processes).map(({ name }) => `${name}-postgres`),
    ...processes.map(({ name }) => `${name}-identity`),
  ].map((name) => `${name}: { file: .cabinet/compose/${name} }`);
