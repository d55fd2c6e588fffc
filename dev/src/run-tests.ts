import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { buildAll } from '../../tools/src/build.ts';
import { runChecks } from '../../tools/src/check.ts';
import { workTree } from '../cache.mjs';
import { readJson } from './home.ts';
import { messageOf } from './problem.ts';
import { Progress, ProgressDisplay } from './progress.ts';

/** What vitest's JSON reporter tells, as far as it is looked at. */
export interface Report {
  numPassedTests: number;
  testResults: FileReport[];
}

interface FileReport {
  /** The file's absolute path. */
  name: string;
  status: string;
  /** Why the file could not be run; empty when it was. */
  message?: string;
  assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
}

export interface Tally {
  passed: number;
  /** Of each failure where it is and how what it says begins. */
  failures: string[];
}

const vitest = join(workTree, 'node_modules/vitest/vitest.mjs');

/**
 * Builds, checks and runs all tests; ends with a line `N passed, N failed` whatever happens. With words for vitest (files,
 * `--project rules`, `-t name`) it runs those tests alone. Returns the exit code.
 */
export async function runTests(words: string[]): Promise<number> {
  const tally: Tally = { passed: 0, failures: [] };
  try {
    await buildAll(new Progress(new ProgressDisplay().show));
    if (words.length === 0) tally.failures.push(...(await runChecks()).map((name) => `npm run check: ${name}`));
    const hasSystemTests = globSync('tests/**/*.test.ts', { cwd: workTree }).length > 0;
    const parts = [
      ['--project', 'rules', '--project', 'portal', '--project', 'services'],
      ...(hasSystemTests ? [['--project', 'system']] : []),
    ];
    for (const part of words.length > 0 ? [words] : parts) add(tally, await runVitest(part));
  } catch (error) {
    console.error(messageOf(error));
    tally.failures.push(messageOf(error).split('\n', 1).join());
  }
  const failed = tally.failures.length;
  // The end alone is kept of a long output, so that it says once more what failed.
  if (failed > 0) console.log(`\nFailed:\n${tally.failures.map((failure) => `  ✗ ${failure}`).join('\n')}`);
  console.log(`\n${tally.passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

/** @param env more of the environment, for vitest and all that it starts */
export async function runVitest(words: string[], env: Record<string, string> = {}): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'cabinet-report-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...words], {
    cwd: workTree,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const tally = tallyOf(readJson<Report>(file), code);
  rmSync(folder, { recursive: true });
  return tally;
}

/** A file whose tests could not begin, and a run that failed without a failed test, are one failure each. */
export function tallyOf(report: Report | undefined, code: number | null): Tally {
  const failures = (report?.testResults ?? []).flatMap(failuresOf);
  if (failures.length === 0 && code !== 0) failures.push(`vitest ended with ${code}, and no test had failed`);
  return { passed: report?.numPassedTests ?? 0, failures };
}

function failuresOf({ name, status, message, assertionResults }: FileReport): string[] {
  const file = relative(workTree, name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  // No test has failed where the file cannot be read, or what goes before all of its tests.
  if (failed.length === 0 && status === 'failed') return [said(file, message)];
  return failed.map(({ fullName, failureMessages }) => said(`${file} > ${fullName}`, failureMessages?.[0]));
}

/** As much as tells what went wrong: a counterexample, or the two values that differ. */
const linesMax = 12;
const columnsMax = 500;

function said(where: string, message = ''): string {
  const [words = ''] = message.split(/\n\s+at /, 1);
  const lines = words.split('\n').filter((line) => line.trim() !== '');
  return [where, ...lines.slice(0, linesMax).map((line) => line.slice(0, columnsMax))].join('\n      ');
}

function add(tally: Tally, more: Tally): void {
  tally.passed += more.passed;
  tally.failures.push(...more.failures);
}
