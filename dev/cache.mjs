// Where things that are fetched or built once live, outside the work tree. Plain JavaScript: the launcher reads this
// before any package is installed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, sep } from 'node:path';

export const workTree = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cabinet');

/** @param {string} file @param {RegExp} pattern @returns {string} */
function versionIn(file, pattern) {
  const found = pattern.exec(readFileSync(join(workTree, 'dev/servers', file), 'utf8'))?.[1];
  if (!found) throw new Error(`dev/servers/${file} names no version`);
  return found;
}

export const versions = {
  daprd: versionIn('daprd/go.mod', /^\s*github\.com\/dapr\/dapr v([\d.]+)/m),
  mongodb: versionIn('mongodb/go.mod', /github\.com\/FerretDB\/FerretDB v([\d.]+)/),
  mailpit: versionIn('mailpit/go.mod', /github\.com\/axllent\/mailpit v([\d.]+)/),
  kafka: versionIn('kafka/pom.xml', /<kafka\.version>([\d.]+)</),
  eurekaPeers: versionIn('eureka-peers/pom.xml', /<spring-cloud\.version>([\d.]+)</),
  keycloak: versionIn('keycloak/pom.xml', /<keycloak\.version>([\d.]+)</),
  spark: versionIn('spark/pom.xml', /<spark\.version>([\d.]+)</),
};

/**
 * A short hash of a recipe's files: another recipe makes another artifact.
 * @param {string} folder
 * @param {string} [without] a folder in it that is the recipe of something else
 */
function recipe(folder, without) {
  const hash = createHash('sha256');
  const path = join(workTree, 'dev/servers', folder);
  const files = readdirSync(path, { recursive: true })
    .map(String)
    .filter((file) => file.split(sep)[0] !== without);
  for (const file of files.filter((name) => statSync(join(path, name)).isFile()).sort())
    hash.update(file).update(readFileSync(join(path, file)));
  return hash.digest('hex').slice(0, 8);
}

/** Of the PostgreSQL that comes by npm. */
const postgresMajor = 18;

/** The finished artifacts; a path exists only when its artifact is complete. */
export const artifacts = {
  daprd: join(cacheFolder, 'bin', `daprd-${versions.daprd}-${recipe('daprd', 'sentry')}`),
  sentry: join(cacheFolder, 'bin', `sentry-${versions.daprd}-${recipe('daprd')}`),
  mongodb: join(cacheFolder, 'bin', `mongodb-${versions.mongodb}-${recipe('mongodb')}`),
  mailpit: join(cacheFolder, 'bin', `mailpit-${versions.mailpit}-${recipe('mailpit')}`),
  kafka: join(cacheFolder, `kafka-${versions.kafka}-${recipe('kafka')}`),
  eurekaPeers: join(cacheFolder, `eureka-peers-${versions.eurekaPeers}-${recipe('eureka-peers')}`),
  prometheus: join(cacheFolder, 'prometheus-debian'),
  faketime: join(cacheFolder, 'faketime-debian'),
  postgresTools: join(cacheFolder, `postgres-tools-${recipe('postgres-tools')}`),
  nginx: join(cacheFolder, 'nginx-debian'),
  redis: join(cacheFolder, `redis-${recipe('redis')}`),
  radicale: join(cacheFolder, `radicale-${recipe('radicale')}`),
  keycloak: join(cacheFolder, `keycloak-${versions.keycloak}-${recipe('keycloak')}`),
  spark: join(cacheFolder, `spark-${versions.spark}-${recipe('spark')}`),
  mosquitto: join(cacheFolder, 'mosquitto-debian'),
  chromium: join(cacheFolder, 'chromium-debian'),
  firefox: join(cacheFolder, 'firefox-debian'),
  webkit: join(cacheFolder, 'webkit-debian'),
};

/**
 * A daprd of the same minor version that this machine already has (PATH, or `dapr init --slim`), or undefined.
 * @returns {string | undefined}
 */
export function installedDaprd() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), join(homedir(), '.dapr/bin')].filter(Boolean);
  const minor = versions.daprd.split('.').slice(0, 2).join('.');
  for (const file of folders.map((folder) => join(folder, 'daprd'))) {
    try {
      accessSync(file, constants.X_OK);
      const version = execFileSync(file, ['--version'], { encoding: 'utf8', timeout: 5000 }).trim();
      if (version.startsWith(`${minor}.`)) return file;
    } catch {
      // Not there, or not a daprd that runs on this machine: the next folder may have one.
    }
  }
  return undefined;
}

/**
 * The folder of a program that this machine already has, or undefined.
 * @param {string} program
 * @returns {string | undefined}
 */
export function folderOfInstalled(program) {
  return (process.env.PATH ?? '').split(delimiter).find((folder) => folder && existsSync(join(folder, program)));
}

/** @param {string[]} programs @returns {string | undefined} the first of them that this machine already has */
function firstInstalled(programs) {
  for (const program of programs) {
    const folder = folderOfInstalled(program);
    if (folder) return join(folder, program);
  }
  return undefined;
}

/** A Chromium that this machine already has, or undefined. */
export const installedChromium = () => firstInstalled(['chromium', 'chromium-browser', 'google-chrome']);

/** A Firefox that this machine already has, or undefined. */
export const installedFirefox = () => firstInstalled(['firefox-esr', 'firefox']);

/** Whether this machine already has WebKitGTK, what drives it, and a screen that nobody sees. */
export const hasWebKit = () => ['WebKitWebDriver', 'Xvfb'].every(folderOfInstalled);

/**
 * The folder of a pg_dump that this machine already has and that takes our PostgreSQL, or undefined: an older one refuses.
 * @returns {string | undefined}
 */
export function installedPostgresTools() {
  const debian = '/usr/lib/postgresql';
  const packaged = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : [];
  return [...(process.env.PATH ?? '').split(delimiter), ...packaged].find((folder) => {
    const program = join(folder, 'pg_dump');
    if (!folder || !existsSync(program)) return false;
    const version = execFileSync(program, ['--version'], { encoding: 'utf8', timeout: 5000 });
    return Number(/(\d+)/.exec(version)?.[1]) >= postgresMajor;
  });
}

/** What still has to be made before the platform can start. */
export function missingArtifacts() {
  return {
    daprd: !existsSync(artifacts.daprd) && !installedDaprd(),
    sentry: !existsSync(artifacts.sentry),
    mongodb: !existsSync(artifacts.mongodb),
    mailpit: !existsSync(artifacts.mailpit),
    kafka: !existsSync(artifacts.kafka),
    eurekaPeers: !existsSync(artifacts.eurekaPeers),
    prometheus: !existsSync(artifacts.prometheus) && !folderOfInstalled('promtool'),
    postgresTools: !existsSync(artifacts.postgresTools) && !installedPostgresTools(),
    faketime: !existsSync(artifacts.faketime),
    nginx: !existsSync(artifacts.nginx) && !folderOfInstalled('nginx'),
    redis: !existsSync(artifacts.redis) && !folderOfInstalled('redis-server'),
    radicale: !existsSync(artifacts.radicale),
    keycloak: !existsSync(artifacts.keycloak),
    spark: !existsSync(artifacts.spark),
    mosquitto: !existsSync(artifacts.mosquitto) && !folderOfInstalled('mosquitto'),
    chromium: !existsSync(artifacts.chromium) && !installedChromium(),
    firefox: !existsSync(artifacts.firefox) && !installedFirefox(),
    webkit: !existsSync(artifacts.webkit) && !hasWebKit(),
  };
}
