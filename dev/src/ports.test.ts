import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import {
  defaultServerPorts,
  freePort,
  freePorts,
  holderOf,
  portVariable,
  requireFreePorts,
  resolvePorts,
} from './ports.ts';
import { readRunFile } from './run-file.ts';

const { apps } = readRunFile();

it('takes a port from the environment, for a process, its sidecar and a server', () => {
  const ports = resolvePorts(apps, {
    CABINET_PORT_PATIENT: '7001',
    CABINET_PORT_PATIENT_DAPR_HTTP: '7002',
    CABINET_PORT_KAFKA_CONTROLLER: '7003',
  });
  expect(ports.apps.patient).toMatchObject({ app: 7001, daprHttp: 7002, daprGrpc: 3691 });
  expect(ports.servers).toEqual({ ...defaultServerPorts, kafkaController: 7003 });
});

it('has a port for Prometheus only when it is asked for', () => {
  expect(resolvePorts(apps, {}).observers).toBeUndefined();
  expect(resolvePorts(apps, { CABINET_PORT_PROMETHEUS: '7004' }, true).observers).toEqual({ prometheus: 7004 });
});

it.each(['0', '65536', 'abc', '80.5', '-1'])('refuses %s as a port, naming the variable', (port) => {
  expect(() => resolvePorts(apps, { CABINET_PORT_AUTH: port })).toThrow(`CABINET_PORT_AUTH=${port} is not a port`);
});

it('refuses one port for two, naming both', () => {
  expect(() => resolvePorts(apps, { CABINET_PORT_AUTH: '9091' })).toThrow(/port 9091 is wanted by patient and auth/);
});

it('writes the names of variables in one way', () => {
  expect(portVariable('kafkaController')).toBe('CABINET_PORT_KAFKA_CONTROLLER');
  expect(portVariable('patient', '_DAPR_HTTP')).toBe('CABINET_PORT_PATIENT_DAPR_HTTP');
});

it('finds free ports that are all different', async () => {
  const { servers, apps: found } = await freePorts(apps);
  const all = [...Object.values(servers), ...Object.values(found).flatMap((ports) => Object.values(ports))];
  expect(new Set(all).size).toBe(8 + apps.length * 5);
});

it('says which port is taken, who wanted it, who holds it and which variable changes it', async () => {
  const port = await freePort();
  const server = createServer().listen(port, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  const free = await freePorts(apps);
  const ports = { ...free, servers: { ...free.servers, postgres: port } };
  await expect(requireFreePorts(ports)).rejects.toThrow(
    new RegExp(
      `^port ${port}, wanted by postgres, is taken.*: stop that, or choose another by CABINET_PORT_POSTGRES\\.$`,
    ),
  );
  if (process.platform === 'linux') expect(holderOf(port)).toBe(process.pid);
});

it.runIf(process.platform === 'linux')('says in one line that another Cabinet holds them', async () => {
  const [one, two] = [await freePort(), await freePort()];
  const script = `const { createServer } = require('node:net');
    for (const port of [${one}, ${two}]) createServer().listen(port, '127.0.0.1');`;
  const other = spawn(process.execPath, ['--eval', script], { env: { CABINET_RUNS_IN: '/some/home' } });
  onTestFinished(() => void other.kill());
  await expect.poll(() => [holderOf(one), holderOf(two)]).toEqual([other.pid, other.pid]);
  const free = await freePorts(apps);
  const ports = { ...free, servers: { ...free.servers, postgres: one, kafka: two } };
  await expect(requireFreePorts(ports)).rejects.toThrow(
    /^another Cabinet, in \/some\/home, holds 2 of the ports: [^\n]*$/,
  );
});

it('waits for a port that an outgoing connection has for a moment', async () => {
  const [port, far] = [await freePort(), await freePort()];
  const server = createServer((socket) => socket.on('error', () => {})).listen(far, '127.0.0.1');
  onTestFinished(() => void server.close());
  const connection = connect({ port: far, host: '127.0.0.1', localAddress: '127.0.0.1', localPort: port });
  await new Promise((resolve) => connection.once('connect', resolve));
  const free = await freePorts(apps);
  const checked = requireFreePorts({ ...free, servers: { ...free.servers, postgres: port } });
  setImmediate(() => connection.resetAndDestroy());
  await expect(checked).resolves.toBeUndefined();
});

it('is content with ports that are free', async () => {
  await expect(requireFreePorts(await freePorts(apps))).resolves.toBeUndefined();
});
