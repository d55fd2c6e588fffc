import { setImmediate as turn } from 'node:timers/promises';
import { createLogger } from '@cabinet/kit/observe/log';
import { expect, it } from 'vitest';
import { type ToldAccesses, tellAccesses } from './tell-accesses.js';
import type { AuditTrail } from './trail.js';

const lineAt = (sequence: number) => ({
  sequence,
  hash: String(sequence),
  at: new Date(0),
  actor: 'camille',
  roles: ['practitioner'],
  action: 'GET /api/records/:patientId',
  subjects: [],
  outcome: 200,
});

it('stops between two parts of a trail that has no end', async () => {
  const trail = {
    head: async () => lineAt(1_000_000),
    after: async (sequence: number, limit: number) =>
      Array.from({ length: limit }, (_, nth) => lineAt(sequence + nth + 1)),
  };
  const parts: ToldAccesses[] = [];
  const third = Promise.withResolvers<void>();
  const take = async (told: ToldAccesses) => {
    await turn();
    parts.push(told);
    if (parts.length === 3) third.resolve();
    // Nothing was looked at before the first.
    return { after: parts.length === 1 ? 0 : told.until, lookedAt: new Date(0) };
  };
  const log = createLogger('test', 'silent');
  const telling = tellAccesses(trail as unknown as AuditTrail, take, { log }).start(0);
  await third.promise;
  await telling.stop();
  // Each follows the one before it, so that whoever begins again goes on behind the last.
  expect(parts.slice(1).map(({ after }) => after)).toEqual([0, ...parts.slice(1, -1).map(({ until }) => until)]);
  expect(parts.at(-1)?.isAll).toBe(false);
});
