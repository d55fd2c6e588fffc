import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { staleDerivations, writeDerivations } from '../../tools/src/derive.ts';
import { workTree } from '../cache.mjs';
import { Problem } from './problem.ts';
import { allTopics, readJobs, readProcesses, tellersOf, variablesOfAll, withNeeded } from './processes.ts';

const root = mkdtempSync(join(tmpdir(), 'cabinet-processes-'));
afterAll(() => rmSync(root, { recursive: true }));

const copied = [
  '{registry,gateway,services/*}/{process.json,package.json,Dockerfile,openapi.json}',
  '{dapr,components,k8s,observability/prometheus}/**/*.{yaml,yml}',
  '{tsconfig.json,docker-compose.yml,docs/{operate,verbs}.md,README.md,gateway/README.md}',
  '{gateway/src/route-table.ts,packages/access/src/table.ts,dev/{process,job}.schema.json,tools/images/Dockerfile}',
  'analytics/*/job.json',
];
beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  for (const file of globSync(copied, { cwd: workTree })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(join(workTree, file), join(root, file));
  }
});

function change(file: string, fields: object): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  let known = {};
  try {
    known = JSON.parse(readFileSync(join(root, file), 'utf8'));
  } catch {
    // A new one.
  }
  writeFileSync(join(root, file), JSON.stringify({ ...known, ...fields }));
}
const text = (file: string) => readFileSync(join(root, file), 'utf8');
const everything = () =>
  globSync(copied, { cwd: root })
    .sort()
    .map((file) => [file, text(file)]);

describe('a declaration', () => {
  it.each<[string, string, object, string]>([
    ['has a field that nobody knows', 'services/patient/process.json', { prot: 1 }, 'prot: is not a known field'],
    ['has the port of another', 'services/patient/process.json', { port: 9094 }, 'port 9094 is that of'],
    [
      "would share its sidecar's ports",
      'services/patient/process.json',
      { port: 9180 },
      'port 9180 ends as 8080 of gateway does',
    ],
    [
      'hears what nobody tells',
      'services/patient/process.json',
      { hears: { weather: 'waits' } },
      'nobody tells weather',
    ],
    [
      'hears of patients, and does not say whether it keeps data of them',
      'services/practitioner/process.json',
      { hears: { patient: 'greets each' } },
      'patientData: must say whether',
    ],
    [
      'keeps data of patients, and has no topic of its own name to tell what became of them',
      'services/auth/process.json',
      { tells: 'sessions' },
      'patientData: needs a topic of its own name',
    ],
    [
      'keeps data of patients, and does not hear who is erased',
      'services/record/process.json',
      { hears: {} },
      'patientData: needs to hear patient',
    ],
    ...[
      ['tells', 'tells: needs a database, where facts stand until they are told'],
      ['audited', 'audited: needs a database, where the trail is kept'],
      ['patientData', 'patientData: needs a database, where it keeps them'],
    ].map(([what, said]): [string, string, object, string] => [
      `has no database, and ${what}`,
      'services/record/process.json',
      { database: undefined, hears: {} },
      said as string,
    ]),
    [
      'asks a neighbour that does not exist',
      'services/patient/process.json',
      { asks: { pharmacy: ['GET /api/x'] } },
      'no neighbour pharmacy',
    ],
    [
      'asks for what has no route there',
      'services/patient/process.json',
      { asks: { auth: ['GET /api/x'] } },
      'no route for GET /api/x',
    ],
    [
      'has the route of another',
      'services/patient/process.json',
      { routes: [{ prefix: '/api/auth' }] },
      'route /api/auth is that of',
    ],
    [
      'has an alias that is the route of another',
      'services/patient/process.json',
      { routes: [{ prefix: '/api/patients', aliases: ['/api/records'] }] },
      'route /api/records is that of patient already',
    ],
    [
      'has a page of the gateway',
      'services/patient/process.json',
      { routes: [{ prefix: '/api/patients' }, { prefix: '/docs' }] },
      'route /docs is that of gateway already',
    ],
    [
      'would take in the routes of others',
      'services/patient/process.json',
      { routes: [{ prefix: '/api/patients' }, { prefix: '/api' }] },
      'route /api/records is below /api of patient',
    ],
    [
      'tells what another tells',
      'services/patient/process.json',
      { tells: 'auth', hears: {} },
      'topic auth is that of',
    ],
    [
      'tells besides what another tells',
      'services/patient/process.json',
      { tellsBesides: ['auth'] },
      'topic auth is that of',
    ],
    [
      'tells besides, and nothing of its own',
      'services/practitioner/process.json',
      { tells: undefined, tellsBesides: ['rounds'] },
      'tellsBesides: is of who tells something first',
    ],
    [
      'asks what is no service',
      'services/patient/process.json',
      { asks: { gateway: ['GET /api/system'] } },
      'asks: gateway is no service',
    ],
    [
      'wants an extension that PostgreSQL does not bring',
      'services/patient/process.json',
      { database: { kind: 'postgres', extensions: ['pg_trgram'] } },
      'database.extensions.0: must be one of btree_gin, ',
    ],
    [
      'has a database that nobody runs',
      'services/patient/process.json',
      { database: { kind: 'oracle' } },
      'database.kind: must be postgres or mongodb',
    ],
    [
      'has a port in words',
      'services/patient/process.json',
      { port: 'nine thousand' },
      'port: must be given as number',
    ],
    ['has a port of the system', 'services/patient/process.json', { port: 80 }, 'port: must be at least 1024'],
    [
      'lets the heap grow without end',
      'services/patient/process.json',
      { memory: { heapGrowingPercent: 5_000 } },
      'memory.heapGrowingPercent: must be at most 400',
    ],
    [
      'has a secret in a variable that everybody has',
      'services/patient/process.json',
      { secrets: { DATABASE_URL: 'y' } },
      'secrets: every process is given DATABASE_URL already',
    ],
    ['has a secret that no shell can name', 'services/patient/process.json', { secrets: { 'a-b': 'y' } }, 'secrets'],
    [
      'has a prefix of three parts',
      'services/patient/process.json',
      { routes: [{ prefix: '/a/b/c' }] },
      'path of one or two parts',
    ],
    ...['fhir', '/FHIR', '/api/../fhir', '/api/{id}', '/'].map((prefix): [string, string, object, string] => [
      `has the prefix ${prefix}`,
      'services/patient/process.json',
      { routes: [{ prefix }] },
      'path of one or two parts',
    ]),
    [
      'imports below no route of its own',
      'services/patient/process.json',
      { imports: ['/api/auth/import'] },
      'under no route of its own',
    ],
  ])('that %s: gen says so in a line, and writes nothing', (_, file, fields, said) => {
    change(file, fields);
    const before = everything();
    expect(() => writeDerivations(root)).toThrow(said);
    expect(everything()).toEqual(before);
    const [line] = (() => {
      try {
        readProcesses(root);
        return [];
      } catch (error) {
        return (error as Error).message.split('\n');
      }
    })();
    expect(line).toMatch(/^(services\/\w+|gateway|registry)\/process\.json: /);
  });

  it('leads editors to what may stand in it', () => {
    for (const file of globSync('{registry,gateway,services/*}/process.json', { cwd: root })) {
      const { $schema } = JSON.parse(text(file));
      expect([file, join(dirname(file), $schema)]).toEqual([file, 'dev/process.schema.json']);
    }
    const { properties } = JSON.parse(text('dev/process.schema.json'));
    expect(properties.routes.items.properties.aliases.description).toBe('Other names for the prefix.');
  });

  it('is refused in one line, that of the later process, when its port is taken', () => {
    change('services/record/process.json', { port: 9091 });
    expect(() => readProcesses(root)).toThrow(
      new Problem('services/record/process.json: port 9091 is that of patient already'),
    );
  });

  it('is refused when it gives a field twice', () => {
    const file = join(root, 'services/patient/process.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('{', '{ "keeps": "\\"keeps\\": nothing", '));
    expect(() => readProcesses(root)).toThrow(new Problem('services/patient/process.json: keeps: is given twice'));
  });

  it('knows every variable that all services read', () => {
    const source = readFileSync(join(workTree, 'packages/kit/src/config.ts'), 'utf8');
    const read = [...source.matchAll(/^ {2}([A-Z_]+): z/gm)].map(([, name = '']) => name);
    expect(read).toContain('JWKS_URL');
    expect(read.filter((name) => !variablesOfAll.includes(name))).toEqual([]);
  });

  it('is refused when it is missing, or no JSON', () => {
    writeFileSync(join(root, 'services/patient/process.json'), '{');
    rmSync(join(root, 'services/auth/process.json'));
    expect(() => readProcesses(root)).toThrow(/services\/auth\/process\.json is missing/);
    expect(() => readProcesses(root)).toThrow(/services\/patient\/process\.json: is no JSON/);
  });
});

describe('a job', () => {
  const stream = 'analytics/stream/job.json';

  it('tells a topic that processes may hear, and has the keys of those whom it hears', () => {
    expect(allTopics()).toContain('alerts-detected');
    const tellers = [...readProcesses(), ...readJobs()];
    const [job] = readJobs();
    expect(job && tellersOf(job, tellers)).toEqual(['stream', 'wearable', 'alert']);
    const alert = readProcesses().find(({ name }) => name === 'alert');
    expect(alert && tellersOf(alert, tellers)).toContain('stream');
  });

  it.each<[string, object, string]>([
    ['hears what nobody tells', { hears: { weather: 'rains' } }, 'hears: nobody tells weather'],
    ['tells what a process tells', { tells: 'auth' }, 'topic auth is that of auth already'],
    ['tells nothing', { tells: undefined }, 'tells: must be given as string'],
    ['has a field that nobody knows', { port: 1 }, 'port: is not a known field'],
  ])('that %s is refused', (_, fields, said) => {
    change(stream, fields);
    expect(() => readProcesses(root)).toThrow(`${stream}: ${said}`);
  });
});

describe('controllers that do not fit what is declared', () => {
  const answered = { 200: {} };
  const token = [{ bearer: ['secretary'] }];
  const get = (security?: object[]) => ({ get: { security, responses: answered } });

  it.each<[string, object, string]>([
    [
      'do something where no route leads',
      { '/api/pharmacies': get(token) },
      'services/record/openapi.json: under no route of process.json: GET /api/pharmacies',
    ],
    [
      'open to everybody what no route leads to',
      { '/api/recordings/{id}': get([]), '/api/recordings': get(token) },
      'services/record/openapi.json: under no route of process.json: GET /api/recordings/{id}, and 1 more',
    ],
    [
      'leave open who may do it',
      { '/api/records': get() },
      'services/record/openapi.json: neither @Security nor @NoSecurity: GET /api/records',
    ],
    [
      'open to everybody an address that takes in one that is not',
      { '/api/records/{file}': get([]), '/api/records/mine': get(token) },
      'services/record/openapi.json: GET /api/records/{file} needs no token, so GET /api/records/mine must not look like it',
    ],
  ])('%s: gen says so in a line, and writes nothing', (_, paths, said) => {
    change('services/record/openapi.json', { paths });
    change('services/record/process.json', { port: 9089 });
    const before = everything();
    expect(() => writeDerivations(root)).toThrow(new Problem(said));
    expect(everything()).toEqual(before);
  });

  it('serve nothing under a route: gen says so', () => {
    const { routes } = JSON.parse(text('services/record/process.json'));
    change('services/record/process.json', { routes: [...routes, { prefix: '/api/recordings' }] });
    const said = 'services/record/process.json: routes: no operation of openapi.json is under /api/recordings';
    expect(() => writeDerivations(root)).toThrow(new Problem(said));
  });

  it('serve nothing under a route that is open, whose protocol is not ours', () => {
    const { routes } = JSON.parse(text('services/record/process.json'));
    change('services/record/process.json', { routes: [...routes, { prefix: '/api/foreign', isOpen: true }] });
    writeDerivations(root);
    expect(text('gateway/src/route-table.ts')).toContain(`    prefix: '/api/foreign',
    service: 'record',
    isOpen: true,
`);
  });

  it('take no file where one is declared', () => {
    change('services/record/process.json', { imports: ['/api/records/import'] });
    const said = 'services/record/process.json: imports: there is no operation POST /api/records/import';
    expect(() => writeDerivations(root)).toThrow(new Problem(said));
  });

  it('offer what no sidecar can refuse beside what is asked: gen says so', () => {
    change('services/record/process.json', {
      asks: { practitioner: ['POST /api/practitioners', 'GET /api/practitioners/*'] },
    });
    const said = 'services/record/process.json: asks: no sidecar can let these through without GET /api/practitioners';
    expect(() => writeDerivations(root)).toThrow(new Problem(said));
  });

  it('count as they are now, also before their openapi.json is written', () => {
    change('services/record/openapi.json', { paths: { '/api/pharmacies': get(token) } });
    const paths = { '/api/records/{id}': get([{ bearer: ['admin', 'service'] }]), '/api/records/shared': get([]) };
    expect(writeDerivations(root, new Map([['record', JSON.stringify({ paths })]]))).toContain(
      'gateway/src/route-table.ts',
    );
    expect(text('gateway/src/route-table.ts')).toContain(`    prefix: '/api/records',
    service: 'record',
    roles: ['admin'],
    publicOperations: ['GET /api/records/shared'],
`);
  });
});

describe('the ports of the registry and of auth', () => {
  it('are where all processes look for them, whatever runs them', () => {
    change('services/auth/process.json', { port: 9170 });
    change('registry/process.json', { port: 8762 });
    writeDerivations(root);
    for (const file of ['dapr/dapr.yaml', 'docker-compose.yml', 'k8s/base/kustomization.yaml']) {
      const addresses = text(file).match(/(?<=(?:REGISTRY_URLS|JWKS_URL)[=:] ?)http:\S+/g) ?? [];
      expect([file, ...addresses.map((each) => new URL(each).port)]).toEqual([file, '8762', '9170']);
    }
  });
});

describe('processes that are named', () => {
  it('come with those that they ask, and with what nothing runs without', () => {
    expect(withNeeded(['patient'])).toEqual(['registry', 'gateway', 'patient', 'practitioner', 'auth']);
    const all = ['registry', 'gateway', 'patient', 'practitioner', 'appointment', 'auth', 'record', 'wearable'];
    expect(withNeeded(['record'])).toEqual(all);
    expect(() => withNeeded(['patient', 'pharmacy', ''])).toThrow(
      'no process is called pharmacy, ; there are: registry,',
    );
  });
});

describe('what is derived', () => {
  it('is what is committed', () => {
    expect([...staleDerivations(root).keys()]).toEqual([]);
  });

  it('for a service that is new touches what it names alone, and goes with it', () => {
    const before = everything();
    change('services/laundry/package.json', { name: '@cabinet/laundry' });
    change('services/laundry/process.json', {
      port: 9189,
      database: { kind: 'postgres', extensions: [] },
      routes: [{ prefix: '/api/laundry', aliases: ['/api/washing'] }, { prefix: '/laundry' }],
      tells: 'laundry',
      hears: { appointment: 'washes after each visit' },
      asks: { patient: ['GET /api/patients/*'] },
      secrets: { LAUNDRY_KEY: 'opens the machine' },
      internet: { ports: [587], why: 'Mail goes out.' },
    });
    const written = writeDerivations(root);
    expect(written).toEqual(
      expect.arrayContaining([
        'dapr/dapr.yaml',
        'dapr/subscriptions/laundry-hears-appointment.yaml',
        'services/laundry/Dockerfile',
        'k8s/base/laundry/kustomization.yaml',
        'k8s/traits/network-policies/internet-laundry.yaml',
        'docker-compose.yml',
        'README.md',
        'gateway/README.md',
        'gateway/src/route-table.ts',
      ]),
    );
    expect(text('dapr/access.yaml')).toContain('- appId: laundry');
    expect(text('k8s/traits/network-policies/sidecars.yaml')).toMatch(/values: \[.*\blaundry\b.*\]/);
    expect(text('k8s/overlays/production/secrets.yaml')).toContain('key: cabinet/laundry');
    expect(text('k8s/overlays/local/kustomization.yaml')).toContain("- 'LAUNDRY_KEY=");
    expect(text('gateway/src/route-table.ts')).toContain(`  {
    prefix: '/api/laundry',
    service: 'laundry',
    aliases: ['/api/washing'],
  },
  {
    prefix: '/laundry',
    service: 'laundry',
  },
`);
    expect(writeDerivations(root)).toEqual([]);

    rmSync(join(root, 'services/laundry'), { recursive: true });
    writeDerivations(root);
    expect(everything()).toEqual(before);
  });
});
