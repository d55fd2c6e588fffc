import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll } from '../../tools/src/build.ts';
import { bringArtifacts } from './artifacts.ts';
import { Problem } from './problem.ts';
import { Progress, ProgressDisplay } from './progress.ts';
import { runVitest } from './run-tests.ts';

/** Also the zone of the machine meanwhile, so that nobody relies on that being UTC. */
const zone = 'Europe/Paris';

export interface TestDate {
  title: string;
  at: Date;
}

/** Dates on which programs trip that forgot about the calendar, each the next one after `now`. */
export function datesToCome(now: Date): TestDate[] {
  const next = (dateOf: (year: number) => Date | undefined): Date => {
    for (let year = now.getUTCFullYear(); ; year += 1) {
      const date = dateOf(year);
      if (date && date > now) return date;
    }
  };
  const utc = (...parts: Parameters<typeof Date.UTC>) => new Date(Date.UTC(...parts));
  // Clocks change at 01:00 UTC; ten minutes before, the tests begin, so that they go on through it.
  const night = (month: number) => next((year) => utc(year, month, lastSunday(year, month), 0, 50));
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  return [
    { title: 'in a year', at: utc(year + 1, month, day, 12) },
    { title: '29 February', at: next((year) => (isLeap(year) ? utc(year, 1, 29, 12) : undefined)) },
    { title: 'the night that loses an hour', at: night(2) },
    { title: 'the night that has an hour twice', at: night(9) },
    { title: '31 December, into the new year', at: next((year) => utc(year, 11, 31, 22, 50)) },
    { title: 'a Sunday', at: utc(year, month, day + 7 - now.getUTCDay(), 12) },
  ];
}

const lastDay = (year: number, month: number): Date => new Date(Date.UTC(year, month + 1, 0));
const isLeap = (year: number): boolean => lastDay(year, 1).getUTCDate() === 29;
const lastSunday = (year: number, month: number): number =>
  lastDay(year, month).getUTCDate() - lastDay(year, month).getUTCDay();

/**
 * Runs tests (rules and services, unless `words` name a project) once on each date that matters, or on `--on DATE` alone:
 * Node, PostgreSQL and Python are told another time by libfaketime. Programs written in Go ask the kernel past it, Java stands
 * still under it, and processes that a test gives an environment of its own do not hear of it: they keep the machine's time.
 * Returns the exit code.
 */
export async function runTestsOnDates(words: string[]): Promise<number> {
  const [option, on = '', ...others] = words;
  const isOne = option === '--on';
  if (isOne && Number.isNaN(Date.parse(on))) throw new Problem('usage: npm run test:dates -- [--on DATE] [tests]');
  const progress = new Progress(new ProgressDisplay().show);
  const { faketime } = await bringArtifacts(progress, ['faketime']);
  const library = libraryIn(faketime);
  await buildAll(progress);

  const tests = isOne ? others : words;
  const projects = tests.includes('--project') ? [] : ['--project', 'rules', '--project', 'services'];
  const excluded = ofTwoTimes.flatMap((file) => ['--exclude', file]);
  const lines: string[] = [];
  let failed = 0;
  for (const { title, at } of isOne ? [{ title: on, at: new Date(on) }] : datesToCome(new Date())) {
    const local = at.toLocaleString('en-GB', { timeZone: zone, dateStyle: 'full', timeStyle: 'short' });
    console.log(`\n${title}: ${local}`);
    const tally = await runVitest([...projects, ...excluded, ...tests], environmentAt(at, library));
    lines.push(`${tally.passed} passed, ${tally.failures.length} failed: ${title}, ${local}`);
    failed += tally.failures.length;
  }
  console.log(`\n${lines.join('\n')}`);
  return failed > 0 ? 1 : 0;
}

/** What these start, in Go and Java, would have to agree on the time with what is told another; no date is in what the last builds. */
const ofTwoTimes = [
  'dev/test/identities.test.ts',
  'dev/test/servers.test.ts',
  'operations/test/backup.test.ts',
  'tests/architecture/new-service.test.ts',
];

/** Everybody is as far from the machine's time, so that processes agree whenever they start. */
function environmentAt(at: Date, library: string): Record<string, string> {
  const seconds = Math.round((at.getTime() - Date.now()) / 1_000);
  return {
    TZ: zone,
    LD_PRELOAD: library,
    FAKETIME: seconds < 0 ? `${seconds}` : `+${seconds}`,
    // How long something takes stays true, and so do the times of files.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
    FAKETIME_DISABLE_SHM: '1',
    FAKETIME_SKIP_CMDS: 'java',
  };
}

function libraryIn(folder: string): string {
  const libraries = readdirSync(folder).map((triplet) => join(folder, triplet, 'faketime/libfaketimeMT.so.1'));
  const library = libraries.find((path) => existsSync(path));
  if (!library) throw new Problem(`there is no libfaketime below ${folder}.`);
  return library;
}
