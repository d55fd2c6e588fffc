import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { copyResources, type Resource, readResources, resourcesOf, writeConfiguration } from './resources.ts';
import { readRunFile } from './run-file.ts';
import { temporaryFolder } from './testing.ts';

const runFile = readRunFile();
const resources = readResources(runFile.resources);
const subscriptions = resources.filter(({ kind }) => kind === 'Subscription');

describe('the resources of this repository', () => {
  it('name only processes that the run file has, and say who may use them', () => {
    const names = runFile.apps.map(({ name }) => name);
    for (const { scopes } of resources) {
      expect(scopes).not.toEqual([]);
      expect(names).toEqual(expect.arrayContaining(scopes));
    }
  });

  it('leave it to the service what becomes of an event that fails: no dead-letter topic, and tries without end', () => {
    for (const { spec } of subscriptions) {
      expect(spec.deadLetterTopic).toBeUndefined();
      expect(spec.metadata).toEqual({ rawPayload: 'true' });
    }
    const [resiliency] = resources.filter(({ kind }) => kind === 'Resiliency') as [Resource];
    const spec = resiliency.spec as {
      policies: { retries: Record<string, { maxRetries: number; maxInterval: string }> };
      targets: { components: { events: { inbound: { retry: string } } } };
    };
    const policy = spec.policies.retries[spec.targets.components.events.inbound.retry];
    expect(policy).toMatchObject({ maxRetries: -1, maxInterval: '30s' });
  });

  it('are what a sidecar in their scope must load, and no other', () => {
    const names = (app: string) => resourcesOf(app, resources).map(({ name }) => name);
    expect(names('patient')).toEqual(expect.arrayContaining(['events', 'cabinet', 'patient-hears-appointment']));
    expect(names('gateway')).toEqual(['secrets', 'cabinet']);
  });
});

it('copies what sidecars load, and not what else lies in a folder', () => {
  const target = temporaryFolder();
  const copies = copyResources(runFile.resources, target);
  const files = copies.flatMap((folder) => readdirSync(folder));
  expect(files).toEqual(expect.arrayContaining(['events.yaml', 'resiliency.yaml', 'patient-hears-appointment.yaml']));
  expect(files).not.toContain('dapr.yaml');
  expect(files).not.toContain('configuration.yaml');
  expect(readResources(copies)).toEqual(resources);
});

it('writes the configuration with a name file of its own, who may ask whom, and everything else as it was', () => {
  const folder = temporaryFolder();
  const target = join(folder, 'configuration.yaml');
  const names = join(folder, 'names.db');
  writeFileSync(names, 'the addresses of an earlier run');
  const access = join(dirname(runFile.configuration), 'access.yaml');
  writeConfiguration(runFile.configuration, access, target, names);
  expect(existsSync(names)).toBe(false);
  const written = parse(readFileSync(target, 'utf8'));
  const original = parse(readFileSync(runFile.configuration, 'utf8'));
  expect(written.spec.nameResolution.configuration.connectionString).toBe(names);
  const { accessControl } = parse(readFileSync(access, 'utf8')).spec;
  expect({ ...written.spec, nameResolution: null }).toEqual({ ...original.spec, accessControl, nameResolution: null });
});

it('reads several resources in one file', () => {
  const folder = temporaryFolder();
  const one = (name: string) => `kind: Component\nmetadata:\n  name: ${name}\nspec: {}\n`;
  writeFileSync(join(folder, 'two.yaml'), `${one('a')}---\n${one('b')}`);
  expect(readResources([folder]).map(({ name }) => name)).toEqual(['a', 'b']);
});
