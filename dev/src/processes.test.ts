import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { staleDerivations, writeDerivations } from '../../tools/src/derive.ts';
import { workTree } from '../cache.mjs';
import { readProcesses, withNeeded } from './processes.ts';

const root = mkdtempSync(join(tmpdir(), 'cabinet-processes-'));
afterAll(() => rmSync(root, { recursive: true }));

const copied = [
  '{registry,gateway,services/*}/{process.json,package.json,Dockerfile}',
  '{dapr,components,k8s,observability/prometheus}/**/*.{yaml,yml}',
  '{tsconfig.json,docker-compose.yml,docs/operate.md}',
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

describe('a declaration that cannot be', () => {
  it.each<[string, string, object, string]>([
    ['has a field that nobody knows', 'services/patient/process.json', { prot: 1 }, 'prot'],
    ['has the port of another', 'services/patient/process.json', { port: 9094 }, 'port 9094 is that of'],
    ["would share its sidecar's ports", 'services/patient/process.json', { port: 9180 }, 'digits of port 80'],
    [
      'hears what nobody tells',
      'services/patient/process.json',
      { hears: { weather: 'waits' } },
      'nobody tells weather',
    ],
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
      'tells what another tells',
      'services/patient/process.json',
      { tells: 'auth', hears: {} },
      'topic auth is that of',
    ],
    [
      'has a secret that no shell can name',
      'services/patient/process.json',
      { secrets: { 'a-b': { name: 'x', text: 'y' } } },
      'secrets',
    ],
    [
      'has the secret of another',
      'services/patient/process.json',
      { secrets: { KEY: { name: 'auth-keys', text: 'y' } } },
      'secret auth-keys is that of',
    ],
    [
      'has a prefix of three parts',
      'services/patient/process.json',
      { routes: [{ prefix: '/a/b/c' }] },
      'path of one or two parts',
    ],
    [
      'imports below no route of its own',
      'services/patient/process.json',
      { imports: ['/api/auth/import'] },
      'under no route of its own',
    ],
  ])('%s: it says so in a line, and nothing is written', (_, file, fields, said) => {
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

  it('is missing, or no JSON', () => {
    writeFileSync(join(root, 'services/patient/process.json'), '{');
    rmSync(join(root, 'services/auth/process.json'));
    expect(() => readProcesses(root)).toThrow(/services\/auth\/process\.json is missing/);
    expect(() => readProcesses(root)).toThrow(/services\/patient\/process\.json: is no JSON/);
  });
});

describe('processes that are named', () => {
  it('come with those that they ask, and with what nothing runs without', () => {
    expect(withNeeded(['patient'])).toEqual(['registry', 'gateway', 'patient', 'auth']);
    expect(withNeeded(['record'])).toEqual(withNeeded(readProcesses().map(({ name }) => name)));
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
    change('services/notification/package.json', { name: '@cabinet/notification' });
    change('services/notification/process.json', {
      port: 9095,
      database: { kind: 'postgres', extensions: [] },
      routes: [{ prefix: '/api/notifications', aliases: ['/api/notify'] }, { prefix: '/fhir' }],
      tells: 'notification',
      hears: { appointment: 'reminds patients of what they booked' },
      asks: { patient: ['GET /api/patients/*'] },
      secrets: { NOTIFICATION_KEY: { name: 'notification-keys', text: 'protects what is to be sent' } },
      internet: { ports: [587], why: 'Mail goes out.' },
    });
    const written = writeDerivations(root);
    expect(written).toEqual(
      expect.arrayContaining([
        'dapr/dapr.yaml',
        'dapr/subscriptions/notification-hears-appointment.yaml',
        'services/notification/Dockerfile',
        'k8s/base/notification/kustomization.yaml',
        'k8s/traits/network-policies/internet-notification.yaml',
        'docker-compose.yml',
      ]),
    );
    expect(text('dapr/access.yaml')).toContain('- appId: notification');
    expect(text('k8s/traits/network-policies/sidecars.yaml')).toContain('values: [appointment, notification, record]');
    expect(text('k8s/overlays/production/secrets.yaml')).toContain('name: notification-keys');
    expect(writeDerivations(root)).toEqual([]);

    rmSync(join(root, 'services/notification'), { recursive: true });
    writeDerivations(root);
    expect(everything()).toEqual(before);
  });
});
