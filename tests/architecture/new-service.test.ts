import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  globSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { workTree } from '../../dev/cache.mjs';

vi.setConfig({ testTimeout: 1_800_000, hookTimeout: 300_000 });

const copy = join(workTree, '.cabinet/tests', `new-service-${process.pid}`);
const services = ['services/visit-reason', 'services/shift'];
const made = [...services, ...services.map((folder) => `packages/access/src/rules/${basename(folder)}.ts`)];

const git = (...words: string[]): string => execFileSync('git', words, { cwd: copy, encoding: 'utf8', maxBuffer: 1e9 });

/** As somebody does it on the command line, who knows nothing of the tests that run here. Rejects with all that was printed. */
async function run(...words: string[]): Promise<string> {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:VITEST|NODE_ENV$|NODE_OPTIONS$|TEST$)/.test(name));
  const options = { cwd: copy, env: Object.fromEntries(own), maxBuffer: 1e9 };
  const { stdout } = await promisify(execFile)(process.execPath, words, options).catch((error) => {
    throw new Error(`${words.join(' ')}:\n${error.stdout}\n${error.stderr}`);
  });
  return stdout;
}
const npmRun = (...words: string[]) => run('dev/cabinet.mjs', ...words);

/** Packages are many files that nobody changes: both trees have the same ones. Links lead to the same place in each tree. */
function share(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) share(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    // npm writes into this one.
    else if (entry.name === '.package-lock.json') cpSync(source, target);
    else linkSync(source, target);
  }
}

const compiled = ['*/{dist,generated}', '*/*/{dist,generated}', '*/*/src/**/generated'];

beforeAll(async () => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: workTree });
  for (const file of new Set(files.toString().trim().split('\n'))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(workTree, file), join(copy, file), { preserveTimestamps: true });
  }
  for (const folder of globSync(compiled, { cwd: workTree, exclude: (path) => path.includes('node_modules') })) {
    cpSync(join(workTree, folder), join(copy, folder), { recursive: true, preserveTimestamps: true });
  }
  for (const folder of globSync(['node_modules', '*/node_modules', '*/*/node_modules'], { cwd: workTree })) {
    if (folder.indexOf('node_modules') + 'node_modules'.length === folder.length)
      share(join(workTree, folder), join(copy, folder));
  }
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '--message', 'As it was');
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** What people write in a file: all but what stands between the marks of what is derived. */
const byHand = (text: string): string => text.replaceAll(/derived:(?!end)[\s\S]*?derived:end/g, '');

/** The lock alone is not written by `npm run gen`. */
function isGenerated(file: string): boolean {
  const now = readFileSync(join(copy, file), 'utf8');
  if (file === 'package-lock.json' || now.includes('Written by `npm run gen`')) return true;
  return byHand(now) === byHand(git('show', `HEAD:${file}`));
}

it('one that is stopped while it is made leaves nothing behind, and says so', async () => {
  const child = spawn(process.execPath, ['dev/src/main.ts', 'new-service', 'half'], { cwd: copy });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(child, 'close');
  await expect.poll(() => existsSync(join(copy, 'services/half/process.json'))).toBe(true);
  child.kill('SIGTERM');
  expect((await ended)[0]).toBe(1);
  expect(said).toContain('services/half was not made: stopped, and nothing of it is left.');
  expect(git('status', '--porcelain')).toBe('');
});

it('a new service of each kind builds, passes all checks and its tests, and changes what is generated alone', async () => {
  expect(await npmRun('new-service', 'visit-reason')).toContain('/api/visit-reasons');
  expect(await npmRun('new-service', 'shift', '--mongo')).toContain('/api/shifts');

  const changed = git('status', '--porcelain', '--untracked-files=all')
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(3));
  const outside = changed.filter((file) => !made.some((folder) => `${file}/`.startsWith(`${folder}/`)));
  expect(outside).toEqual(expect.arrayContaining(['docker-compose.yml', 'gateway/src/route-table.ts', 'README.md']));
  expect(outside.filter((file) => !isGenerated(file))).toEqual([]);

  const packages = (text: string) =>
    Object.keys(JSON.parse(text).packages).filter((path) => !path.includes('@cabinet/'));
  const lock = packages(readFileSync(join(copy, 'package-lock.json'), 'utf8'));
  expect(lock.sort()).toEqual([...packages(git('show', 'HEAD:package-lock.json')), ...services].sort());

  await npmRun('check');
  const tests = [...services, 'tests/architecture', 'tests/contract', 'packages/contracts', 'dev/src/processes'];
  const projects = ['--project', 'rules', '--project', 'services'];
  await run(
    'node_modules/vitest/vitest.mjs',
    'run',
    ...projects,
    ...tests,
    '--exclude',
    'tests/architecture/new-service.test.ts',
  );

  await expect(npmRun('new-service', 'shift')).rejects.toThrow('shift: there is one already');
});
