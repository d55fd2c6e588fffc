import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { workTree } from '../../dev/cache.mjs';
import { Progress } from '../../dev/src/progress.ts';
import { seed } from '../../dev/src/seed/index.ts';
import { type Caller, until } from '../support/http.ts';
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

it('are the same when the demonstration was cut short before its last step, and goes on', async () => {
  const [admin, alice] = await Promise.all([signedInAs('admin'), signedInAs('alice')]);
  const hers = async (as: Caller) => {
    const { items } = (await as('GET', '/api/appointments?limit=200')).body;
    return items.map(({ start, status }: { start: string; status: string }) => `${start} ${status}`);
  };
  const { id, patientId } = (await alice('GET', '/api/auth/me')).body;
  const before = await hers(alice);
  expect(before.join()).toContain('noshow');
  const user = await admin('GET', `/api/auth/users/${id}`);
  const ofThat = { 'if-match': user.headers.get('etag') as string };
  expect((await admin('PATCH', `/api/auth/users/${id}`, { patientId: null }, ofThat)).status).toBe(200);
  await seed(platform(), new Progress(() => undefined));
  const again = await signedInAs('alice');
  expect((await again('GET', '/api/auth/me')).body.patientId).toBe(patientId);
  expect(await hers(again)).toEqual(before);
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

it('show Alice and Dr Bernard what she measured at home', async () => {
  const [alice, bernard] = await Promise.all([signedInAs('alice'), signedInAs('dr.bernard')]);
  const { patientId } = (await alice('GET', '/api/auth/me')).body;
  for (const somebody of [alice, bernard]) {
    const { status, body } = await somebody('GET', `/api/readings/summary?patientId=${patientId}`);
    expect([status, body.items.map(({ code }: { code: string }) => code)]).toEqual([
      200,
      expect.arrayContaining(['8867-4', '8480-6', '29463-7']),
    ]);
  }
});
