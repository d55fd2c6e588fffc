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

describe('the secrets of a running platform', () => {
  it('are many, long, and in files that only their owner reads', () => {
    expect(secrets.size).toBeGreaterThan(20);
    expect([...secrets].filter(([name, value]) => name !== 'password' && value.length < 24)).toEqual([]);
    const folder = platform().home.secret('');
    const open = readdirSync(folder).filter((file) => (statSync(join(folder, file)).mode & 0o077) !== 0);
    expect(open).toEqual([]);
  });

  it('are found where they are given to processes, so that finding none elsewhere says something', () => {
    const environments = processIds().map(
      ([name, pid]): Written => [name, readFileSync(`/proc/${pid}/environ`, 'utf8')],
    );
    expect(leaks(environments)).toEqual(expect.arrayContaining(["patient's database in patient"]));
  });

  it('stand in no arguments of a process', () => {
    const all = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
    const commands = all.flatMap((pid): Written[] => {
      try {
        return [[`process ${pid}`, readFileSync(`/proc/${pid}/cmdline`, 'utf8')]];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
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
    expect(leaks([...answers, ...logs(), ...(await topics())])).toEqual([]);
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
