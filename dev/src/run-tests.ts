import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAll } from '../../tools/src/build.ts';
import { runChecks } from '../../tools/src/check.ts';
import { workTree } from '../cache.mjs';
import { readJson } from './home.ts';
import { messageOf } from './problem.ts';
import { Progress, ProgressDisplay } from './progress.ts';

/** What vitest's JSON reporter tells, as far as it is looked at. */
export interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

export interface Tally {
  passed: number;
  failed: number;
}

const vitest = join(workTree, 'node_modules/vitest/vitest.mjs');

/**
 * Builds, checks and runs all tests; ends with a line `N passed, N failed` whatever happens. With words for vitest (files,
 * `--project rules`, `-t name`) it runs those tests alone. Returns the exit code.
 */
export async function runTests(words: string[]): Promise<number> {
  const tally: Tally = { passed: 0, failed: 0 };
  try {
    await buildAll(new Progress(new ProgressDisplay().show));
    if (words.length === 0) tally.failed += await runChecks();
    const hasSystemTests = globSync('tests/**/*.test.ts', { cwd: workTree }).length > 0;
    const parts = [
      ['--project', 'rules', '--project', 'portal', '--project', 'services'],
      ...(hasSystemTests ? [['--project', 'system']] : []),
    ];
    for (const part of words.length > 0 ? [words] : parts) add(tally, await runVitest(part));
  } catch (error) {
    console.error(messageOf(error));
    tally.failed += 1;
  }
  console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
  return tally.failed > 0 ? 1 : 0;
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

/** A file that could not even be read, and a run that failed without a failed test, count as one failure each. */
export function tallyOf(report: Report | undefined, code: number | null): Tally {
  const passed = report?.numPassedTests ?? 0;
  const broken = report?.testResults.filter(({ status, assertionResults }) => {
    return status === 'failed' && assertionResults.length === 0;
  });
  const failed = (report?.numFailedTests ?? 0) + (broken?.length ?? 0);
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
}

function add(tally: Tally, more: Tally): void {
  tally.passed += more.passed;
  tally.failed += more.failed;
}
