import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workTree } from '../../../dev/cache.mjs';
import { bringArtifacts } from '../../../dev/src/artifacts.ts';
import { Home } from '../../../dev/src/home.ts';
import { ManagedProcess } from '../../../dev/src/managed-process.ts';
import { freePort } from '../../../dev/src/ports.ts';
import { homeMarker } from '../../../dev/src/process-identity.ts';
import { processSecrets } from '../../../dev/src/process-secrets.ts';
import { inheritedEnvironment, type ProcessSpec } from '../../../dev/src/process-spec.ts';
import { readProcesses } from '../../../dev/src/processes.ts';
import { Progress } from '../../../dev/src/progress.ts';
import { secret } from '../../../dev/src/secrets.ts';
import { mosquitto } from '../../../dev/src/servers/mosquitto.ts';
import { answers, until as untilIn } from '../../../dev/src/wait.ts';
import { until } from '../../../tests/support/http.ts';
import { MqttClient } from '../../../tests/support/mqtt.ts';
import { appApiToken } from '../../../tests/support/service.ts';
import { neverUnhealthy } from '../../../tools/src/derived-files.ts';
import { newPatient, pairedDevice, pulse, startService, type WearableService } from './support.ts';

const home = new Home(join(workTree, '.cabinet/tests', `mqtt-${process.pid}`));
const topic = 'devices/readings';
let service: WearableService;
let brokerPort: number;
let broker: ManagedProcess;
let sidecar: ManagedProcess;
let daprd: string;

/** Stands between the sidecar and the service: lets through, answers that it is unwell, or loses the answer to what was done. */
const between = {
  mode: 'through' as 'through' | 'unwell' | 'answers are lost',
  probes: 0,
  deliveries: 0,
  server: createServer(async (req, res) => {
    const parts: Buffer[] = [];
    for await (const part of req) parts.push(part);
    if (req.url === '/health/ready') between.probes += 1;
    if (req.url === '/events/devices') between.deliveries += 1;
    if (between.mode === 'unwell') return res.writeHead(500).end();
    const headers = Object.fromEntries(
      ['content-type', 'dapr-api-token'].flatMap((name) =>
        req.headers[name] ? [[name, String(req.headers[name])]] : [],
      ),
    );
    const body = parts.length > 0 ? Buffer.concat(parts) : undefined;
    const answer = await fetch(service.base + req.url, { method: req.method, headers, body }).catch(() => undefined);
    if (!answer || (between.mode === 'answers are lost' && req.method === 'POST')) return req.socket.destroy();
    res.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  }),
};

/** Ready when it returns; `launch` again after `kill`. */
async function launch(managed: ManagedProcess): Promise<ManagedProcess> {
  void managed.launch();
  await managed.whenReady();
  return managed;
}
const managed = (spec: ProcessSpec) => new ManagedProcess(spec, home.log(spec.name), { [homeMarker]: home.folder });

async function kill(process: ManagedProcess): Promise<void> {
  process.kill('SIGKILL');
  await until(() => !process.isRunning);
}

function secrets(): Record<string, string> {
  const processes = readProcesses();
  const wearable = processes.find(({ name }) => name === 'wearable');
  if (!wearable) throw new Error('there is no wearable');
  return processSecrets(wearable, processes, {
    made: (name) => secret(home, name),
    deviceBroker: `127.0.0.1:${brokerPort}`,
  });
}

/** As the platform has it: the same component, subscription and policies. */
async function sidecarOf(name: string, daprd: string): Promise<ProcessSpec> {
  const { port: appPort } = between.server.address() as AddressInfo;
  const resources = home.run('resources');
  mkdirSync(resources, { recursive: true });
  const wanted = [
    'components/devices',
    'components/secrets',
    'dapr/resiliency',
    'dapr/subscriptions/wearable-hears-devices',
  ];
  for (const file of wanted) cpSync(join(workTree, `${file}.yaml`), join(resources, `${file.split('/').at(-1)}.yaml`));
  writeFileSync(home.run('secrets.json'), JSON.stringify({ wearable: secrets() }), { mode: 0o600 });
  const httpPort = await freePort();
  const flags = {
    'app-id': 'wearable',
    'app-port': appPort,
    'dapr-http-port': httpPort,
    'dapr-grpc-port': await freePort(),
    'dapr-internal-grpc-port': await freePort(),
    'dapr-listen-addresses': '127.0.0.1',
    'enable-metrics': false,
    'app-health-check-path': '/health/ready',
    'app-health-probe-interval': 1,
    'app-health-threshold': neverUnhealthy,
    'resources-path': resources,
  };
  return {
    name,
    kind: 'sidecar',
    command: daprd,
    args: [...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`), '--enable-app-health-check'],
    cwd: home.run(),
    env: { ...inheritedEnvironment(), APP_API_TOKEN: appApiToken, SECRETS_FILE: home.run('secrets.json') },
    port: httpPort,
    after: [],
    ready: async (signal) => {
      await untilIn(() => answers(`http://127.0.0.1:${httpPort}/v1.0/healthz`, 204), signal);
    },
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
  };
}

beforeAll(async () => {
  home.create();
  const artifacts = await bringArtifacts(new Progress(() => undefined), ['daprd', 'mosquitto']);
  brokerPort = await freePort();
  const { MQTT_URL, MQTT_SESSION } = secrets();
  service = await startService({ MQTT_URL, MQTT_SESSION });
  await new Promise<void>((resolve) => between.server.listen(0, '127.0.0.1', resolve));
  broker = await launch(managed(mosquitto({ home, port: brokerPort, program: artifacts.mosquitto })));
  daprd = artifacts.daprd;
  sidecar = await launch(managed(await sidecarOf('wearable-sidecar', daprd)));
});
afterAll(async () => {
  await sidecar?.stop();
  await broker?.stop();
  between.server.closeAllConnections();
  between.server.close();
  await service?.stop();
  rmSync(home.folder, { recursive: true, force: true });
});

const minuteOf = (nth: number) => new Date(Date.parse('2026-11-20T08:00:00Z') + nth * 60_000).toISOString();

/** Somebody whose device has sent so many messages, each of which the broker has. */
async function sent(count: number): Promise<string> {
  const patient = await newPatient(service);
  const { token: deviceToken } = await pairedDevice(patient, { since: '2026-11-20T00:00:00Z' });
  using device = await MqttClient.connect(brokerPort);
  for (let nth = 0; nth < count; nth += 1) {
    const readings = [pulse({ effectiveAt: minuteOf(nth), value: 60 + nth })];
    await device.publish(topic, JSON.stringify({ deviceToken, readings }));
  }
  return patient.patientId;
}

const stored = (patientId: string) =>
  service.count('reading', 'track_id in (select id from track where patient_id = $1)', [patientId]);
const values = async (patientId: string, count: number) =>
  (await service.readingsTold(patientId, count)).map(({ value }) => value).sort((a, b) => a - b);
const wanted = (count: number) => Array.from({ length: count }, (_, nth) => 60 + nth);

it('what a device sends by MQTT is stored and told', async () => {
  const patientId = await sent(3);
  expect(await values(patientId, 3)).toEqual(wanted(3));
});

it('while the service is unwell, however long, all stays with the broker, and comes when the service is well', async () => {
  between.mode = 'unwell';
  const { probes } = between;
  // More than are under way at once.
  const patientId = await sent(60);
  await until(() => between.probes > probes + 6);
  expect(await stored(patientId)).toBe(0);
  between.mode = 'through';
  expect(await values(patientId, 60)).toEqual(wanted(60));
  expect(await stored(patientId)).toBe(60);
});

it('what was under way when the sidecar was killed comes again', async () => {
  between.mode = 'unwell';
  const { deliveries } = between;
  const patientId = await sent(30);
  await until(() => between.deliveries > deliveries + 10);
  await kill(sidecar);
  between.mode = 'through';
  expect(await stored(patientId)).toBe(0);
  await launch(sidecar);
  expect(await values(patientId, 30)).toEqual(wanted(30));
});

it('what was stored, but of which nobody heard, comes again and changes nothing', async () => {
  between.mode = 'answers are lost';
  const { deliveries } = between;
  const patientId = await sent(5);
  await until(() => between.deliveries > deliveries + 10);
  await kill(sidecar);
  between.mode = 'through';
  await launch(sidecar);
  // Behind those, in the same session.
  const other = await sent(1);
  await values(other, 1);
  expect(await values(patientId, 5)).toEqual(wanted(5));
  expect(await stored(patientId)).toBe(5);
  expect(await service.count('reading_earlier')).toBe(0);
});

it('what the broker has taken is there after it was killed too', async () => {
  await kill(sidecar);
  const file = join(home.data('mosquitto'), 'mosquitto.db');
  const patientId = await sent(20);
  // The last of them is on the disk, and with it those before.
  const last = minuteOf(19);
  await until(() => existsSync(file) && readFileSync(file).includes(last));
  await kill(broker);
  await launch(broker);
  await launch(sidecar);
  expect(await values(patientId, 20)).toEqual(wanted(20));
});

it('of two sidecars one has the session at a time, and nothing is lost between them', async () => {
  const another = await launch(managed(await sidecarOf('another-sidecar', daprd)));
  try {
    const patientId = await sent(40);
    expect(await values(patientId, 40)).toEqual(wanted(40));
    await kill(sidecar);
    const later = await sent(10);
    expect(await values(later, 10)).toEqual(wanted(10));
    await launch(sidecar);
  } finally {
    await another.stop();
  }
  const last = await sent(5);
  expect(await values(last, 5)).toEqual(wanted(5));
});

it('nobody but the sidecar reads what devices send, or signs in without its password', async () => {
  using stranger = await MqttClient.connect(brokerPort);
  for (const filter of [topic, '#', '$SYS/#', '$share/x/devices/readings']) await stranger.subscribe(filter);
  const patientId = await sent(1);
  await values(patientId, 1);
  await stranger.publish('health', 'x');
  expect(stranger.messages).toEqual([]);
  await expect(MqttClient.connect(brokerPort, { user: 'cabinet', password: 'guessed' })).rejects.toThrow('refused: 5');
});

it('what is larger than a thousand readings, or goes elsewhere, reaches nobody', async () => {
  const { deliveries } = between;
  using stranger = await MqttClient.connect(brokerPort);
  await stranger.publish('devices/other', 'x');
  await expect(stranger.publish(topic, 'x'.repeat(300_000))).rejects.toThrow('closed');
  const patientId = await sent(1);
  await values(patientId, 1);
  expect(between.deliveries).toBe(deliveries + 1);
});
