import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { workTree } from '../cache.mjs';
import { Home } from '../src/home.ts';
import { tableImports } from '../src/import.ts';
import { freePorts, type Ports, portVariables } from '../src/ports.ts';
import { isAlive, type ProcessIdentity, signal } from '../src/process-identity.ts';
import { extensionsOf, processesWith } from '../src/processes.ts';
import { postgresUrl } from '../src/servers/postgres.ts';
import { readState } from '../src/state.ts';
import type { PlatformStatus } from '../src/status.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

// With the servers alone: what the verbs do is the same for them as for everything.
const home = new Home(join(workTree, '.cabinet/tests', `verbs-${process.pid}`));
let ports: Ports;

interface Outcome {
  code: number | null;
  output: string;
}

const environment = () => ({ ...process.env, CABINET_HOME: home.folder, ...portVariables(ports) });

function cabinet(words: string[], settings: Record<string, string> = {}): Promise<Outcome> {
  const env = { ...environment(), ...settings };
  const child = spawn(process.execPath, [join(workTree, 'dev/cabinet.mjs'), ...words], { env, cwd: workTree });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

const up = (settings?: Record<string, string>) => cabinet(['up', '--servers-only'], settings);
const status = async () => JSON.parse((await cabinet(['status', '--json'])).output) as PlatformStatus;

function runningProcesses(): ProcessIdentity[] {
  return (readState(home)?.processes ?? []).flatMap(({ identity }) => identity ?? []);
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  ports = await freePorts([]);
});

afterAll(async () => {
  await cabinet(['down']);
  rmSync(home.folder, { recursive: true, force: true });
});

describe('a platform in the background', () => {
  it('is up when the command returns, and status shows it', async () => {
    expect(await up()).toMatchObject({ code: 0 });
    const { running, ready, processes } = await status();
    expect({ running, ready }).toEqual({ running: true, ready: true });
    expect(processes.map(({ process: name, state, port }) => [name, state, port])).toEqual([
      ['postgres', 'ready', ports.servers.postgres],
      ['kafka', 'ready', ports.servers.kafka],
      ['mongodb', 'ready', ports.servers.mongodb],
      ['mosquitto', 'ready', ports.servers.mosquitto],
    ]);
    expect((await cabinet(['status'])).output).toMatch(/^postgres +ready +\d+ /m);
  });

  it('says so when it is started a second time', async () => {
    expect(await up()).toMatchObject({ code: 0, output: expect.stringContaining('Cabinet is already running') });
    const second = await cabinet(['start', '--servers-only']);
    expect(second.code).toBe(1);
    expect(second.output).toMatch(
      /^cabinet: Cabinet is already running in .*: npm run status shows it, npm run down stops it\.\n$/,
    );
  });

  it('gives each role its own database with the extensions, and no other', async () => {
    const url = (role: string) => postgresUrl(home, ports.servers.postgres, role);
    const roles = processesWith('postgres');
    expect(roles.length).toBeGreaterThan(3);
    for (const role of roles) {
      const extensions = await query(
        url(role),
        "select extname from pg_extension where extname <> 'plpgsql' order by 1",
      );
      expect(extensions).toEqual(extensionsOf(role).map((extname) => ({ extname })));
      const others = [...roles.filter((other) => other !== role), 'postgres', 'template1'];
      for (const other of others) {
        const strange = new URL(url(role));
        strange.pathname = other;
        await expect(query(strange.href, 'select 1')).rejects.toThrow(/permission denied for database/);
      }
    }
  });

  it('is not taken for the whole practice when it is the servers alone', async () => {
    expect(await cabinet(['up'])).toEqual({
      code: 1,
      output: 'cabinet: The servers alone are running (--servers-only): npm run down stops them.\n',
    });
  });

  it('names what could be started when asked for what nobody knows', async () => {
    const unknown = await cabinet(['up', '--only', 'patient,pharmacy,']);
    expect(unknown.code).toBe(1);
    expect(unknown.output).toMatch(
      /^cabinet: no process is called pharmacy; there are: registry, gateway, (?:[\w-]+, )+[\w-]+\.\n$/,
    );
  });

  it('shows what a process wrote, and names those there are when asked for another', async () => {
    expect(await cabinet(['logs', 'platform'])).toMatchObject({ code: 0, output: expect.stringContaining('✓ kafka') });
    const unknown = await cabinet(['logs', 'nobody']);
    expect(unknown.code).toBe(1);
    expect(unknown.output).toBe(
      'cabinet: no process "nobody" has a log; there are: kafka, mongodb, mosquitto, platform, postgres.\n',
    );
  });

  it('keeps its data when it is stopped and started', async () => {
    const url = postgresUrl(home, ports.servers.postgres, 'patient');
    await query(url, 'create table kept as select 42 as answer');
    const before = runningProcesses();
    expect(await cabinet(['down'])).toMatchObject({ code: 0 });
    expect(before.filter(isAlive)).toEqual([]);
    expect((await cabinet(['status'])).code).toBe(1);
    expect(await up()).toMatchObject({ code: 0 });
    expect(await query(url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('is cleaned up and started anew after its supervisor was killed', async () => {
    const left = runningProcesses();
    const supervisor = readState(home)?.supervisor;
    expect(supervisor && signal(supervisor, 'SIGKILL')).toBe(true);
    await expect.poll(() => supervisor && isAlive(supervisor)).toBe(false);
    expect(left.every(isAlive)).toBe(true);
    const { code, output } = await cabinet(['status']);
    expect(code).toBe(1);
    expect(output).toMatch(/^Cabinet's supervisor was killed\. These still run, and nobody watches them:\n/);
    for (const name of ['postgres', 'kafka', 'mongodb', 'mosquitto'])
      expect(output).toMatch(new RegExp(`^${name} +\\d+ +\\d+$`, 'm'));
    expect(output).toContain('npm run down ends them; npm start, or npm run up, ends them and starts everything anew.');
    expect((await status()).leftovers.map(({ pid }) => pid)).toEqual(left.map(({ pid }) => pid));
    const again = await up();
    expect(again.code).toBe(0);
    expect(again.output).toContain(
      'An earlier run was killed; ended what it left: postgres, kafka, mongodb, mosquitto',
    );
    expect(left.filter(isAlive)).toEqual([]);
  });

  it('is ended by down also when its supervisor was killed', async () => {
    const left = runningProcesses();
    const supervisor = readState(home)?.supervisor;
    expect(supervisor && signal(supervisor, 'SIGKILL')).toBe(true);
    await expect.poll(() => supervisor && isAlive(supervisor)).toBe(false);
    expect(await cabinet(['down'])).toMatchObject({ code: 0, output: expect.stringContaining('ended what it left') });
    expect(left.filter(isAlive)).toEqual([]);
    expect((await cabinet(['status'])).output).toMatch(/^Cabinet is not running: /);
  });
});

describe('a platform in the foreground', () => {
  const commands: [string, NodeJS.Signals, string, string[]][] = [
    ['Ctrl-C', 'SIGINT', process.execPath, [join(workTree, 'dev/cabinet.mjs'), 'start', '--servers-only']],
    ['the end of the npm that runs it', 'SIGTERM', 'npm', ['start', '--silent', '--', '--servers-only']],
  ];
  it.each(commands)('is stopped as a whole by %s', async (_, how, command, words) => {
    const child = spawn(command, words, { env: environment(), cwd: workTree, stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve) => {
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('Ctrl-C stops everything')) resolve();
      });
    });
    const before = runningProcesses();
    expect(before.filter(isAlive)).toHaveLength(4);
    child.kill(how);
    await expect.poll(() => before.filter(isAlive), { timeout: 60_000 }).toEqual([]);
    await expect.poll(() => readState(home), { timeout: 60_000 }).toBeUndefined();
  });
});

describe('a platform that cannot be started', () => {
  it('names the taken port and its variable, and starts nothing', async () => {
    const server = createServer().listen(ports.servers.mongodb, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { code, output } = await up();
    await new Promise((resolve) => server.close(resolve));
    expect(code).toBe(1);
    expect(output).toMatch(
      new RegExp(`^cabinet: port ${ports.servers.mongodb}, wanted by mongodb, is taken.* CABINET_PORT_MONGODB\\.\\n$`),
    );
    expect(runningProcesses()).toEqual([]);
  });

  it('shows the end of the log of what failed, and leaves nothing running', async () => {
    rmSync(home.data('mongodb'), { recursive: true });
    writeFileSync(home.data('mongodb'), 'a file where the folder should be');
    const { code, output } = await up();
    rmSync(home.data('mongodb'));
    expect(code).toBe(1);
    expect(output).toMatch(/mongodb/);
    expect((await status()).running).toBe(false);
    expect(runningProcesses()).toEqual([]);
  });

  it('says which tool is missing and what to do', async () => {
    const { code, output } = await up({ JAVA_HOME: '/no/java/here' });
    expect(code).toBe(1);
    expect(output).toMatch(/^cabinet: Java 17 or newer is needed .*: install a JRE, or set JAVA_HOME\.\n$/);
  });

  it('refuses words that no verb knows', async () => {
    expect(await cabinet(['fly'])).toMatchObject({
      code: 1,
      output: expect.stringContaining('there is no verb "fly"'),
    });
    expect(await cabinet(['up', '--fast'])).toMatchObject({
      code: 1,
      output: expect.stringContaining('up has no option --fast'),
    });
    for (const verb of ['down', 'build', 'check', 'status', 'logs', 'gen']) {
      const { code, output } = await cabinet([verb, '--now']);
      expect([verb, code, output]).toEqual([
        verb,
        1,
        `cabinet: ${verb} has no option --now; npm run ${verb} -- --help says what it takes.\n`,
      ]);
    }
    for (const [words, what] of [
      [['build', 'foo'], 'build does not take "foo"'],
      [['check', 'foo'], 'check does not take "foo"'],
      [['logs', 'kafka', 'mongodb'], 'logs does not take "mongodb"'],
      [['up', '--only'], '--only needs a value'],
      [['up', '--servers-only=yes'], '--servers-only takes no value'],
      [['up', '--only', ','], '--only needs the name of a process.'],
    ] as const)
      expect(await cabinet([...words])).toMatchObject({ code: 1, output: expect.stringContaining(`cabinet: ${what}`) });
  });

  it('says that -- is missing where npm kept an option, and starts nothing', async () => {
    for (const words of [['--servers-only'], ['--no-seed']]) {
      const child = spawn('npm', ['run', '--silent', 'up', ...words], { env: environment(), cwd: workTree });
      let output = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
      const code = await new Promise((resolve) => child.once('close', resolve));
      expect([words, code]).toEqual([words, 1]);
      expect(output).toContain(`cabinet: npm keeps ${words[0]} for itself: write npm run up -- ${words[0]}`);
    }
    expect(runningProcesses()).toEqual([]);
  });

  it('says its version', async () => {
    const { version } = JSON.parse(readFileSync(join(workTree, 'package.json'), 'utf8'));
    expect(await cabinet(['--version'])).toEqual({ code: 0, output: `${version}\n` });
  });
});

describe('a platform that is being started', () => {
  it('is seen by status, kept from reset, and stopped by down', async () => {
    await cabinet(['down']);
    const lock = join(workTree, 'dev/src/lock.ts');
    const script = `import { tryLock } from '${lock}'; tryLock('${home.lock}'); console.log('held'); setInterval(() => 0, 9e4)`;
    const starting = spawn(process.execPath, ['--input-type=module', '--eval', script]);
    await new Promise((resolve) => starting.stdout.once('data', resolve));
    const said = `Cabinet is being started (process ${starting.pid}); npm run down stops it.\n`;
    expect(await cabinet(['status'])).toEqual({ code: 1, output: said });
    const reset = await cabinet(['reset', '--yes']);
    expect(reset).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^cabinet: Cabinet is being started in .*; nothing was removed\.\n$/),
    });
    expect(existsSync(home.data('postgres'))).toBe(true);
    expect(await cabinet(['down'])).toMatchObject({
      code: 0,
      output: expect.stringContaining('stop what is being started'),
    });
    expect([starting.exitCode, starting.signalCode]).toEqual([null, 'SIGTERM']);
    expect((await cabinet(['down'])).output).toBe('Cabinet is not running.\n');
  });
});

describe('reset', () => {
  it('removes nothing of a folder that is no home of Cabinet', async () => {
    const other = join(home.folder, 'of somebody else');
    mkdirSync(join(other, 'data'), { recursive: true });
    const { code, output } = await cabinet(['reset', '--yes'], { CABINET_HOME: other });
    expect({ code, output }).toEqual({
      code: 1,
      output: `cabinet: ${other} is not a home of Cabinet (CABINET_HOME): nothing was removed.\n`,
    });
    expect(existsSync(join(other, 'data'))).toBe(true);
  });

  it('asks before it removes anything', async () => {
    expect(await cabinet(['reset'])).toMatchObject({ code: 1, output: expect.stringContaining('Nothing was removed') });
    expect(existsSync(home.data('postgres'))).toBe(true);
  });

  it('empties its data, also of a platform that runs, and keeps what opens its backups', async () => {
    // A home of before has no mark.
    expect(await up()).toMatchObject({ code: 0 });
    rmSync(join(home.folder, '.cabinet-home'));
    const before = runningProcesses();
    expect(await cabinet(['reset', '--yes'])).toMatchObject({ code: 0 });
    expect(before.filter(isAlive)).toEqual([]);
    const kept = ['data', 'run', 'logs', 'secrets'].filter((folder) => existsSync(join(home.folder, folder)));
    expect(kept).toEqual(['secrets']);
  });
});

describe('help', () => {
  const scripts: Record<string, string> = JSON.parse(readFileSync(join(workTree, 'package.json'), 'utf8')).scripts;
  const names = Object.keys(scripts);

  it("shows each of npm's verbs by its name, once, in three groups", async () => {
    const { code, output } = await cabinet(['--help']);
    expect(code).toBe(0);
    const shown = [...output.matchAll(/^ {2}(\S+) {2,}\S/gm)].map(([, name]) => name);
    expect(shown.sort()).toEqual(names.sort());
    expect(output.match(/^(?:Run|Operate|Develop)$/gm)).toEqual(['Run', 'Operate', 'Develop']);
  });

  it.each(names)('is there for %s', async (name) => {
    expect(scripts[name]).toBe(`node dev/cabinet.mjs ${name}`);
    const { code, output } = await cabinet([name, '--help']);
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`^npm (?:run )?${name}(?: -- .+)?\n  \\S`));
  });

  it('names all that can be imported, and what says who imports it in which charset', async () => {
    const { output } = await cabinet(['import', '--help']);
    const kinds = [...tableImports.keys()];
    expect(kinds).toEqual(['patients', 'practitioners', 'appointments']);
    const said = [...kinds, '--charset', 'windows-1252', 'CABINET_EMAIL', 'CABINET_PASSWORD'];
    expect(said.filter((word) => !output.includes(String(word)))).toEqual([]);
  });
});
