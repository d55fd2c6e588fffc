import { join } from 'node:path';
import { workTree } from '../cache.mjs';
import type { Artifacts } from './artifacts.ts';
import { type Home, writeWhole } from './home.ts';
import { identityEnvironment, writeIdentities } from './identities.ts';
import { memoryBudget } from './memory-budget.ts';
import type { Ports } from './ports.ts';
import { processSecrets } from './process-secrets.ts';
import { inheritedEnvironment, type ProcessSpec } from './process-spec.ts';
import { allTopics, type Process, processesWith, readProcesses } from './processes.ts';
import { copiesOf, copyResources, readResources, resourcesOf, writeConfiguration } from './resources.ts';
import { type App, type RunFile } from './run-file.ts';
import { secret } from './secrets.ts';
import { kafka, kafkaLogin } from './servers/kafka.ts';
import { mailpit } from './servers/mailpit.ts';
import { mongodb, mongodbUrl } from './servers/mongodb.ts';
import { mosquitto } from './servers/mosquitto.ts';
import { postgres, postgresUrl } from './servers/postgres.ts';
import { prometheus } from './servers/prometheus.ts';
import { sentry } from './servers/sentry.ts';
import { sidecar, sidecarNeeds } from './sidecar.ts';
import { versionHere } from './version.ts';
import { answers, until } from './wait.ts';

export interface PlanOptions {
  home: Home;
  runFile: RunFile;
  ports: Ports;
  artifacts: Artifacts;
  serversOnly: boolean;
}

/** Settings that whoever starts the platform may give to every process by the environment. */
const settable = ['LOG_LEVEL', 'CABINET_MODE', 'OTEL_EXPORTER_OTLP_ENDPOINT'];

/** All processes of the platform, servers first; data folders and files they need are made on the way. */
export async function planPlatform(options: PlanOptions): Promise<ProcessSpec[]> {
  const { home, runFile, ports, artifacts, serversOnly } = options;
  copyResources(runFile.resources, resourcesIn(home));
  const [postgresSpec, kafkaSpec] = await Promise.all([
    postgres({ home, port: ports.servers.postgres, durable: true, databases: processesWith('postgres') }),
    kafka({
      home,
      ports: ports.servers,
      installation: artifacts.kafka,
      topics: allTopics(),
    }),
  ]);
  const servers = [postgresSpec, kafkaSpec];
  // PostgreSQL and Kafka are needed by whatever runs.
  if (serversOnly || runFile.apps.some(({ name }) => declared(name)?.database?.kind === 'mongodb')) {
    servers.push(mongodb({ home, port: ports.servers.mongodb, binary: artifacts.mongodb }));
  }
  if (serversOnly || runFile.apps.some(({ name }) => declared(name)?.hearsDevices)) {
    servers.push(mosquitto({ home, port: ports.servers.mosquitto, program: artifacts.mosquitto }));
  }
  writeEnvironmentFiles(home, runFile.apps, ports);
  if (serversOnly) return servers;

  writeConfiguration(runFile.configuration, accessFile, configurationIn(home), home.run('names.db'));
  if (sendsMail(runFile)) servers.push(mailpit({ home, ports: ports.servers, binary: artifacts.mailpit }));
  const identities = identitiesIn(home);
  writeIdentities(
    identities,
    runFile.apps.map(({ name }) => name),
  );
  const authority = sentry({ home, port: ports.servers.sentry, binary: artifacts.sentry, identities });
  const instances = runFile.apps.map((app) => instanceSpecs(app, options));
  const observers = ports.observers
    ? [prometheus({ home, ports, port: ports.observers.prometheus, programs: artifacts.prometheus })]
    : [];
  return [
    ...servers,
    authority,
    ...observers,
    ...instances.map(({ app }) => app),
    ...instances.map((each) => each.sidecar),
  ];
}

/** The process that sends what people are told; with it runs a mail server that keeps its mails. */
const sender = 'notification';

export const sendsMail = ({ apps }: RunFile): boolean => apps.some(({ name }) => name === sender);

const resourcesIn = (home: Home): string => home.run('resources');
const configurationIn = (home: Home): string => home.run('configuration.yaml');
export const identitiesIn = (home: Home): string => home.run('identities');
const accessFile = join(workTree, 'dapr/access.yaml');

/** A process and its sidecar, at the ports that `ports` gives it: those of the run file, or of an instance beside it. */
export function instanceSpecs(
  app: App,
  { home, runFile, ports, artifacts }: PlanOptions,
): Record<'app' | 'sidecar', ProcessSpec> {
  const resourceFolders = copiesOf(runFile.resources, resourcesIn(home));
  writeWhole(secretsFile(home, app.name), JSON.stringify(secretsOf(app.name, home, ports)), 0o600);
  return {
    app: appSpec(app, home, ports, runFile.sidecar.healthPath),
    sidecar: sidecar({
      home,
      app,
      ports: portsOf(app, ports),
      daprd: artifacts.daprd,
      settings: { ...runFile.sidecar, ...app.sidecar },
      needs: declared(app.name)?.hearsDevices ? ['mosquitto'] : [],
      configuration: configurationIn(home),
      resourceFolders,
      resources: resourcesOf(app.name, readResources(resourceFolders)),
      sentryPort: ports.servers.sentry,
      env: {
        ...app.env,
        ...sidecarEnvironment(home, ports, app.name),
        SECRETS_FILE: secretsFile(home, app.name),
        ...identityEnvironment(identitiesIn(home), app.name),
      },
      apiToken: tokens(home, app.name).DAPR_API_TOKEN,
    }),
  };
}

function portsOf(app: App, ports: Ports): App['ports'] {
  const found = ports.apps[app.name];
  if (!found) throw new Error(`no ports were chosen for ${app.name}`);
  return found;
}

function appSpec(app: App, home: Home, ports: Ports, healthPath: string): ProcessSpec {
  const { app: port } = portsOf(app, ports);
  const [program = 'node', ...args] = app.command;
  return {
    name: app.name,
    kind: 'app',
    command: program === 'node' ? process.execPath : program,
    // Its environment is given in full below; the file is for those who start by the dapr CLI.
    args: args.filter((arg) => !arg.startsWith('--env-file')),
    cwd: app.folder,
    env: {
      ...inheritedEnvironment(),
      ...memoryBudget.malloc,
      CABINET_VERSION: versionHere(),
      ...app.env,
      ...inheritedEnvironment(settable),
      ...appEnvironment(app, home, ports),
    },
    port,
    // It waits for its sidecar, and that for these.
    after: [...databaseServer(app.name), ...(app.name === sender ? ['mailpit'] : []), ...sidecarNeeds],
    ready: async (signal) => {
      await until(() => answers(`http://127.0.0.1:${port}${healthPath}`, 200), signal);
    },
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 15_000,
  };
}

function databaseServer(app: string): string[] {
  const { kind } = declared(app)?.database ?? {};
  return kind ? [kind] : [];
}

/** What differs from platform to platform: ports, and the tokens by which a process and its sidecar know each other. */
function appEnvironment(app: App, home: Home, ports: Ports): Record<string, string> {
  const { app: port, daprHttp, daprGrpc } = portsOf(app, ports);
  const { gateway } = ports.apps;
  const pages = gateway ? portalAddress(gateway.app) : undefined;
  return {
    APP_PORT: String(port),
    DAPR_HTTP_PORT: String(daprHttp),
    DAPR_GRPC_PORT: String(daprGrpc),
    ...addresses(ports),
    ...(pages && app.name === 'auth' && !app.env.PASSKEY_ORIGINS && { PASSKEY_ORIGINS: pages }),
    ...(pages && ['appointment', sender].includes(app.name) && !app.env.PUBLIC_URL && { PUBLIC_URL: pages }),
    ...(app.name === sender && !app.env.SMTP_HOST && mailServer(ports)),
    ...tokens(home, app.name),
  };
}

/** Mailpit is told no password, and no certificate names it. */
const mailServer = ({ servers }: Ports): Record<string, string> => ({
  SMTP_HOST: '127.0.0.1',
  SMTP_PORT: String(servers.mailpit),
  SMTP_SECURITY: 'none',
});

/** The secret store of one process: what its own sidecar has of it, and no other. */
const secretsFile = (home: Home, app: string): string => home.run(`secrets/${app}.json`);

/** What a secret store on files holds for a process, under its name: the form that components/secrets.yaml reads. */
function secretsOf(app: string, home: Home, ports: Ports): Record<string, Record<string, string>> {
  const processes = readProcesses();
  const process = processes.find(({ name }) => name === app);
  if (!process) return {};
  const made = (name: string) => secret(home, name);
  return {
    [app]: processSecrets(process, processes, {
      url: databaseUrl(app, home, ports),
      made,
      deviceBroker: `127.0.0.1:${ports.servers.mosquitto}`,
    }),
  };
}

const declared = (app: string): Process | undefined => readProcesses().find(({ name }) => name === app);

/** The database of an app, with its own role; undefined for an app without one. */
export function databaseUrl(app: string, home: Home, ports: Ports): string | undefined {
  switch (declared(app)?.database?.kind) {
    case 'postgres':
      return postgresUrl(home, ports.servers.postgres, app);
    case 'mongodb':
      return mongodbUrl(home, ports.servers.mongodb, app);
    default:
      return undefined;
  }
}

/** Where browsers sign in on this machine: passkeys are made for a name, not for numbers. */
export const portalAddress = (gatewayPort: number | string): string => `http://localhost:${gatewayPort}`;

function addresses(ports: Ports): Record<string, string> {
  const { registry, auth } = ports.apps;
  return {
    ...(registry ? { REGISTRY_URLS: `http://127.0.0.1:${registry.app}/eureka/` } : {}),
    ...(auth ? { JWKS_URL: `http://127.0.0.1:${auth.app}/.well-known/jwks.json` } : {}),
  };
}

/** By which a process and its own sidecar know each other. */
export function tokens(home: Home, app: string): Record<'DAPR_API_TOKEN' | 'APP_API_TOKEN', string> {
  return {
    DAPR_API_TOKEN: secret(home, `${app}-dapr-api-token`),
    APP_API_TOKEN: secret(home, `${app}-app-api-token`),
  };
}

function sidecarEnvironment(home: Home, ports: Ports, app: string): Record<string, string> {
  const { broker, user, password } = kafkaLogin(home, ports.servers.kafka);
  return { KAFKA_BROKERS: broker, KAFKA_USER: user, KAFKA_PASSWORD: password, ...tokens(home, app) };
}

/**
 * The same settings as files, for `dapr run -f dapr/dapr.yaml`: one for each process, which its command in the run file
 * names, and one for all sidecars, to be read into the shell before, whose tokens and secret store all of them then have in
 * common.
 */
function writeEnvironmentFiles(home: Home, apps: App[], ports: Ports): void {
  const lines = (env: Record<string, string>) =>
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('');
  for (const app of apps) writeWhole(home.run(`${app.name}.env`), lines(appEnvironment(app, home, ports)), 0o600);
  const all = Object.assign({}, ...apps.map(({ name }) => secretsOf(name, home, ports)));
  writeWhole(home.run('secrets.json'), JSON.stringify(all), 0o600);
  const sidecars = { ...sidecarEnvironment(home, ports, 'common'), SECRETS_FILE: home.run('secrets.json') };
  writeWhole(home.run('sidecars.env'), lines(sidecars), 0o600);
}
