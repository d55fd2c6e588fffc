import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { workTree } from '../cache.mjs';
import { duplicateKey } from './duplicate-key.ts';
import { Problem } from './problem.ts';

const name = z.string().regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'must be in small letters, with hyphens');
const path = z
  .string()
  .regex(/^(?:\/\.?[a-z0-9]+(?:[.-][a-z0-9]+)*){1,2}$/, 'must be a path of one or two parts, such as /api/patients');

/** Those that come with PostgreSQL and that the owner of a database may make there. */
const extensions = [
  ...[
    'btree_gin',
    'btree_gist',
    'citext',
    'cube',
    'dict_int',
    'fuzzystrmatch',
    'hstore',
    'intarray',
    'isn',
    'lo',
    'ltree',
  ],
  ...['pg_trgm', 'pgcrypto', 'seg', 'tablefunc', 'tcn', 'tsm_system_rows', 'tsm_system_time', 'unaccent'],
];

/** What every process is given by its platform already. */
export const variablesOfAll = [
  ...[
    'APP_HOST',
    'APP_PORT',
    'APP_API_TOKEN',
    'AUDIT_KEYS',
    'CABINET_MODE',
    'CABINET_VERSION',
    'DAPR_API_TOKEN',
    'DAPR_GRPC_PORT',
    'DAPR_HTTP_PORT',
  ],
  ...['DATABASE_URL', 'EVENT_KEYS', 'JWKS_URL', 'LOG_LEVEL', 'NODE_OPTIONS', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'PATH'],
  ...['REGISTRY_TOKEN', 'REGISTRY_URLS', 'SECRET_STORE', 'SECRETS_EVERY_SECONDS', 'TOKEN_ISSUER'],
];

/**
 * What a process declares of itself, in `process.json` of its folder. All that is told of it elsewhere is derived from this.
 * The descriptions are what an editor shows, by `dev/process.schema.json`.
 */
const declaration = z.strictObject({
  $schema: z.string().optional().describe('Where editors find what may stand here.'),
  port: z
    .number()
    .int()
    .min(1_024)
    .max(65_535)
    .describe('Where it listens. The ports of its sidecar end in the last two digits of it.'),
  keeps: z.string().min(1).optional().describe('What it alone knows, in a few words: a row of the table in README.md.'),
  database: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('postgres'),
        extensions: z
          .array(z.enum(extensions, { error: `must be one of ${extensions.join(', ')}` }))
          .describe("PostgreSQL's, such as pg_trgm."),
      }),
      z.strictObject({ kind: z.literal('mongodb') }),
    ])
    .optional()
    .describe('Its own database.'),
  routes: z
    .array(
      z.strictObject({
        prefix: path.describe('What the path of a request begins with, such as /api/patients or /fhir.'),
        aliases: z.array(path).default([]).describe('Other names for the prefix.'),
        isReference: z
          .boolean()
          .default(false)
          .describe('The same for everybody and about no patient: an old answer is better than none.'),
        isOpen: z
          .boolean()
          .default(false)
          .describe(
            'It speaks a protocol that is not ours: its service alone says who may do what, and no openapi.json has it.',
          ),
        signIns: z
          .array(z.string().regex(/^(?:GET|POST) \/\S+$/))
          .default([])
          .describe('Where anybody has something kept by an open route: asked for no more often than signing in is.'),
      }),
    )
    .default([])
    .describe(
      'What the gateway sends here; of the gateway itself, its own pages. Roles and what needs no token are those of openapi.json.',
    ),
  tells: name.optional().describe('The topic of its facts.'),
  tellsBesides: z
    .array(name)
    .default([])
    .describe('Further topics of its own: of facts so many that who hears the rest should not have to hear them.'),
  hears: z
    .record(name, z.string().min(1))
    .default({})
    .describe('Topics that it hears, each with what it does then: the process is the subject of the sentence.'),
  hearsDevices: z
    .string()
    .min(1)
    .optional()
    .describe('What it does with what devices at home send by MQTT; one process alone.'),
  asks: z
    .record(name, z.array(z.string().regex(/^(?:GET|POST|PUT|PATCH|DELETE) \/api\/[\w/*.-]+$/)).min(1))
    .default({})
    .describe('Whom it asks through its sidecar, and for what: GET /api/patients/*.'),
  secrets: z
    .record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string().min(1))
    .default({})
    .describe('Secrets of its own, by the variable that each stands for, with what it is for and what it must be.'),
  internet: z
    .strictObject({ ports: z.array(z.number().int().positive()).min(1), why: z.string().min(1) })
    .optional()
    .describe('What of the internet it may reach.'),
  audited: z.boolean().default(false).describe('It keeps a trail of who read and changed what.'),
  patientData: z
    .boolean()
    .optional()
    .describe(
      'It keeps data of patients: it gives them for an export, and tells what became of them when a patient is erased. Whoever hears of patients says whether.',
    ),
  imports: z
    .array(z.string().regex(/^\/api\/[\w/-]+$/))
    .default([])
    .describe('Paths that take a whole file, so the gateway allows more and waits longer.'),
  memory: z
    .strictObject({
      maxSemiSpaceMiB: z.number().int().positive().optional(),
      heapGrowingPercent: z.number().int().min(10).max(400).optional(),
    })
    .default({})
    .describe("V8's room, where it is not Node's own."),
});

/** The form of `process.json` as editors read it. */
export const declarationSchema = (): object => z.toJSONSchema(declaration, { io: 'input', target: 'draft-7' });

/** What a job declares of itself, in `job.json` of its folder: it speaks to the broker alone, and runs only while it is wanted. */
const jobDeclaration = declaration
  .pick({ $schema: true, hears: true })
  .extend({ tells: name.describe('The topic of its facts.') });

export const jobSchema = (): object => z.toJSONSchema(jobDeclaration, { io: 'input', target: 'draft-7' });

export interface Job extends z.infer<typeof jobDeclaration> {
  name: string;
  /** Its folder, as seen from the root of the repository. */
  folder: string;
}

/** Whoever tells facts. */
type Teller = Pick<Process, 'name' | 'tells'> & Partial<Pick<Process, 'tellsBesides'>>;

export interface Process extends z.infer<typeof declaration> {
  name: string;
  /** Its folder, as seen from the root of the repository. */
  folder: string;
  kind: 'registry' | 'gateway' | 'service';
}

/** The registry and the gateway first, then services in the order of their ports. */
export function readProcesses(root: string = workTree): Process[] {
  const files = globSync(['registry/process.json', 'gateway/process.json', 'services/*/process.json'], { cwd: root });
  const problems: string[] = globSync('services/*/package.json', { cwd: root })
    .map((file) => join(dirname(file), 'process.json'))
    .filter((file) => !existsSync(join(root, file)))
    .map((file) => `${file} is missing`);
  const processes = files.flatMap((file) => readDeclaration(root, file, declaration, problems)).map(asProcess);
  const rank = ({ kind }: Process) => ['registry', 'gateway', 'service'].indexOf(kind);
  processes.sort((a, b) => rank(a) - rank(b) || a.port - b.port || (a.name < b.name ? -1 : 1));
  problems.push(...contradictions(processes, readJobs(root)));
  if (problems.length > 0) throw new Problem(problems.join('\n'));
  return hearingReceipts(processes);
}

/** Jobs on a cluster of their own kind, such as Spark's. */
export function readJobs(root: string = workTree): Job[] {
  const problems: string[] = [];
  const jobs = globSync('analytics/*/job.json', { cwd: root })
    .sort()
    .flatMap((file) => readDeclaration(root, file, jobDeclaration, problems));
  if (problems.length > 0) throw new Problem(problems.join('\n'));
  return jobs.map(({ folder, ...job }) => ({ ...job, folder, name: basename(folder) }));
}

/** Names of the services that keep data of patients. */
export const keepersOfPatientData = (processes = readProcesses()): string[] =>
  processes.filter(({ patientData }) => patientData).map(({ name }) => name);

/** Who erases patients hears from each that keeps data of them what became of these. */
const hearingReceipts = (processes: Process[]): Process[] => {
  const topics = keepersOfPatientData(processes).filter((name) => name !== patients);
  const receipts = Object.fromEntries(
    topics.map((topic) => [topic, 'keeps what became of the data of erased patients']),
  );
  return processes.map((each) => (each.tells === patients ? { ...each, hears: { ...receipts, ...each.hears } } : each));
};

/** The service, and the topic, of those whose data it is. */
const patients = 'patient';

/** What nothing runs without: where processes find each other, are reached, and learn who calls. */
const always = ['registry', 'gateway', 'auth'];

/**
 * The named processes with those that they ask, and so on.
 * @throws Problem for a name that no process has
 */
export function withNeeded(names: string[], processes = readProcesses()): string[] {
  const known = new Map(processes.map((each) => [each.name, each]));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new Problem(`no process is called ${unknown.join(', ')}; there are: ${[...known.keys()].join(', ')}.`);
  }
  const needed = new Set([...always, ...names]);
  for (const name of needed) for (const asked of Object.keys(known.get(name)?.asks ?? {})) needed.add(asked);
  return processes.flatMap(({ name }) => (needed.has(name) ? [name] : []));
}

/** Every topic that it tells on. */
export const topicsOf = ({ tells, tellsBesides = [] }: Omit<Teller, 'name'>): string[] => [
  ...(tells ? [tells] : []),
  ...tellsBesides,
];

/** Every topic there is. */
export const allTopics = (): string[] => [...readProcesses(), ...readJobs()].flatMap(topicsOf);

/** Whose events it must be able to tell from forged ones: its own, and those of whoever tells a topic that it hears. */
export const tellersOf = (
  { name, tells, hears }: Pick<Process, 'name' | 'tells' | 'hears'>,
  tellers: readonly Teller[],
): string[] => [
  ...(tells ? [name] : []),
  ...Object.keys(hears).map((topic) => tellers.find((each) => topicsOf(each).includes(topic))?.name ?? topic),
];

/** Names of the processes that have a database of this kind. */
export const processesWith = (kind: 'postgres' | 'mongodb', processes = readProcesses()): string[] =>
  processes.filter(({ database }) => database?.kind === kind).map(({ name }) => name);

/** PostgreSQL's extensions that this process wants, or that any wants. */
export const extensionsOf = (name?: string): string[] => {
  const wanted = readProcesses().filter((each) => name === undefined || each.name === name);
  const all = wanted.flatMap(({ database }) => (database?.kind === 'postgres' ? database.extensions : []));
  return [...new Set(all)].sort();
};

/** The secret of one machine that a variable carries: `AUTH_KEY_SECRET` is `auth-key-secret`. */
export const localSecretName = (variable: string): string => variable.toLowerCase().replaceAll('_', '-');

function asProcess({ folder, ...declared }: z.infer<typeof declaration> & { folder: string }): Process {
  const own = basename(folder);
  return { ...declared, name: own, folder, kind: folder.startsWith('services/') ? 'service' : (own as 'gateway') };
}

function readDeclaration<T extends object>(
  root: string,
  file: string,
  form: z.ZodType<T>,
  problems: string[],
): (T & { folder: string })[] {
  const folder = dirname(file);
  try {
    const text = readFileSync(join(root, file), 'utf8');
    const read = form.safeParse(JSON.parse(text));
    const twice = duplicateKey(text);
    if (twice !== undefined) problems.push(`${file}: ${twice}: is given twice`);
    if (!read.success) {
      problems.push(...read.error.issues.flatMap(explain).map((line) => `${file}: ${line}`));
      return [];
    }
    return [{ ...read.data, folder }];
  } catch (error) {
    problems.push(`${file}: is no JSON (${(error as Error).message})`);
    return [];
  }
}

/** The field, and what is expected of it, in words of ours. */
function explain(issue: z.core.$ZodIssue): string[] {
  const say = (what: string, ...below: string[]) => `${[...issue.path, ...below].join('.') || 'the whole'}: ${what}`;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => say('is not a known field', key));
    case 'invalid_union':
      return [say('must be postgres or mongodb')];
    case 'invalid_type':
      return [say(`must be given as ${issue.expected === 'record' ? 'object' : issue.expected}`)];
    case 'too_small':
      return [
        say(
          issue.origin === 'number' || issue.origin === 'int'
            ? `must be at least ${issue.minimum}`
            : 'must not be empty',
        ),
      ];
    case 'too_big':
      return [say(`must be at most ${issue.maximum}`)];
    default:
      return [say(issue.message)];
  }
}

/** What no single declaration can be blamed for. */
function contradictions(processes: Process[], jobs: Job[]): string[] {
  const known = new Map(processes.map((each) => [each.name, each]));
  const topics = new Set([...processes, ...jobs].flatMap(topicsOf));
  const found: string[] = [];
  const say = ({ folder }: Process, text: string) => found.push(`${folder}/process.json: ${text}`);
  const once = <K>(what: string, keysOf: (process: Process) => K[]) => {
    const owners = new Map<K, Process>();
    for (const process of processes) {
      for (const key of keysOf(process)) {
        const owner = owners.get(key);
        if (owner)
          say(process, `${what} ${key} is ${owner === process ? 'given twice' : `that of ${owner.name} already`}`);
        else owners.set(key, process);
      }
    }
  };
  once('port', ({ port }) => [port]);
  for (const [nth, process] of processes.entries()) {
    const { port } = process;
    const other = processes.slice(0, nth).find((each) => each.port !== port && each.port % 100 === port % 100);
    if (other)
      say(process, `port ${port} ends as ${other.port} of ${other.name} does, and so would their sidecars' ports`);
  }
  once('route', ({ routes }) => routes.flatMap(({ prefix, aliases }) => [prefix, ...aliases]));
  once('topic', topicsOf);
  for (const { folder, tells, hears } of jobs) {
    const owner = processes.find((process) => topicsOf(process).includes(tells));
    if (owner) found.push(`${folder}/job.json: topic ${tells} is that of ${owner.name} already`);
    for (const topic of Object.keys(hears))
      if (!topics.has(topic)) found.push(`${folder}/job.json: hears: nobody tells ${topic}`);
  }
  // Its sidecar alone has the session at the broker of the devices (components/devices.yaml).
  const hearing = processes.filter(({ hearsDevices }) => hearsDevices);
  for (const each of hearing.slice(1)) say(each, `hearsDevices: ${hearing[0]?.name} does already`);
  const prefixes = processes.flatMap((process) =>
    process.routes.flatMap(({ prefix, aliases }) => [prefix, ...aliases].map((path) => ({ process, path }))),
  );
  for (const { process, path } of prefixes) {
    const above = prefixes.find((other) => path.startsWith(`${other.path}/`));
    if (above) say(process, `route ${path} is below ${above.path} of ${above.process.name}`);
  }
  for (const process of processes) {
    for (const topic of Object.keys(process.hears)) {
      if (!topics.has(topic)) say(process, `hears: nobody tells ${topic}`);
      if (topicsOf(process).includes(topic)) say(process, `hears: ${topic} is what it tells itself`);
    }
    if (patients in process.hears && process.patientData === undefined)
      say(process, 'patientData: must say whether it keeps data of patients, of whom it hears');
    if (process.tellsBesides.length > 0 && !process.tells)
      say(process, 'tellsBesides: is of who tells something first');
    if (process.patientData && process.tells !== process.name)
      say(process, 'patientData: needs a topic of its own name, to tell what became of them');
    if (process.patientData && process.name !== patients && !(patients in process.hears))
      say(process, 'patientData: needs to hear patient, of those who are erased');
    if (!process.database) {
      const keeping = {
        hears: [Object.keys(process.hears).length > 0, 'where events wait'],
        tells: [process.tells, 'where facts stand until they are told'],
        audited: [process.audited, 'where the trail is kept'],
        patientData: [process.patientData, 'where it keeps them'],
      };
      for (const [field, [isGiven, what]] of Object.entries(keeping))
        if (isGiven) say(process, `${field}: needs a database, ${what}`);
    }
    for (const [neighbour, operations] of Object.entries(process.asks)) {
      const asked = known.get(neighbour);
      if (!asked || neighbour === process.name) say(process, `asks: there is no neighbour ${neighbour}`);
      else if (asked.kind !== 'service') {
        say(process, `asks: ${neighbour} is no service, and offers nothing to services`);
        continue;
      }
      for (const operation of asked ? operations : []) {
        const isThere = asked?.routes.some(({ prefix }) => ` ${operation.split(' ')[1]}/`.startsWith(` ${prefix}/`));
        if (!isThere) say(process, `asks: ${neighbour} has no route for ${operation}`);
      }
    }
    for (const variable of Object.keys(process.secrets)) {
      if (variablesOfAll.includes(variable)) say(process, `secrets: every process is given ${variable} already`);
    }
    for (const operation of process.imports) {
      if (!process.routes.some(({ prefix }) => operation.startsWith(`${prefix}/`)))
        say(process, `imports: ${operation} is under no route of its own`);
    }
  }
  return found;
}
