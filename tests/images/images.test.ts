import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../dev/src/ports.ts';
import { readRunFile } from '../../dev/src/run-file.ts';
import { withServed } from '../../tools/images/closure.ts';
import { docker, runToEnd, startContainer } from '../support/containers.ts';
import { createDatabase, createMongoDatabase } from '../support/database.ts';

const { apps } = readRunFile();
const root = join(import.meta.dirname, '../..');
const nothing = { workspaces: [], packages: [], imported: [] };
const imageOf = (name: string) => `cabinet/${name}:latest`;
const inspect = (image: string) => JSON.parse(docker('image', 'inspect', image))[0];
const filesOf = (image: string) =>
  docker('run', '--rm', '--network', 'none', image, 'find', '/cabinet', '-type', 'f').split('\n');

/** Enough for any process to start, with a database of its own; neither sidecar nor registry is there. */
async function settingsOf(name: string, port: number): Promise<Record<string, string>> {
  return {
    APP_HOST: '127.0.0.1',
    APP_PORT: String(port),
    DATABASE_URL: name === 'record' ? createMongoDatabase(name) : await createDatabase(name),
    DAPR_HTTP_PORT: '1',
    JWKS_URL: 'http://127.0.0.1:1/jwks.json',
    REGISTRY_URLS: 'http://127.0.0.1:1/eureka/',
    PROCESS_TOKEN_PATIENT: 'only-for-this-test-only-for-this-test',
    AUTH_KEY_SECRET: 'only-for-this-test-only-for-this-test',
    CALENDAR_SECRET: 'only-for-this-test-only-for-this-test',
    NOTIFICATION_SECRET: 'only-for-this-test-only-for-this-test',
    AUDIT_KEYS: 'only-for-this-test-only-for-this-test',
    EVENT_KEYS: `${name}=only-for-this-test-only-for-this-test`,
  };
}

describe.each(apps)('the image of $name', ({ name, folder }) => {
  const image = imageOf(name);

  it('starts confined, finds itself healthy, is ready with its database, and stops when asked', async () => {
    const port = await freePort();
    await using container = startContainer(image, await settingsOf(name, port));
    const health = () => docker('inspect', '--format', '{{.State.Health.Status}} {{.State.Status}}', container.id);
    await expect.poll(health, { timeout: 60_000 }).toBe('healthy running');
    // The gateway knows nobody to send requests to before it has heard a registry.
    const ready = async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).status;
    await expect.poll(ready, { timeout: 30_000 }).toBe(name === 'gateway' ? 503 : 200);
    docker('stop', '--time', '20', container.id);
    expect(docker('inspect', '--format', '{{.State.ExitCode}}', container.id)).toBe('0');
  });

  it('runs as nobody in particular, and holds no way to find out secrets', () => {
    const { Config } = inspect(image);
    expect(Config.User).toBe('10001:10001');
    expect(Config.Env.filter((line: string) => /SECRET|PASSWORD|TOKEN|DATABASE_URL/.test(line))).toEqual([]);
    expect(filesOf(image).filter((file) => /\.(?:npmrc|env|pem|key)$/.test(file))).toEqual([]);
  });

  it('says by a bill of materials what packages are in it, all of them, and of what the pages were made that it serves', () => {
    const read = (file: string) => docker('run', '--rm', '--network', 'none', image, 'cat', file);
    const { components } = JSON.parse(read('/cabinet/sbom.cdx.json')) as { components: { 'bom-ref': string }[] };
    const manifests = filesOf(image).flatMap(
      (file) => /^\/cabinet\/((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(file)?.[1] ?? [],
    );
    const named = components.map((each) => each['bom-ref']).filter((ref) => ref.includes('node_modules/'));
    const pages = name === 'gateway' ? withServed(root, nothing, 'portal').packages : [];
    expect(named.sort()).toEqual([...new Set([...manifests, ...pages])].sort());
  });

  it('adds less than 80 MiB to its base', () => {
    const added = inspect(image).Size - inspect('node:24-bookworm-slim').Size;
    expect(added / 1024 ** 2).toBeLessThan(80);
  });

  it('has the same layers when it is built again', () => {
    const again = `cabinet/${name}:again`;
    const input = readFileSync(join(folder, 'Dockerfile'));
    execFileSync('docker', ['build', '--no-cache', '-t', again, '-'], { input, stdio: ['pipe', 'pipe', 'pipe'] });
    expect(inspect(again).RootFS.Layers).toEqual(inspect(image).RootFS.Layers);
    docker('image', 'rm', again);
  });
});

describe('an image', () => {
  it('holds the driver of its own database and no other', () => {
    expect(filesOf(imageOf('patient')).filter((file) => file.includes('node_modules/mongodb/'))).toEqual([]);
    expect(filesOf(imageOf('record')).filter((file) => file.includes('node_modules/pg/'))).toEqual([]);
    expect(filesOf(imageOf('registry')).filter((file) => file.includes('@mikro-orm'))).toEqual([]);
  });

  it('holds no sources, source maps or tests, but licences', () => {
    const files = filesOf(imageOf('patient'));
    expect(files.filter((file) => /\.(?:ts|map)$|\.test\.js$/.test(file))).toEqual([]);
    expect(files.some((file) => /node_modules\/express\/LICENSE$/.test(file))).toBe(true);
  });

  it('of the appointment service holds the holidays that a thread of its own reads', () => {
    const script =
      "import('date-holidays').then(({ default: H }) => console.log(new H('FR').getHolidays(2027).length))";
    const days = docker('run', '--rm', '--network', 'none', imageOf('appointment'), 'node', '-e', script);
    expect(Number(days)).toBeGreaterThan(10);
  });

  it('that is started without settings ends at once and names each that it lacks', async () => {
    const { code, output } = await runToEnd(imageOf('patient'));
    expect(code).toBe(1);
    for (const name of ['DATABASE_URL', 'JWKS_URL', 'DAPR_HTTP_PORT']) expect(output).toContain(`- ${name}: `);
  });
});
