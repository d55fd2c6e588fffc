import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inWords, isReading } from './access-words.js';

const services = new URL('../../../services/', import.meta.url);

type Document = { paths: Record<string, Record<string, { 'x-access'?: { action: string } }>> };

const operationsOf = (service: string) => {
  const { paths }: Document = JSON.parse(readFileSync(new URL(`${service}/openapi.json`, services), 'utf8'));
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      action: operation['x-access']?.action,
    })),
  );
};

it('tells as read what is read, whichever way it is asked for', () => {
  const reads = readdirSync(services)
    .flatMap(operationsOf)
    .filter(({ action }) => action === 'read' || action === 'find');
  expect(reads.length).toBeGreaterThan(40);
  // Whoever has a calendar read now changes what is known of it.
  expect(reads.map(({ name }) => name).filter((name) => !isReading(name))).toEqual(['POST /api/calendars/{id}/sync']);
});

it('says of refusals by many routes what is so of all of them', () => {
  const line = { service: 'record', at: '2026-11-23T08:30:00.000Z', actor: 'a', roles: ['practitioner'], times: 40 };
  const reader = { language: 'en' as const, names: new Map(), callerId: 'me' };
  const said = ['GET *', 'DELETE *'].map((action) => inWords({ ...line, action, outcome: 403 }, reader));
  expect(said.map(({ kind, text }) => [kind, text])).toEqual([
    ['other', 'A health professional tried to see your data, and was refused.'],
    ['other', 'A health professional tried to change your data, and was refused.'],
  ]);
});
