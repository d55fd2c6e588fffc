import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { versions } from '../../dev/cache.mjs';
import { processesWith, readProcesses, withNeeded } from '../../dev/src/processes.ts';
import { readRunFile } from '../../dev/src/run-file.ts';
import { silentAboutValues } from '../../dev/src/servers/postgres.ts';
import { composeSecretNames } from '../../operations/src/compose-secrets.ts';
import { neverUnhealthy, switchesOf } from '../../tools/src/derived-files.ts';

const root = join(import.meta.dirname, '../..');
const { apps } = readRunFile();
const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true, maxAliasCount: -1 });
const services: [string, Service][] = Object.entries(compose.services);

interface Service {
  image: string;
  profiles: string[];
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string>;
  env_file?: string[];
  secrets?: string[];
  volumes?: string[];
  ports?: string[];
  network_mode?: string;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
  hostname?: string;
  networks?: Record<string, { aliases: string[] }>;
}

/** Taken by the sidecars as they are, and so no secrets of the compose file. */
const envFiles = ['authority.env', 'broker.env', 'sidecars.env'];

const service = (name: string): Service => compose.services[name];
/** The images of processes bring a health check of their own. */
const isAsked = (name: string) => Boolean(service(name).healthcheck ?? service(name).image.startsWith('cabinet/'));

describe('the compose file', () => {
  it("keeps what people wrote out of its databases' logs, as on one machine", () => {
    const databases = services.filter(([, { image }]) => image.startsWith('postgres:'));
    expect(databases.length).toBeGreaterThan(3);
    const wanted = Object.entries(silentAboutValues).map(([setting, value]) => `${setting}=${value}`);
    for (const [name, { command = [] }] of databases) {
      expect([name, ...command.filter((word) => word !== '-c')]).toEqual([name, ...wanted]);
    }
  });

  it('has every process of the run file, with its image and beside its sidecar, on the same port', () => {
    const processes = services.filter(([, { image }]) => image.startsWith('cabinet/')).map(([name]) => name);
    expect(processes.sort()).toEqual(apps.map(({ name }) => name).sort());
    for (const { name, ports } of apps) {
      expect([service(name).image, service(name).environment?.APP_HOST]).toEqual([`cabinet/${name}`, name]);
      const sidecar = service(`${name}-dapr`);
      const pod = service(`${name}-pod`);
      expect([pod.hostname, pod.networks?.default?.aliases]).toEqual([name, [name]]);
      for (const each of [service(name), sidecar]) expect(each.network_mode).toBe(`service:${name}-pod`);
      expect(sidecar.image).toBe(`daprio/daprd:${versions.daprd}`);
      const words = [`--app-id=${name}`, `--app-port=${ports.app}`, `--app-channel-address=${name}`];
      const { hearsDevices } = readProcesses().find((each) => each.name === name) ?? {};
      if (hearsDevices) words.push(`--app-health-threshold=${neverUnhealthy}`);
      expect(sidecar.command).toEqual(words);
    }
  });

  it('starts each process with the switches of its memory, in the place of what its image says', () => {
    for (const process of readProcesses()) {
      const words = ['node', '--env-file=/run/secrets/sidecar-tokens', ...switchesOf(process), 'dist/main.js'];
      expect([process.name, service(process.name).command]).toEqual([process.name, words]);
    }
  });

  it('addresses processes that exist, by their ports', () => {
    const portOf = Object.fromEntries(apps.map(({ name, ports }) => [name, String(ports.app)]));
    for (const [, { environment = {} }] of services) {
      for (const value of [environment.REGISTRY_URLS, environment.JWKS_URL].filter((each) => each !== undefined)) {
        const { hostname, port } = new URL(value);
        expect(port).toBe(portOf[hostname]);
      }
    }
  });

  it('starts each thing after what it needs is healthy, and all of that exists', () => {
    for (const [name, { depends_on = {}, profiles }] of services) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect([name, condition, isAsked(other)]).toEqual([name, 'service_healthy', true]);
        expect(service(other).profiles).toEqual(expect.arrayContaining(profiles));
      }
    }
    for (const name of processesWith('postgres')) {
      expect(Object.keys(service(name).depends_on ?? {}).sort()).toEqual(
        [`${name}-postgres`, 'kafka', 'registry'].sort(),
      );
    }
  });

  it('mounts only files that exist and volumes that it names', () => {
    const used = new Set<string>();
    for (const [name, { volumes = [] }] of services) {
      for (const source of volumes.map((each) => each.split(':')[0] ?? '')) {
        if (source.startsWith('./'))
          expect([name, source, existsSync(join(root, source))]).toEqual([name, source, true]);
        else if (source !== '/var/run/docker.sock') used.add(source);
      }
    }
    expect([...used].sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it('takes every secret from a file that the verb writes, and holds none itself', () => {
    const given = Object.entries<{ file: string }>(compose.secrets);
    for (const [name, { file }] of given) expect(file).toBe(`.cabinet/compose/${name}`);
    const files = [...given.map(([name]) => name), ...envFiles];
    expect(files.sort()).toEqual(composeSecretNames().sort());
    const used = new Set(services.flatMap(([, { secrets = [] }]) => secrets));
    expect([...used].sort()).toEqual(given.map(([name]) => name).sort());
    for (const [name, { environment = {}, command = [], secrets = [] }] of services) {
      const words = [...Object.values(environment), ...command].flatMap((text) =>
        text.match(/(?<=\/run\/secrets\/)[\w-]+/g),
      );
      for (const secret of words) if (secret) expect([name, secrets]).toEqual([name, expect.arrayContaining([secret])]);
      const naked = Object.keys(environment).filter((key) => /PASSWORD$|TOKEN$|SECRET$|DATABASE_URL$/.test(key));
      expect([name, naked]).toEqual([name, []]);
    }
  });

  it('gives a process its secrets by its sidecar alone, and waits with neither for the other', () => {
    for (const { name } of apps) {
      const { environment, secrets, command, depends_on = {} } = service(name);
      expect([name, environment?.SECRET_STORE, secrets]).toEqual([name, 'secrets', ['sidecar-tokens']]);
      expect(command).toContain('--env-file=/run/secrets/sidecar-tokens');
      expect(Object.keys(depends_on)).not.toContain(`${name}-dapr`);
      expect(Object.keys(service(`${name}-dapr`).depends_on ?? {})).not.toContain(name);
    }
  });

  it('has each sidecar show the authority that it is the sidecar of its own process, and ask for proof of the others', () => {
    for (const { name } of apps) {
      const { entrypoint, environment, secrets, env_file } = service(`${name}-dapr`);
      expect([name, secrets, environment]).toEqual([
        name,
        [`${name}-identity`, `${name}-secrets`],
        {
          DAPR_SENTRY_TOKEN_FILE: `/run/secrets/${name}-identity`,
          SECRETS_FILE: `/run/secrets/${name}-secrets`,
        },
      ]);
      expect(env_file?.map((file) => basename(file)).sort()).toEqual(envFiles);
      expect(entrypoint).toEqual(
        expect.arrayContaining([
          '--enable-mtls',
          '--config=/resources/dapr/access.yaml',
          '--sentry-address=sentry:50001',
        ]),
      );
    }
    expect(service('sentry').image).toBe(`daprio/sentry:${versions.daprd}`);
  });

  it('lets only this machine in, and there only to the gateway, to the mails it sent, to the broker of the devices and to Grafana', () => {
    const open = services.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
    /* biome-ignore-start lint/suspicious/noTemplateCurlyInString: compose fills them in */
    expect(open).toEqual([
      'gateway-pod 127.0.0.1:${CABINET_PORT_GATEWAY:-8080}:8080',
      'mailpit 127.0.0.1:${CABINET_PORT_MAILPIT_PAGE:-8025}:8025',
      'mosquitto 127.0.0.1:${CABINET_PORT_MOSQUITTO:-1883}:1883',
      'grafana 127.0.0.1:3000:3000',
    ]);
    /* biome-ignore-end lint/suspicious/noTemplateCurlyInString: compose fills them in */
  });

  it('gives mails to Mailpit, of the version that runs on one machine, and to nobody else', () => {
    expect(service('mailpit').image).toBe(`axllent/mailpit:v${versions.mailpit}`);
    expect(service('notification').environment).toMatchObject({ SMTP_HOST: 'mailpit', SMTP_SECURITY: 'none' });
  });

  it('has the profiles core and observability, and one for each service with what it needs', () => {
    const own = readProcesses().filter(({ kind }) => kind === 'service');
    const names = own.map(({ name }) => name);
    expect(new Set(services.flatMap(([, { profiles }]) => profiles))).toEqual(
      new Set(['core', 'observability', ...names]),
    );
    for (const { name } of own) {
      const started = services.flatMap(([each, { profiles }]) => (profiles.includes(name) ? [each] : []));
      const processes = started.filter((each) => service(each).image.startsWith('cabinet/'));
      expect([name, ...processes.sort()]).toEqual([name, ...withNeeded([name]).sort()]);
      expect(started).toEqual(expect.arrayContaining(['kafka', 'sentry', ...processes.map((each) => `${each}-dapr`)]));
    }
  });
});
