import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { workTree } from '../../dev/cache.mjs';
import { readProcesses } from '../../dev/src/processes.ts';
import { Progress } from '../../dev/src/progress.ts';
import { holdsFiles, makeService, problemWith } from './new-service.ts';

const processes = readProcesses();

describe('the name of a new service', () => {
  it.each([
    ['VisitReason', 'small letters'],
    ['visit_reason', 'small letters'],
    ['visit-', 'small letters'],
    ['-visit', 'small letters'],
    ['../visit', 'small letters'],
    ['visit2', 'small letters'],
    ['a'.repeat(41), 'small letters'],
    ['patient', 'one already'],
    ['gateway', 'one already'],
    ['registry', 'one already'],
    ['kit', 'taken'],
    ['tools', 'taken'],
    ['kafka', 'taken'],
    ['class', 'taken'],
    ['promise', 'taken'],
    ...['system', 'dapr', 'openapi', 'health', 'docs', 'status', 'pages', 'metrics', 'eureka', 'cabinet', 'test'].map(
      (name): [string, string] => [name, 'taken'],
    ),
    ...['problem', 'uuid', 'controller'].map((name): [string, string] => [name, 'something of that name in its code']),
    ...['outbox', 'inbox', 'dead-letter', 'audit-event', 'journal', 'told', 'audit-turn'].map(
      (name): [string, string] => [name, 'every service keeps something under that name'],
    ),
    ...['patient-dapr', 'patient-pod', 'lab-postgres', 'patient-sidecar', 'lab-secrets', 'lab-identity'].map(
      (name): [string, string] => [name, 'what stands beside a process ends in that'],
    ),
    ...['loki', 'alloy', 'app-api-token', 'none', 'pg-stat'].map((name): [string, string] => [name, 'taken']),
    ['patients', 'it is the plural of patient'],
    ['slots', '/api/slots is routed to appointment already: is it a plural?'],
    ['visit-reasons', 'one of what it keeps, not by several: visit-reason'],
    ['x', '2 to 40 small letters'],
    ['doctor', '/api/doctors is routed to practitioner'],
  ])('cannot be %s, and nothing is written', async (name, why) => {
    const wasThere = existsSync(join(workTree, 'services', name));
    expect(problemWith(name, processes)).toContain(why);
    await expect(makeService(new Progress(() => undefined), name, 'postgres')).rejects.toThrow(why);
    expect(existsSync(join(workTree, 'services', name))).toBe(wasThere);
  });

  it.each([
    'visit-reason',
    'shift',
    'lab-test-order',
    'group',
    'user',
    'podiatry',
    'diagnosis',
    'analytics',
    'dead-letter-box',
  ])('can be %s', (name) => {
    expect(problemWith(name, processes)).toBeUndefined();
  });

  it('can be a word of SQL: statements of the templates quote it', () => {
    const templates = join(import.meta.dirname, '../templates/service/postgres');
    const statements = globSync('**/*.ts', { cwd: templates }).flatMap((file) =>
      [
        ...readFileSync(join(templates, file), 'utf8').matchAll(
          /\b(?:table|on|update|from|into|join) (\S*some_thing\S*)/g,
        ),
      ].map(([, table]) => [file, table]),
    );
    expect(statements.length).toBeGreaterThan(3);
    for (const [file, table] of statements) expect([file, table]).toEqual([file, '"some_thing"']);
  });

  it('can be that of a folder in which only the build left something', () => {
    const folder = mkdtempSync(join(tmpdir(), 'half-made-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist/main.js'), '');
    expect(holdsFiles(folder)).toBe(false);
    writeFileSync(join(folder, 'README.md'), '');
    expect(holdsFiles(folder)).toBe(true);
  });

  it('cannot be the topic of another', () => {
    const tells = processes.map((each) => (each.name === 'auth' ? { ...each, tells: 'session' } : each));
    expect(problemWith('session', tells)).toBe('the topic is that of auth');
  });
});
