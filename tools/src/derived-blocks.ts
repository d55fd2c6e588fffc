import { memoryBudget } from '../../dev/src/memory-budget.ts';
import { processSecrets } from '../../dev/src/process-secrets.ts';
import { type Process, topicsOf } from '../../dev/src/processes.ts';
import { groups } from '../../dev/verbs.mjs';
import { neverUnhealthy, switchesOf } from './derived-files.ts';

export const services = (processes: Process[]): Process[] => processes.filter(({ kind }) => kind === 'service');
const withEvents = (processes: Process[]): Process[] =>
  processes.filter(({ tells, hears }) => tells || Object.keys(hears).length > 0);
export const withPostgres = (processes: Process[]): Process[] =>
  processes.filter(({ database }) => database?.kind === 'postgres');

const item = ({ name }: Process): string => `- ${name}`;
export const allNames = (processes: Process[]): string[] => processes.map(item);
export const namesWithEvents = (processes: Process[]): string[] => withEvents(processes).map(item);

export const namesHearingDevices = (processes: Process[]): string[] =>
  processes.filter(({ hearsDevices }) => hearsDevices).map(item);

export const memorySetting = (): string[] => [`NODE_OPTIONS: ${memoryBudget.nodeOptions}`];

export const memoryEnvironment = (): string[] => {
  const malloc = Object.entries(memoryBudget.malloc).map(([name, value]) => `${name}=${value}`);
  return [`ENV NODE_OPTIONS=${memoryBudget.nodeOptions} ${malloc.join(' ')}`];
};

/** Where all find the registry, and the keys by which they verify tokens. */
export function addressesAt(processes: Process[], hostOf: (name: string) => string): [variable: string, url: string][] {
  const at = (wanted: string, path: string) => {
    const port = processes.find(({ name }) => name === wanted)?.port;
    return `http://${hostOf(wanted)}:${port}${path}`;
  };
  return [
    ['REGISTRY_URLS', at('registry', '/eureka/')],
    ['JWKS_URL', at('auth', '/.well-known/jwks.json')],
  ];
}
export const localAddresses = (processes: Process[]): string[] =>
  addressesAt(processes, () => '127.0.0.1').map(([variable, url]) => `${variable}: ${url}`);
export const clusterAddresses = (processes: Process[]): string[] =>
  addressesAt(processes, (name) => name).map(([variable, url]) => `- ${variable}=${url}`);

export const runFileApps = (processes: Process[]): string[] =>
  processes.flatMap((process) => {
    const { name, folder, port } = process;
    const last = String(port % 100).padStart(2, '0');
    const up = folder.includes('/') ? '../..' : '..';
    const command = [
      'node',
      `--env-file-if-exists=${up}/.cabinet/run/${name}.env`,
      ...switchesOf(process),
      'dist/main.js',
    ];
    return [
      `- appID: ${name}`,
      `  appDirPath: ../${folder}`,
      `  appPort: ${port}`,
      `  daprHTTPPort: 35${last}`,
      `  daprGRPCPort: 36${last}`,
      `  daprInternalGRPCPort: 37${last}`,
      `  metricsPort: 38${last}`,
      ...(process.hearsDevices ? [`  appHealthThreshold: ${neverUnhealthy}`] : []),
      `  command: [${command.join(', ')}]`,
    ];
  });

export const subscriptionFiles = (processes: Process[]): string[] =>
  processes
    .flatMap(({ name, hears, hearsDevices }) =>
      [...Object.keys(hears), ...(hearsDevices ? ['devices'] : [])].map(
        (topic) => `- subscriptions/${name}-hears-${topic}.yaml`,
      ),
    )
    .sort();

export const resiliencyTargets = (processes: Process[]): string[] =>
  services(processes).map(({ name }) => `${name}: { timeout: neighbour, retry: neighbour }`);

const demonstration = 'only-for-demonstrations';

/** One for each process, by the variables that its values stand for. */
export const localSecrets = (processes: Process[]): string[] =>
  processes.flatMap((process) => {
    const { name, database } = process;
    const url = database && localUrl(name, database);
    const made = (secret: string) => `${demonstration}-${secret}`;
    return [
      `- name: ${name}`,
      '  namespace: cabinet',
      '  literals:',
      ...Object.entries(
        processSecrets(process, processes, { url, made, deviceBroker: 'mosquitto.cabinet-servers:1883' }),
      ).map(([variable, value]) => `    - '${variable}=${value}'`),
    ];
  });

/** The document store has one user there, whatever the database. */
const localUrl = (name: string, { kind }: NonNullable<Process['database']>): string =>
  kind === 'postgres'
    ? `postgres://${name}:${name}@postgres.cabinet-servers:5432/${name}`
    : `mongodb://record:record@mongodb.cabinet-servers:27017/${name}?authSource=admin`;

export const productionImages = (processes: Process[]): string[] =>
  processes.map(
    ({ name }) => `- { name: cabinet/${name}, newName: images.example.org/cabinet/${name}, newTag: 0.1.0 }`,
  );

export const externalSecrets = (processes: Process[]): string[] =>
  processes.flatMap(({ name }) => [
    'apiVersion: external-secrets.io/v1',
    'kind: ExternalSecret',
    'metadata:',
    `  name: ${name}`,
    'spec:',
    '  dataFrom:',
    `    - { extract: { key: cabinet/${name} } }`,
    '---',
  ]);

export const neighbourPolicies = (processes: Process[]): string[] =>
  processes.flatMap(({ name }) => {
    const asking = processes.filter(({ asks }) => name in asks).map((each) => each.name);
    if (asking.length === 0) return [];
    return [
      '---',
      'apiVersion: networking.k8s.io/v1',
      'kind: NetworkPolicy',
      'metadata:',
      `  name: ${name}-neighbours`,
      'spec:',
      `  podSelector: { matchLabels: { app.kubernetes.io/name: ${name} } }`,
      '  policyTypes: [Ingress]',
      '  ingress:',
      '    - from:',
      `        - podSelector: { matchExpressions: [{ key: app.kubernetes.io/name, operator: In, values: [${asking.join(', ')}] }] }`,
      '      ports: [{ port: 50002 }]',
    ];
  });

export const internetPolicyFiles = (processes: Process[]): string[] =>
  processes.filter(({ internet }) => internet).map(({ name }) => `- internet-${name}.yaml`);

export const processTargets = (processes: Process[]): string[] =>
  processes.map(({ name, port }) => `- "${name}:${port}"`);
export const sidecarTargets = (processes: Process[]): string[] => processes.map(({ name }) => `- "${name}:9090"`);

export const projectReferences = (processes: Process[]): string[] =>
  processes.map(({ folder }, nth) => `{ "path": "${folder}" }${nth < processes.length - 1 ? ',' : ''}`);

/** Read by the sidecar alone (components/devices.yaml). */
const deviceSecrets = {
  MQTT_URL:
    'where its sidecar reads what devices send: `ssl://USER:PASSWORD@HOST:8883` of a broker that speaks MQTT 3.1.1; at 32 characters and more the password is no guess',
  MQTT_SESSION:
    'the name of its session there, which whoever knew it could take over: at least 32 characters of chance',
};

export const secretRows = (processes: Process[]): string[] => [
  '| Secret | key | what it is |',
  '| --- | --- | --- |',
  ...services(processes).flatMap(({ name, secrets, hearsDevices }) =>
    Object.entries({ ...secrets, ...(hearsDevices ? deviceSecrets : {}) }).map(
      ([variable, text]) => `| \`${name}\` | \`${variable}\` | ${text.replaceAll('|', '\\|')} |`,
    ),
  ),
];

const servers = { postgres: 'PostgreSQL', mongodb: 'MongoDB' };
/** Of a table in Markdown. */
export const row = (...cells: (string | number | undefined)[]): string =>
  `| ${cells.map((cell) => cell || '–').join(' | ')} |`;
export const inCode = (texts: string[]): string => texts.map((text) => `\`${text}\``).join(', ');

export const processRows = (processes: Process[]): string[] => [
  '| process | port | keeps | routes | tells | hears |',
  '| --- | --- | --- | --- | --- | --- |',
  ...processes.map(({ name, folder, port, keeps, database, routes, hears, ...telling }) => {
    const kept = [keeps, database && `(${servers[database.kind]})`].filter(Boolean).join(' ');
    const paths = routes.flatMap(({ prefix, aliases }) => [prefix, ...aliases]);
    return row(
      `[${name}](${folder}/)`,
      port,
      kept,
      inCode(paths),
      topicsOf(telling).join(', '),
      Object.keys(hears).join(', '),
    );
  }),
];

/** Every verb of `package.json`, as its own help says it. */
export const verbRows = (): string[] =>
  Object.entries(groups).flatMap(([group, verbs], nth) => [
    ...(nth === 0 ? [] : ['']),
    `## ${group}`,
    '',
    '| verb | does | words and options |',
    '| --- | --- | --- |',
    ...Object.entries(verbs).map(([name, { says, takes, options = {} }]) => {
      const npm = ['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`;
      const explained = Object.entries(options).map(([option, what]) => `${inCode([option])}: ${what}`);
      const words = [...(takes ? [inCode([takes])] : []), ...explained].join('; ');
      return row(...[inCode([npm]), says, words].map((cell) => cell.replaceAll('|', '\\|')));
    }),
  ]);
