import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { listenForCommands, sendCommand } from './control.ts';
import { Home } from './home.ts';
import { freePort } from './ports.ts';
import { isAlive } from './process-identity.ts';
import type { ProcessSpec } from './process-spec.ts';
import { Progress, type ProgressEvent } from './progress.ts';
import { readState } from './state.ts';
import { Supervisor } from './supervisor.ts';
import { httpScript, nodeSpec, temporaryHome } from './testing.ts';

const ports = {
  servers: {
    postgres: 1,
    kafka: 2,
    kafkaController: 3,
    mongodb: 4,
    sentry: 5,
    mailpit: 6,
    mailpitPage: 7,
    mosquitto: 8,
  },
  apps: {},
};

function supervise(specs: ProcessSpec[], home: Home = temporaryHome()) {
  const events: ProgressEvent[] = [];
  const supervisor = new Supervisor({ home, ports, specs, progress: new Progress((event) => events.push(event)) });
  onTestFinished(() => supervisor.stop());
  const said = () => events.flatMap((event) => (event.type === 'say' ? [event.text] : []));
  const record = (name: string) => supervisor.records.find((each) => each.name === name);
  return { supervisor, home, events, said, record };
}

it('starts a process when those it needs are ready, and writes down that they run', async () => {
  const server = nodeSpec('database', httpScript, { kind: 'server', port: await freePort() });
  const app = nodeSpec('app', httpScript, { port: await freePort(), after: ['database'] });
  const { supervisor, home, events } = supervise([server, app]);
  await supervisor.start();
  const order = events.flatMap((event) =>
    event.type === 'say' || event.type === 'note' ? [] : [`${event.type} ${event.step}`],
  );
  expect(order).toEqual(['begin database', 'done database', 'begin app', 'done app']);
  expect(readState(home)).toMatchObject({ phase: 'running', processes: [{ state: 'ready' }, { state: 'ready' }] });
});

it('stops everything and shows the end of its log when one ends before it is ready', async () => {
  const good = nodeSpec('good', httpScript, { port: await freePort() });
  const bad = nodeSpec('bad', 'console.error("the configuration is wrong"); process.exit(7)', {
    port: await freePort(),
  });
  const { supervisor, record } = supervise([good, bad]);
  await expect(supervisor.start()).rejects.toThrow(
    /^bad ended with exit code 7 before it was ready; its log ends:\nthe configuration is wrong$/,
  );
  expect(record('good')).toMatchObject({ state: 'stopped', identity: undefined });
});

it('says what cannot be run at all', async () => {
  const { supervisor } = supervise([nodeSpec('ghost', '', { command: '/no/such/program', port: await freePort() })]);
  await expect(supervisor.start()).rejects.toThrow(/^ghost ended with exit code 127/);
});

it('starts a process again that was killed, and counts it', async () => {
  const app = nodeSpec('app', httpScript, { port: await freePort() });
  const { supervisor, said, record } = supervise([app]);
  await supervisor.start();
  const before = record('app')?.identity?.pid as number;
  process.kill(before, 'SIGKILL');
  await expect.poll(() => record('app')?.restarts, { timeout: 20_000 }).toBe(1);
  await expect.poll(() => record('app')?.state, { timeout: 20_000 }).toBe('ready');
  expect(record('app')?.identity?.pid).not.toBe(before);
  expect(said()).toEqual(['app was ended by SIGKILL; starting it again in 0.5 s', 'app is back']);
});

it('waits longer before each further start of a process that keeps ending', async () => {
  const once = `import { existsSync, writeFileSync } from 'node:fs';
    if (existsSync(process.env.FLAG)) process.exit(1);
    writeFileSync(process.env.FLAG, '');
    ${httpScript.replace("import { createServer } from 'node:http';", "const { createServer } = await import('node:http');")}`;
  const home = temporaryHome();
  const port = await freePort();
  const app = nodeSpec('app', once, { port, env: { PORT: String(port), FLAG: home.run('flag') } });
  const { supervisor, said, record } = supervise([app], home);
  await supervisor.start();
  process.kill(record('app')?.identity?.pid as number, 'SIGKILL');
  await expect.poll(() => said().length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
  expect(said().slice(0, 3)).toEqual([
    'app was ended by SIGKILL; starting it again in 0.5 s',
    'app ended with exit code 1; starting it again in 1 s',
    'app ended with exit code 1; starting it again in 2 s',
  ]);
});

it('stops services before the registry, then sidecars, then servers', async () => {
  const specs = [
    nodeSpec('database', httpScript, { kind: 'server', port: await freePort() }),
    nodeSpec('registry', httpScript, { port: await freePort() }),
    nodeSpec('app', httpScript, { port: await freePort() }),
    nodeSpec('app-sidecar', httpScript, { kind: 'sidecar', port: await freePort() }),
  ];
  const { supervisor, events } = supervise(specs);
  await supervisor.start();
  await supervisor.stop();
  const stops = events.flatMap((event) => (event.type === 'done' && event.step.startsWith('stop') ? [event.step] : []));
  expect(stops).toEqual(['stop services', 'stop registry', 'stop sidecars', 'stop servers']);
});

it('kills a process that does not stop in its time', async () => {
  const stubborn = `process.on('SIGTERM', () => undefined); ${httpScript}`.replace(
    "import { createServer } from 'node:http';",
    "const { createServer } = await import('node:http');",
  );
  const { supervisor, record } = supervise([nodeSpec('app', stubborn, { port: await freePort(), stopTimeoutMs: 200 })]);
  await supervisor.start();
  const identity = record('app')?.identity;
  await supervisor.stop();
  expect(identity && isAlive(identity)).toBe(false);
});

it('stops and starts single processes on command, and keeps down what was stopped', async () => {
  const app = nodeSpec('app', httpScript, { port: await freePort() });
  const { supervisor, home, record, said } = supervise([app]);
  await supervisor.start();
  const server = await listenForCommands(home, (command, name) =>
    command === 'stop' ? supervisor.stopProcess(name) : supervisor.startProcess(name),
  );
  onTestFinished(() => void server.close());
  await sendCommand(home, 'stop', 'app');
  expect(record('app')).toMatchObject({ state: 'stopped', identity: undefined });
  await sendCommand(home, 'start', 'app');
  expect(record('app')).toMatchObject({ state: 'ready', restarts: 0 });
  expect(said()).toEqual([]);
  await expect(sendCommand(home, 'stop', 'nobody')).rejects.toThrow('there is no process "nobody": there are app.');
});

it('takes commands also in a folder whose path is longer than a socket may have', async () => {
  const home = new Home(join(temporaryHome().folder, 'a'.repeat(120)));
  home.create();
  const seen: string[] = [];
  const server = await listenForCommands(home, async (command, name) => void seen.push(`${command} ${name}`));
  onTestFinished(() => void server.close());
  await sendCommand(home, 'start', 'some thing');
  expect(seen).toEqual(['start some thing']);
});

it('writes what a process says into its log, and keeps the log of the run before', async () => {
  const home = temporaryHome();
  for (const word of ['first', 'second']) {
    const port = await freePort();
    const { supervisor } = supervise([nodeSpec('app', `console.log('${word}'); ${httpScript}`, { port })], home);
    await supervisor.start();
    await supervisor.stop();
  }
  expect(readFileSync(home.log('app'), 'utf8')).toBe('second\n');
  expect(existsSync(`${home.log('app')}.1`) && readFileSync(`${home.log('app')}.1`, 'utf8')).toBe('first\n');
});
