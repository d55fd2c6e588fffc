import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workTree } from '../cache.mjs';
import { bringArtifacts } from '../src/artifacts.ts';
import { Home } from '../src/home.ts';
import { identityEnvironment, writeIdentities } from '../src/identities.ts';
import { ManagedProcess } from '../src/managed-process.ts';
import { freePort } from '../src/ports.ts';
import { homeMarker } from '../src/process-identity.ts';
import { inheritedEnvironment } from '../src/process-spec.ts';
import { Progress } from '../src/progress.ts';
import { sentry } from '../src/servers/sentry.ts';
import { accepts, until } from '../src/wait.ts';

const home = new Home(join(workTree, '.cabinet/tests', `identities-${process.pid}`));
const identities = home.run('identities');
const marker = { [homeMarker]: home.folder };
const started: ManagedProcess[] = [];
let authority: ManagedProcess;
let port: number;

async function start(spec: ManagedProcess['spec']): Promise<ManagedProcess> {
  const managed = new ManagedProcess(spec, home.log(spec.name), marker);
  started.push(managed);
  void managed.launch();
  await managed.whenReady();
  return managed;
}

/** Some seconds in the place of a day. */
function shortenLives(): void {
  const file = join(identities, 'sentry.yaml');
  const configuration = JSON.parse(readFileSync(file, 'utf8'));
  Object.assign(configuration.spec.mtls, { workloadCertTTL: '6s', allowedClockSkew: '1s' });
  writeFileSync(file, JSON.stringify(configuration));
}

beforeAll(async () => {
  home.create();
  writeIdentities(identities, ['patient']);
  shortenLives();
  const artifacts = await bringArtifacts(new Progress(() => undefined), ['daprd', 'sentry']);
  const sentryPort = await freePort();
  authority = await start(sentry({ home, port: sentryPort, binary: artifacts.sentry, identities }));
  port = await freePort();
  const flags = {
    'app-id': 'patient',
    'dapr-http-port': await freePort(),
    'dapr-grpc-port': await freePort(),
    'dapr-internal-grpc-port': port,
    'dapr-listen-addresses': '127.0.0.1',
    'dapr-internal-grpc-listen-address': '127.0.0.1',
    'enable-metrics': false,
    'enable-mtls': true,
    'sentry-address': `127.0.0.1:${sentryPort}`,
  };
  await start({
    name: 'patient-sidecar',
    kind: 'sidecar',
    command: artifacts.daprd,
    args: Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
    cwd: home.run(),
    env: { ...inheritedEnvironment(), ...identityEnvironment(identities, 'patient') },
    port,
    after: [],
    ready: (signal) => until(() => accepts(port), signal),
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
  });
}, 120_000);

afterAll(async () => {
  await Promise.all(started.map((each) => each.stop()));
  rmSync(home.folder, { recursive: true, force: true });
});

/** What the sidecar shows to others that it is. */
function shown(): Promise<{ names: string | undefined; serial: string; end: number }> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      port,
      host: '127.0.0.1',
      ca: readFileSync(join(identities, 'anchor.crt')),
      checkServerIdentity: () => undefined,
    });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      const { subjectaltname, serialNumber, valid_to } = socket.getPeerCertificate();
      socket.destroy();
      resolve({ names: subjectaltname, serial: serialNumber, end: Date.parse(valid_to) });
    });
  });
}

it('shows a certificate in the name of its process, and renews it before it ends', async () => {
  const first = await shown();
  expect(first.names).toBe('URI:spiffe://public/ns/cabinet/patient');
  await expect.poll(async () => (await shown()).serial).not.toBe(first.serial);
  expect((await shown()).end).toBeGreaterThan(first.end);
});

it('has a good one again as soon as sentry is back, however long that was away', async () => {
  await authority.stop();
  // It is not believed any more: its certificate has ended.
  await expect
    .poll(
      () =>
        shown().then(
          () => 'believed',
          (error) => error.code,
        ),
      { timeout: 30_000 },
    )
    .toBe('CERT_HAS_EXPIRED');
  void authority.launch();
  await authority.whenReady();
  await expect
    .poll(
      () =>
        shown().then(
          ({ end }) => end > Date.now(),
          () => false,
        ),
      { timeout: 40_000 },
    )
    .toBe(true);
}, 90_000);
