import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pluralOf } from '../../tools/src/names.ts';

const services = join(import.meta.dirname, '../../services');
const names = readdirSync(services);

/** The sources of a service by path, without tests, what is generated, and comments. */
function sourcesOf(service: string): Map<string, string> {
  const src = join(services, service, 'src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('generated'))
    .map((file): [string, string] => [file.replaceAll('\\', '/'), readFileSync(join(src, file), 'utf8')]);
  return new Map(files.map(([file, text]) => [file, text.replace(/\/\*[\s\S]*?\*\/|^ *\/\/.*/gm, '')]));
}

const matchesOf = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);
const filesOf = (sources: Map<string, string>, room: RegExp) => [...sources].filter(([file]) => room.test(file));

describe.each(names)('%s is wired as every service is', (service) => {
  const sources = sourcesOf(service);
  const controllers = filesOf(sources, /^api\/.*\.controller\.ts$/);
  const app = sources.get('app.ts') ?? '';

  it('opens itself, opens one store, and serves, and mounts nothing by hand', () => {
    const calls = matchesOf(app, /\b(openService|open\w*Store|serve)\(/g).map((call) => call.replace('Mongo', ''));
    expect(calls).toEqual(['openService', 'openStore', 'serve']);
    expect(app).toContain(`openService('${service}', `);
    expect(matchesOf(app, /from '(express|@?tsoa[^']*|@tsoa\/[^']*)'/g)).toEqual([]);
    expect(app).not.toMatch(/\bapp\.(use|get|post|put|patch|delete|param|set)\(/);
  });

  it('gives a copy of what it keeps of patients where it says that it keeps something', () => {
    const { patientData = false } = JSON.parse(readFileSync(join(services, service, 'process.json'), 'utf8'));
    expect(/\n {4}patientData: /.test(app)).toBe(patientData);
  });

  it('starts in the six lines in which every service starts, with secrets out of the store', () => {
    const start = matchesOf(app, /export async function (start\w+)\(/g)[0];
    expect(sources.get('main.ts')).toBe(
      [
        `import { runProcess } from '@cabinet/kit/lifecycle';`,
        `import { withSecrets } from '@cabinet/kit/secrets';`,
        `import { ${start} } from './app.js';`,
        `import { readConfig } from './config.js';`,
        '',
        `await runProcess(async () => ${start}(readConfig(await withSecrets('${service}', process.env))));\n`,
      ].join('\n'),
    );
  });

  it('has the rooms of every service, and parts of its root only for capabilities', () => {
    const [rooms, root] = [new Set<string>(), [] as string[]];
    for (const file of sources.keys()) file.includes('/') ? rooms.add(file.split('/')[0] ?? '') : root.push(file);
    expect([...rooms].filter((room) => room !== 'migrations').sort()).toEqual(['api', 'data', 'domain', 'events']);
    const isCapability = (file: string) => existsSync(join(services, service, 'src/domain', basename(file, '.ts')));
    expect(root.filter((file) => !isCapability(file)).sort()).toEqual(['app.ts', 'config.ts', 'main.ts']);
  });

  it('calls the same things by the same names', () => {
    const files = [...sources.keys()];
    const events = ['events/facts.ts', 'events/published.ts'];
    const fixed = ['domain/error-codes.ts', 'api/authentication.ts', 'api/ioc.ts', ...events];
    expect(files).toEqual(expect.arrayContaining(fixed));
    for (const name of ['errors.ts', 'ports.ts']) {
      const found = files.filter((file) => file.startsWith('domain/') && basename(file) === name);
      expect([name, found.length > 0]).toEqual([name, true]);
    }
    const heard = files.filter((file) => dirname(file) === 'events' && !events.includes(file));
    expect(heard.filter((file) => !file.includes('-when-'))).toEqual([]);
    const numbered = files.filter((file) => /^migrations\/\d{3}-[a-z-]+\.ts$/.test(file)).length;
    const migrations = files.filter((file) => file.startsWith('migrations/'));
    expect(migrations).toHaveLength(numbered > 0 ? numbered + 1 : 0);
    expect(migrations.includes('migrations/index.ts')).toBe(numbered > 0);
  });

  it('tests that a repeat after a lost answer finds the change, for each POST that takes a version', () => {
    const { paths } = JSON.parse(readFileSync(join(services, service, 'openapi.json'), 'utf8')) as {
      paths: Record<string, { post?: { operationId: string; parameters?: { name?: string }[] } }>;
    };
    const takes = (names: string[]) => ['Idempotency-Key', 'If-Match'].every((name) => names.includes(name));
    const changes = Object.values(paths).flatMap(({ post }) =>
      takes(post?.parameters?.map(({ name = '' }) => name) ?? []) ? [post?.operationId] : [],
    );
    const test = join(services, service, 'test/repeated-requests.test.ts');
    const tested = existsSync(test) ? readFileSync(test, 'utf8') : '';
    expect(changes.filter((operation) => !tested.includes(`'${operation}'`))).toEqual([]);
  });

  it('keeps the forms of a thing beside its controller, as <thing>.dto.ts', () => {
    for (const [file] of filesOf(sources, /\.controller\.ts$|dto\.ts$/)) expect(file).toMatch(/^api\//);
    for (const [file] of filesOf(sources, /dto\.ts$/).filter(([file]) => file !== 'api/common.dto.ts')) {
      const thing = file.replace(/\.dto\.ts$/, '');
      const beside = [thing, pluralOf(thing)].map((name) => `${name}.controller.ts`);
      expect([file, beside.some((controller) => sources.has(controller))]).toEqual([file, true]);
    }
    for (const [file, text] of filesOf(sources, /^api\//)) {
      const isController = /class \w+Controller extends \w+/.test(text) && !text.includes('export abstract class');
      expect([file, isController]).toEqual([file, file.endsWith('.controller.ts')]);
      const forms = matchesOf(text, /^export interface (\w+(?:Request|Response))\b/gm);
      if (!file.endsWith('.dto.ts')) expect([file, ...forms]).toEqual([file]);
    }
  });

  it('gives controllers use cases, and no port', () => {
    const ports = filesOf(sources, /^domain\//).flatMap(([, text]) =>
      matchesOf(text, /^export interface (\w+)[^{]*\{(?:\n(?! {2}\w+\??[(<]|\}).*)*\n {2}\w+\??[(<]/gm),
    );
    expect(ports.length).toBeGreaterThan(0);
    for (const [file, text] of controllers) {
      const given = matchesOf(text, /^ +(?:constructor\()?(?:private|protected) readonly \w+: (\w+)/gm);
      expect([file, ...given.filter((type) => ports.includes(type))]).toEqual([file]);
      expect([file, ...matchesOf(text, /from '([^']*(?:\/data\/|ports\.js|@mikro-orm|mongodb)[^']*)'/g)]).toEqual([
        file,
      ]);
    }
  });

  it('asks in its use cases who may, and says there whom a request is about', () => {
    for (const [file, text] of controllers) {
      const asked = matchesOf(text, /\b((?:assert(?:May|Another|Version)|visibleTo|may[A-Z]|noteSubjects)\w*)\(/g);
      expect([file, ...asked]).toEqual([file]);
      expect([file, ...matchesOf(text, /(request\.user\.\w+)/g)]).toEqual([file]);
    }
  });

  it('calls who asks the actor, who stands last in what use cases take, and first where access is asked', () => {
    for (const [file, text] of filesOf(sources, /^domain\//)) {
      expect([file, ...matchesOf(text, /(\w+|\}): Principal\b/g).filter((name) => name !== 'actor')]).toEqual([file]);
      const methods = matchesOf(text, /^ {2}(?:async )?(\w+\((?:[^()]|\([^()]*\))*\bactor: Principal,?\s*[^)]*\))/gm);
      expect([file, ...methods.filter((method) => !/actor: Principal,?\s*\)$/.test(method))]).toEqual([file]);
      const access = matchesOf(text, /\b((?:assertMay|assertAnother|visibleTo)\w*\((?!actor\b).*)/g);
      expect([file, ...access]).toEqual([file]);
    }
  });
});
