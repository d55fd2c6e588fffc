import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRunFile } from '../../dev/src/run-file.ts';
import { needsOf } from '../../tools/images/closure.ts';
import { isWanted } from '../../tools/images/wanted.ts';

const root = join(import.meta.dirname, '../..');
const { apps } = readRunFile();

/** The instructions of a Dockerfile, without comments. */
const instructions = (folder: string) =>
  readFileSync(join(folder, 'Dockerfile'), 'utf8')
    .replace(/\\\n/g, '')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));

describe.each(apps)('the Dockerfile of $name', ({ name, folder, ports, command }) => {
  const lines = instructions(folder);
  const said = (instruction: string) =>
    lines.find((line) => line.startsWith(`${instruction} `))?.slice(instruction.length + 1);

  it('says only what differs from process to process', () => {
    expect(lines.filter((line) => line.startsWith('FROM '))).toEqual([
      'FROM cabinet/build AS build',
      'FROM cabinet/base',
    ]);
    expect(lines.length).toBeLessThanOrEqual(10);
  });

  it('starts the same command on the same port as on one machine', () => {
    expect(said('WORKDIR')).toBe(join('/cabinet', relative(root, folder)));
    expect(JSON.parse(said('CMD') ?? '[]')).toEqual(command.filter((word) => !word.startsWith('--env-file')));
    expect([said('ENV'), said('EXPOSE')]).toEqual([`APP_PORT=${ports.app}`, String(ports.app)]);
  });

  it('takes what was laid out for it', () => {
    const taken = lines.filter((line) => line.startsWith('COPY ')).map((line) => line.split(' ')[2]);
    const isService = relative(root, folder).startsWith('services/');
    expect(taken).toEqual([...(isService ? ['/out/service'] : []), `/out/${name}`]);
  });
});

describe('the image that all others are made from', () => {
  const lines = instructions(join(root, 'tools/images'));

  it('is Debian with Node, run by nobody in particular, with a health check', () => {
    expect(new Set(lines.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1]))).toEqual(
      new Set(['node:24-bookworm-slim']),
    );
    const ofBase = lines.slice(lines.indexOf('FROM node:24-bookworm-slim AS base'));
    expect(ofBase).toContain('USER 10001:10001');
    expect(ofBase.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true);
  });

  it('is made of packages as the lock has them', () => {
    expect(lines.filter((line) => /npm (?:ci|i|install)\b/.test(line))).toEqual([
      expect.stringMatching(/^RUN npm ci --ignore-scripts /),
    ]);
  });
});

describe('what goes into an image', () => {
  const packagesOf = (folder: string) =>
    needsOf(root, folder).packages.map((path) => path.replace(/^.*node_modules\//, ''));

  it('is the driver of its own database and no other', () => {
    expect(packagesOf('services/patient')).toContain('pg');
    expect(packagesOf('services/patient')).not.toContain('mongodb');
    expect(packagesOf('services/record')).toContain('mongodb');
    expect(packagesOf('services/record')).not.toContain('pg');
    expect(packagesOf('registry').filter((name) => name.startsWith('@mikro-orm/') || name === 'pg')).toEqual([]);
  });

  it('is the code of the workspaces that it imports, and none of the tools', () => {
    expect(needsOf(root, 'services/patient').workspaces).toEqual([
      'packages/access',
      'packages/contracts',
      'packages/import',
      'packages/kit',
      'packages/people',
      'packages/postgres',
      'packages/service',
      'services/patient',
    ]);
    expect(needsOf(root, 'registry').workspaces).toEqual(['packages/kit', 'registry']);
    for (const tool of ['typescript', 'vitest', 'tsoa']) expect(packagesOf('services/patient')).not.toContain(tool);
  });

  it('is also what a thread of its own imports', () => {
    expect(packagesOf('services/appointment')).toContain('date-holidays');
    expect(packagesOf('services/patient')).not.toContain('date-holidays');
  });

  it('is also Swagger UI, whose files pages load, where there are such pages', () => {
    for (const folder of ['gateway', 'services/patient']) expect(packagesOf(folder)).toContain('swagger-ui-dist');
    expect(packagesOf('registry')).not.toContain('swagger-ui-dist');
    expect(['swagger-ui.css', 'swagger-ui-bundle.js', 'absolute-path.js'].filter(isWanted)).toHaveLength(3);
  });

  it('leaves out of packages what is not run, and keeps their licences', () => {
    const files = [
      'index.js',
      'data.json',
      'lib/docs/page.js',
      'LICENSE.md',
      'index.d.ts',
      'a.js.map',
      'test/a.js',
      'README.md',
    ];
    expect(files.filter(isWanted)).toEqual(['index.js', 'data.json', 'lib/docs/page.js', 'LICENSE.md']);
  });
});
