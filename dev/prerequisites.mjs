// What a machine must have before anything else is tried: one clear line for each thing that is missing.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingArtifacts, workTree } from './cache.mjs';

const nodeMajorMin = 20;
const javaMajorMin = 17;

export const javaCommand = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';

/** @param {string} command @param {string[]} args @returns {Promise<string | undefined>} all that it printed, or undefined when it does not run */
function output(command, args) {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: 30_000 }, (error, stdout, stderr) =>
      resolve(error ? undefined : `${stdout}${stderr}`),
    );
  });
}

/** @returns {Promise<string | undefined>} */
async function javaProblem() {
  const version = await output(javaCommand, ['-version']);
  const major = Number(/version "(\d+)/.exec(version ?? '')?.[1]);
  if (major >= javaMajorMin) return undefined;
  const found = version ? `${javaCommand} is version ${major || 'unknown'}` : `${javaCommand} does not run`;
  return `Java ${javaMajorMin} or newer is needed to run Kafka (${found}): install a JRE, or set JAVA_HOME.`;
}

/** @param {string} command @param {string[]} args @param {string} why */
async function commandProblem(command, args, why) {
  return (await output(command, args)) === undefined ? why : undefined;
}

/** @returns {string | undefined} */
export function nodeProblem() {
  const version = process.versions.node;
  if (Number(version.split('.')[0]) >= nodeMajorMin) return undefined;
  return `Node ${nodeMajorMin} or newer is needed (this is ${version}): install it from https://nodejs.org.`;
}

/**
 * Everything that is missing for running the platform. Go and Maven are asked for only while something is left to build.
 * @returns {Promise<string[]>}
 */
export async function platformProblems() {
  const missing = missingArtifacts();
  const problems = await Promise.all([
    javaProblem(),
    (missing.daprd || missing.sentry || missing.mongodb || missing.mailpit) &&
      commandProblem(
        'go',
        ['version'],
        'Go is needed to build daprd, sentry, Mailpit and the MongoDB-compatible server once: install it from https://go.dev/dl.',
      ),
    missing.kafka &&
      commandProblem(
        'mvn',
        ['--version'],
        'Maven (mvn) is needed to fetch Kafka once: install it from https://maven.apache.org.',
      ),
  ]);
  return problems.filter((problem) => typeof problem === 'string');
}

/** @param {string} file */
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/**
 * Whether node_modules holds what package-lock.json names. npm writes its own copy of the lock into node_modules as the
 * last step of an install, so an install that was cut short counts as none.
 * @returns {boolean}
 */
export function packagesAreInstalled(root = workTree) {
  const installedFile = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = packagesOf(installedFile);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(([path, wanted]) => {
    if (path === '') return true;
    const present = installed[path];
    return present ? present.version === wanted.version : Boolean(wanted.optional || wanted.devOptional || wanted.peer);
  });
}
