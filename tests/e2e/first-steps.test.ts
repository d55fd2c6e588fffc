import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { workTree } from '../../dev/cache.mjs';
import { until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { signedInAs } from '../support/practice.ts';

it('can be taken as README has them', async () => {
  const [, section = ''] = readFileSync(join(workTree, 'README.md'), 'utf8').split('\n## First steps\n');
  const blocks = [...(section.split('\n## ')[0] as string).matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block);
  expect(blocks).toHaveLength(3);
  const commands = blocks.join('').replace('http://127.0.0.1:8080', platform().url('gateway'));
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
  // With a socket for its input and no shell above it, bash would take itself for a remote login and read its rc file.
  const options = ['--norc', '-euo', 'pipefail', '-c', commands];
  const { stdout, stderr } = await promisify(execFile)('bash', options, { env });
  expect(stderr).toBe('');
  const told = [
    "T09:00:00\\+0\\d:00 noshow'",
    "fulfilled'",
    "cancelled'",
    "booked'",
    '"status":"booked"',
    '^cancelled\\n$',
  ];
  expect(stdout).toMatch(new RegExp(told.join('[\\s\\S]*'), 'm'));
});

it('show Alice and Dr Bernard the visits that took place', async () => {
  const [alice, bernard] = await Promise.all([signedInAs('alice'), signedInAs('dr.bernard')]);
  const { patientId } = (await alice('GET', '/api/auth/me')).body;
  const encounters = async () => (await alice('GET', `/api/records/${patientId}/encounters`)).body.items;
  await until(async () => (await encounters()).length > 0);
  const read = await bernard('GET', `/api/records/${patientId}`);
  expect([read.status, read.body.encounters.map(({ status }: { status: string }) => status)]).toEqual([
    200,
    (await encounters()).map(() => 'finished'),
  ]);
});
