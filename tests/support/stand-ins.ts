import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { versions } from '../../dev/cache.mjs';
import { javaCommand } from '../../dev/prerequisites.mjs';
import { type Artifacts, bringArtifacts } from '../../dev/src/artifacts.ts';
import { Progress, ProgressDisplay } from '../../dev/src/progress.ts';

const run = promisify(execFile);

/** Images of others that our compose file and our clusters use, each with what its stand-in is made of besides its recipe. */
const standIns: Record<string, { artifact?: keyof Artifacts; addTo(context: string, artifacts: Artifacts): unknown }> =
  {
    postgres: {
      artifact: 'postgresTools',
      addTo: (context, { postgresTools }) => {
        for (const folder of ['embedded_postgres', 'embedded_postgres.libs'])
          cpSync(join(postgresTools, '../../..', folder), join(context, folder), { recursive: true });
      },
    },
    kafka: {
      artifact: 'kafka',
      addTo: (context, { kafka }) => {
        cpSync(join(kafka, 'libs'), join(context, 'libs'), { recursive: true });
        return makeJavaRuntime(join(context, 'jre'));
      },
    },
    mongo: {
      artifact: 'mongodb',
      addTo: (context, { mongodb }) => cpSync(mongodb, join(context, 'ferretdb')),
    },
    'eclipse-mosquitto': {
      artifact: 'mosquitto',
      // Debian's package as it was unpacked, with its libraries.
      addTo: (context, { mosquitto }) =>
        cpSync(join(mosquitto, '../../..', 'usr'), join(context, 'usr'), { recursive: true }),
    },
    sentry: {
      artifact: 'sentry',
      addTo: (context, { sentry }) => cpSync(sentry, join(context, 'sentry')),
    },
    daprd: {
      artifact: 'daprd',
      addTo: (context, { daprd }) => cpSync(daprd, join(context, 'daprd')),
    },
    prometheus: {
      artifact: 'prometheus',
      addTo: (context, { prometheus }) => cpSync(join(prometheus, 'prometheus'), join(context, 'prometheus')),
    },
    pause: { addTo: (context) => go(['-o', 'pause', 'main.go'], context) },
  };

const recipes = join(import.meta.dirname, 'stand-ins');

/**
 * Brings images by their public names. Where one cannot be pulled, a stand-in is made under its name from the same server
 * that the local platform runs.
 */
export async function bringImages(images: string[]): Promise<void> {
  const progress = new Progress(new ProgressDisplay().show);
  for (const image of images) {
    const name = /([^/:]+)(?::[^/]*)?$/.exec(image)?.[1] ?? image;
    const standIn = standIns[name];
    if (!standIn) throw new Error(`there is no stand-in for ${image}`);
    const recipe = fingerprint(join(recipes, name));
    const made = recipeOf(image);
    if (made === recipe || made === '') continue;
    if (made === undefined && spawnSync('docker', ['pull', '-q', image], { timeout: 300_000 }).status === 0) continue;
    const artifacts = await bringArtifacts(progress, standIn.artifact ? [standIn.artifact] : []);
    await progress.step(`stand-in for the image ${image}`, async () => {
      const context = mkdtempSync(join(tmpdir(), 'cabinet-image-'));
      try {
        cpSync(join(recipes, name), context, { recursive: true });
        await standIn.addTo(context, artifacts);
        await run('docker', ['build', '-t', image, '--label', `${label}=${recipe}`, context]);
      } finally {
        rmSync(context, { recursive: true });
      }
    });
  }
}

const label = 'cabinet.stand-in';

/** Undefined when there is no such image here; empty when it is the real one. */
function recipeOf(image: string): string | undefined {
  const format = `{{index .Config.Labels "${label}"}}`;
  const { status, stdout } = spawnSync('docker', ['image', 'inspect', '-f', format, image], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function fingerprint(folder: string): string {
  const files = readdirSync(folder, { recursive: true }).map((file) => join(folder, String(file)));
  const hash = createHash('sha256').update(JSON.stringify(versions));
  for (const file of files.filter((each) => statSync(each).isFile()).sort()) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

/** A Java runtime that needs nothing of this machine, from the JDK that builds the platform's servers. */
async function makeJavaRuntime(folder: string): Promise<void> {
  const { stderr } = await run(javaCommand, ['-XshowSettings:properties', '-version']);
  const home = /java\.home = (.*)/.exec(stderr)?.[1] ?? '';
  const modules = 'java.se,jdk.unsupported,jdk.management,jdk.crypto.ec,jdk.zipfs';
  const args = ['--add-modules', modules, '--strip-debug', '--no-man-pages', '--no-header-files', '--output', folder];
  await run(join(home, 'bin/jlink'), args);
}

const go = (args: string[], cwd: string) =>
  run('go', ['build', '-trimpath', '-ldflags', '-s -w', ...args], { cwd, env: { ...process.env, CGO_ENABLED: '0' } });
