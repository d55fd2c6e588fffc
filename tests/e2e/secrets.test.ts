import { execFileSync } from 'node:child_process';
import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { workTree } from '../../dev/cache.mjs';
import { seededPassword } from '../../dev/src/seed/index.ts';
import { caller } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { bookAndHear, signedInAs } from '../support/practice.ts';
import { logs, topics, type Written } from '../support/written.ts';

/** Each secret of the platform, and what somebody signs in with, by what it is. */
const secrets = new Map<string, string>();

const contents = (folder: string): Written[] =>
  globSync('**/*', { cwd: folder })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => [file, readFileSync(join(folder, file), 'utf8')]);

beforeAll(async () => {
  const { home, identities, services } = platform();
  for (const [name, value] of contents(home.secret(''))) secrets.set(name, value.trim());
  for (const [name, text] of contents(identities.folder)) {
    // All keys begin alike: the second line tells them apart.
    const [, , line] = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) ? text.split('\n') : [];
    if (line) secrets.set(name, line);
  }
  for (const service of services)
    secrets.set(`${service}'s database`, new URL(platform().databaseUrl(service)).password);
  const login = { email: 'admin@cabinet.test', password: seededPassword };
  const { body, headers } = await caller(platform().url('gateway'))('POST', '/api/auth/login', login);
  secrets.set('password', seededPassword);
  secrets.set('access token', body.accessToken);
  for (const cookie of headers.getSetCookie()) {
    const [name = '', value = ''] = cookie.split(/[=;]/);
    secrets.set(`cookie ${name}`, value);
  }
  const admin = caller(platform().url('gateway'), `Bearer ${body.accessToken}`);
  await bookAndHear(await signedInAs('secretary'), admin);
}, 240_000);

/** Names of secrets that stand in the text. */
const foundIn = (text: string): string[] => [...secrets].flatMap(([name, value]) => (text.includes(value) ? name : []));

/** The demonstration's password is no secret: it stands in the repository, and other tests may type it. */
const isOfDemonstration = (leak: string): boolean => leak.startsWith('password in ');

/** Of those given, where secrets stand, and which. */
const leaks = (written: Written[]): string[] =>
  written.flatMap(([where, text]) => foundIn(text).map((name) => `${name} in ${where}`));

const processIds = (): [name: string, pid: number][] =>
  platform()
    .processes()
    .flatMap(({ name, identity }) => (identity ? [[name, identity.pid] as [string, number]] : []));

const pids = (): string[] => readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));

/** What the system tells of a process, if it has not ended meanwhile. */
function readOf(pid: string, what: 'environ' | 'cmdline', where: string): Written[] {
  try {
    return [[where, readFileSync(`/proc/${pid}/${what}`, 'utf8')]];
  } catch {
    return [];
  }
}

describe('the secrets of a running platform', () => {
  it('are many, long, and in files that only their owner reads', () => {
    expect(secrets.size).toBeGreaterThan(20);
    expect([...secrets].filter(([name, value]) => name !== 'password' && value.length < 24)).toEqual([]);
    const folder = platform().home.secret('');
    const open = readdirSync(folder).filter((file) => (statSync(join(folder, file)).mode & 0o077) !== 0);
    expect(open).toEqual([]);
  });

  it("are found where each sidecar reads its process's own, and no other", () => {
    const stores = contents(platform().home.run('secrets'));
    const names = ['gateway', 'registry', ...platform().services];
    expect(stores.map(([file]) => file).sort()).toEqual(names.map((name) => `${name}.json`).sort());
    expect(leaks(stores)).toEqual(expect.arrayContaining(["patient's database in patient.json"]));
    const ofOne = /^(?:(.+)'s database|(?:audit-key|postgres)-(.+)|(.+)-registry-token) in (.+)\.json$/;
    const others = leaks(stores).filter((leak) => {
      const [, database, key, token, store] = ofOne.exec(leak) ?? [];
      const owner = database ?? key ?? token ?? store;
      return owner !== store && !(token && store === 'registry');
    });
    expect(others).toEqual([]);
    const open = stores.filter(([file]) => (statSync(platform().home.run(`secrets/${file}`)).mode & 0o077) !== 0);
    expect(open).toEqual([]);
  });

  it('are told by a sidecar to its own process, under its name alone', async () => {
    const ask = (name: string, token: string) =>
      fetch(`${platform().sidecarUrl('patient')}/v1.0/secrets/secrets/${name}`, {
        headers: { 'dapr-api-token': token },
      });
    const own = await ask('patient', platform().daprApiToken('patient'));
    expect(own.status).toBe(200);
    expect(Object.keys((await own.json()) as object)).toContain('AUDIT_KEYS');
    const others = await ask('auth', platform().daprApiToken('patient'));
    expect(others.status).toBeGreaterThanOrEqual(400);
    expect(foundIn(await others.text())).toEqual([]);
    expect((await ask('patient', platform().daprApiToken('auth'))).status).toBe(401);
  });

  it('stand in no environment but what is needed before a store can be read', () => {
    const own = new Map(processIds().map(([name, pid]) => [String(pid), name]));
    const environments = pids().flatMap((pid): Written[] => readOf(pid, 'environ', own.get(pid) ?? `process ${pid}`));
    expect(environments.filter(([name]) => [...own.values()].includes(name))).toHaveLength(own.size);
    // A process and its sidecar know each other; children have what their parents have.
    const knowEachOther = /^([\w-]+)-(?:dapr|app)-api-token in (?:\1(?:-sidecar)?|process \d+)$/;
    const ofServers = /^kafka in [\w-]+-sidecar$|^(?:mongodb|record's database) in mongodb$/;
    const found = leaks(environments).filter((leak) => !isOfDemonstration(leak));
    expect(found).toEqual(expect.arrayContaining(['patient-dapr-api-token in patient']));
    expect(found.filter((leak) => !knowEachOther.test(leak) && !ofServers.test(leak))).toEqual([]);
  });

  it('stand in no arguments of a process', () => {
    const commands = pids().flatMap((pid) => readOf(pid, 'cmdline', `process ${pid}`));
    const own = new Set(processIds().map(([, pid]) => `process ${pid}`));
    expect(commands.filter(([where]) => own.has(where))).toHaveLength(own.size);
    expect(leaks(commands).filter((leak) => !isOfDemonstration(leak))).toEqual([]);
  });

  it('stand in no log, event, metric or page', async () => {
    const pages = ['/metrics', '/health/ready', '/status', '/openapi.json', '/eureka/apps'];
    const read = async (name: string, path: string): Promise<Written> => {
      const answer = await fetch(platform().url(name) + path);
      return [`${name}${path} (${answer.status})`, await answer.text()];
    };
    const apps = ['gateway', 'registry', ...platform().services];
    const answers = await Promise.all(apps.flatMap((name) => pages.map((path) => read(name, path))));
    expect(answers.filter(([where]) => where.endsWith('/metrics (200)'))).toHaveLength(apps.length);
    // Everybody may know that one: it opens a demonstration, and examples try it.
    const isExample = (leak: string) => isOfDemonstration(leak) && / in (?:auth|gateway)\/openapi\.json /.test(leak);
    const found = leaks([...answers, ...logs(), ...(await topics())]);
    expect(found.filter((leak) => !isExample(leak))).toEqual([]);
  });

  it('stand in no file of the repository', () => {
    const files = execFileSync('git', ['ls-files', '-z'], { cwd: workTree, encoding: 'utf8' })
      .split('\0')
      .filter(Boolean);
    expect(files.length).toBeGreaterThan(1_000);
    const texts = files.map((file): Written => [file, readFileSync(join(workTree, file), 'utf8')]);
    expect(leaks(texts).filter((leak) => !isOfDemonstration(leak))).toEqual([]);
    // Nor do those of anybody else: keys, and tokens that are whole.
    const anybodys =
      /-----BEGIN [A-Z ]*PRIVATE KEY-----\n[\w+/=]|\bAKIA[0-9A-Z]{16}\b|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/;
    expect(texts.filter(([, text]) => anybodys.test(text)).map(([file]) => file)).toEqual([]);
  });
});
