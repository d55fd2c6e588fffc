import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessesPath, keeperOfAccesses } from '@cabinet/service/audit/tell-accesses';
import { headsPath, witness } from '@cabinet/service/audit/witness';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { allTopics } from '../../dev/src/processes.ts';
import { SidecarTrie } from '../../tools/src/sidecar-trie.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const documents = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.yaml') && file !== 'dapr.yaml')
    .flatMap((file) => parseAllDocuments(read(join(folder, file))).map((document) => document.toJS()));

interface App {
  appID: string;
  appDirPath: string;
  appPort: number;
}

const { apps } = parse(read('dapr/dapr.yaml')) as { apps: App[] };
const services = readdirSync(join(root, 'services'));
const declaredBy = (service: string) => JSON.parse(read(join('services', service, 'process.json')));
const keepers = services.filter((service) => declaredBy(service).patientData);

describe('every process', () => {
  it('stands in the run file: registry, gateway and each service', () => {
    expect(apps.map(({ appID }) => appID).sort()).toEqual(['gateway', 'registry', ...services].sort());
  });

  it.each(apps)('$appID has one name: folder, workspace and app-id', ({ appID, appDirPath }) => {
    const folder = join('dapr', appDirPath);
    expect(folder.split('/').at(-1)).toBe(appID);
    expect(JSON.parse(read(join(folder, 'package.json'))).name).toBe(`@cabinet/${appID}`);
    for (const file of ['README.md', 'src/main.ts', 'src/app.ts', 'src/config.ts']) {
      expect([file, existsSync(join(root, folder, file))]).toEqual([file, true]);
    }
  });

  it('has a port of its own', () => {
    expect(new Set(apps.map(({ appPort }) => appPort)).size).toBe(apps.length);
  });

  it.each(apps)('$appID starts in a file of at most 15 lines', ({ appDirPath }) => {
    expect(
      read(join('dapr', appDirPath, 'src/main.ts'))
        .trim()
        .split('\n').length,
    ).toBeLessThanOrEqual(15);
  });

  it.each(apps)('$appID reads the environment in one place only', ({ appDirPath }) => {
    const folder = join(root, 'dapr', appDirPath, 'src');
    const readers = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('generated'))
      .filter((file) => readFileSync(join(folder, file), 'utf8').includes('process.env'));
    expect(readers.filter((file) => !['main.ts', 'config.ts'].includes(file))).toEqual([]);
  });
});

describe('every subscription', () => {
  const subscriptions = documents('dapr/subscriptions');

  it('names its one consumer, at the route of its topic', () => {
    expect(subscriptions.length).toBeGreaterThan(0);
    for (const { metadata, scopes, spec } of subscriptions) {
      expect([metadata.name, scopes.length]).toEqual([metadata.name, 1]);
      // What devices send is read from a broker of their own.
      const route = spec.pubsubname === 'devices' ? 'devices' : spec.topic;
      expect(spec.routes.default).toBe(`/events/${route}`);
    }
  });

  it('hears what some process tells, through a component that its consumer may use', () => {
    const told = allTopics();
    for (const { scopes, spec } of subscriptions) {
      const [component] = documents('components').filter(({ metadata }) => metadata.name === spec.pubsubname);
      expect(component.scopes).toContain(scopes[0]);
      if (spec.pubsubname === 'events') expect(told).toContain(spec.topic);
    }
  });
});

describe('retries between services', () => {
  const [resiliency] = documents('dapr').filter(({ kind }) => kind === 'Resiliency');

  it('happen only for 502 to 504, and no sidecar has a circuit breaker', () => {
    expect(resiliency.spec.policies.circuitBreakers).toBeUndefined();
    for (const target of Object.values<{ retry: string }>(resiliency.spec.targets.apps)) {
      expect(resiliency.spec.policies.retries[target.retry].matching.httpStatusCodes).toBe('502-504');
    }
  });

  it('are set for every service, with a time-out', () => {
    expect(Object.keys(resiliency.spec.targets.apps).sort()).toEqual(services.toSorted());
    for (const target of Object.values<{ timeout: string }>(resiliency.spec.targets.apps)) {
      expect(resiliency.spec.policies.timeouts[target.timeout]).toMatch(/^\d+m?s$/);
    }
  });
});

/** `POST /api/patients/status` as it stands in a service's calls and in its `process.json`; any part that varies is `*`. */
const asked = (service: string): string[] =>
  readdirSync(join(root, 'services', service, 'src/data'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [
      ...read(join('services', service, 'src/data', file)).matchAll(
        /\.(GET|POST|PUT|PATCH|DELETE)\(\s*'(\/api\/[^']+)'/g,
      ),
    ])
    .map(([, method, path]) => `${method} ${path?.replace(/\{\w+\}/g, '*')}`);

describe('what a service asks its neighbours', () => {
  const declared = (service: string): string[] => Object.values<string[]>(declaredBy(service).asks ?? {}).flat();

  it('is what it declares', () => {
    const asking = services.filter((service) => asked(service).length > 0);
    expect(asking).toEqual(expect.arrayContaining(['appointment', 'record']));
    for (const service of services) {
      // What serve asks for all of them.
      const heads = service === witness ? [] : [`POST ${headsPath}`];
      const isKeeping = keepers.includes(service) && service !== witness && service !== keeperOfAccesses;
      const byAll = [...heads, ...(isKeeping ? [`POST ${accessesPath}`] : [])];
      expect([service, ...new Set([...asked(service), ...byAll])].sort()).toEqual(
        [service, ...declared(service)].sort(),
      );
    }
  });

  it('is, of all operations of the practice, what sidecars let it ask', () => {
    const [{ spec }] = documents('dapr').filter(({ kind, spec }) => kind === 'Configuration' && spec.accessControl);
    interface Policy {
      appId: string;
      operations: { name: string; httpVerb: string[]; action: string }[];
    }
    const practice = services.flatMap((service) => {
      const { paths } = JSON.parse(read(join('services', service, 'openapi.json'))) as { paths: object };
      return Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => ({ verb: method.toUpperCase(), path })),
      );
    });
    for (const service of services) {
      const { operations = [] } =
        (spec.accessControl.policies as Policy[]).find(({ appId }) => appId === service) ?? {};
      const trie = new SidecarTrie(
        operations.map(({ name, httpVerb, action }) => ({ name, verbs: httpVerb, isAllowed: action === 'allow' })),
      );
      const isLet = practice.filter(({ verb, path }) => trie.lets(verb, path.replaceAll(/\{\w+\}/g, randomUUID())));
      expect([service, ...isLet.map(({ verb, path }) => `${verb} ${path.replaceAll(/\{\w+\}/g, '*')}`)].sort()).toEqual(
        [service, ...declared(service)].sort(),
      );
    }
  });
});
