import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { copyResources, type Resource, readResources, resourcesOf, topicsOf, writeConfiguration } from './resources.ts';
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

  it('give every subscription a dead-letter topic that the same process reads', () => {
    const { deadLetterTopics } = topicsOf(resources);
    const ordinary = subscriptions.filter(({ spec }) => !deadLetterTopics.includes(spec.topic as string));
    expect(ordinary.length).toBeGreaterThan(0);
    for (const { spec, scopes } of ordinary) {
      expect(spec.deadLetterTopic).toBe(`${spec.topic}-dead-${scopes[0]}`);
      const readers = subscriptions.filter((other) => other.spec.topic === spec.deadLetterTopic);
      expect(readers.map((reader) => reader.scopes)).toEqual([scopes]);
    }
  });

  it('have one retry policy for events that ends, so that dead letters are reached', () => {
    const [resiliency] = resources.filter(({ kind }) => kind === 'Resiliency') as [Resource];
    const spec = resiliency.spec as {
      policies: { retries: Record<string, { maxRetries: number }> };
      targets: { components: { events: { inbound: { retry: string } } } };
    };
    const policy = spec.policies.retries[spec.targets.components.events.inbound.retry];
    expect(policy?.maxRetries).toBeGreaterThan(0);
  });

  it('are what a sidecar in their scope must load, and no other', () => {
    const names = (app: string) => resourcesOf(app, resources).map(({ name }) => name);
    expect(names('patient')).toEqual(expect.arrayContaining(['events', 'cabinet', 'patient-hears-appointment']));
    expect(names('gateway')).toEqual(['cabinet']);
  });
});

it('topics are told apart from those of dead letters', () => {
  const subscription = (topic: string, deadLetterTopic?: string): Resource => {
    return { kind: 'Subscription', name: topic, scopes: [], spec: { topic, deadLetterTopic } };
  };
  expect(topicsOf([subscription('a', 'a-dead'), subscription('b', 'b-dead'), subscription('a-dead')])).toEqual({
    topics: ['a', 'b'],
    deadLetterTopics: ['a-dead', 'b-dead'],
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
