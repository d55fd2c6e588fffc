#!/usr/bin/env node
// The one entry of every verb (`npm start`, `npm test`, ...). Runs on any Node >= 20: it brings what is missing, then
// hands over to `dev/src/main.ts` under the Node that the packages bring along.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { help, helpOf, verbCalled } from './verbs.mjs';
import { problemWithWords } from './words.mjs';

const [verb, ...args] = process.argv.slice(2);
const wantsHelp = args.includes('--help') || args.includes('-h');

/** @param {string[]} lines @returns {never} */
function fail(lines) {
  for (const line of lines) console.error(`cabinet: ${line}`);
  process.exit(1);
}

/**
 * Runs a command with our terminal; resolves to its exit code. Signals go to the command, which decides when to end.
 * @param {string} command @param {string[]} commandArgs @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
function run(command, commandArgs, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, commandArgs, { stdio: 'inherit', ...options });
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => void child.kill(signal);
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
    for (const signal of signals) process.on(signal, forward);
    const watch = watchParent(() => forward('SIGTERM'));
    child.on('error', (error) => fail([`${command} does not run: ${error.message}`]));
    child.on('exit', (code, signal) => {
      for (const each of signals) process.off(each, forward);
      clearInterval(watch);
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']);
    });
  });
}

/**
 * npm passes a signal on to the shell between it and us, which ends without a word to us: that we have another parent then
 * is the only sign that somebody stopped `npm start`.
 * @param {() => void} whenGone
 */
function watchParent(whenGone) {
  const parent = process.ppid;
  const isRunByNpm = process.env.npm_lifecycle_event !== undefined;
  return setInterval(() => isRunByNpm && process.ppid !== parent && whenGone(), 500).unref();
}

/** @param {string} workTree */
async function installPackages(workTree) {
  console.log('Installing packages (npm ci), a minute or two on a fresh machine ...');
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const beat = setInterval(() => console.log(`  still installing packages, ${seconds()} s`), 10_000);
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: workTree });
  clearInterval(beat);
  if (code !== 0) fail([`npm ci failed (exit ${code}), nothing was started: see its message above, then try again.`]);
  console.log(`Packages installed in ${seconds()} s`);
}

function version() {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')).version;
}

async function main() {
  if (!verb || verb === '--help' || verb === '-h' || verb === 'help') return console.log(help());
  if (verb === '--version' || args.includes('--version')) return console.log(version());
  const entry = verbCalled(verb);
  if (!entry) return fail([`there is no verb "${verb}"; node dev/cabinet.mjs --help lists them.`]);
  if (wantsHelp) return console.log(helpOf(verb, entry));

  const wrong = problemWithWords(verb, entry, args);
  if (wrong) fail([wrong]);

  const { nodeProblem, packagesAreInstalled, platformProblems } = await import('./prerequisites.mjs');
  const { cacheFolder, workTree } = await import('./cache.mjs');
  const tools = entry.needs === 'platform' ? await platformProblems() : [];
  const problems = [nodeProblem(), ...tools].filter((problem) => problem !== undefined);
  if (problems.length > 0) fail(problems);
  const node = join(workTree, 'node_modules/node/bin/node');
  if (entry.needs === 'nothing') {
    if (!existsSync(node)) fail(['no packages are installed here, so nothing runs: npm start installs them.']);
  } else if (!packagesAreInstalled(workTree)) await installPackages(workTree);

  if (!existsSync(node)) fail(['the npm package "node" brought no binary: run npm ci, with install scripts allowed.']);
  // The Kafka client computes a timer from "never", which Node remarks on.
  const flags = ['--disable-warning=TimeoutNegativeWarning'];
  process.exitCode = await run(node, [...flags, join(workTree, 'dev/src/main.ts'), verb, ...args], {
    env: { ...process.env, NODE_COMPILE_CACHE: join(cacheFolder, 'node-compile-cache') },
  });
}

await main();
