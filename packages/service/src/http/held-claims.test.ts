import type { HeldClaim } from '@cabinet/kit/http/request-context';
import { createLogger } from '@cabinet/kit/observe/log';
import { expect, it, onTestFinished } from 'vitest';
import { until } from '../../../../tests/support/http.ts';
import { HeldClaims } from './held-claims.js';
import type { IdempotencyStore } from './kept-answers.js';

const [first, second] = ['first', 'second'].map((id) => ({ id }) as HeldClaim) as [HeldClaim, HeldClaim];

it('a claim that has ended is not extended any more, and ends after an extension that is under way', async () => {
  const done: string[] = [];
  const extension = Promise.withResolvers<void>();
  const store: Partial<IdempotencyStore> = {
    extend: async (claim) => {
      done.push(`extends ${claim.id}`);
      if (claim === first) await extension.promise;
    },
    lapse: async (claim) => void done.push(`ends ${claim.id}`),
    sweep: async () => {},
  };
  const held = new HeldClaims(store as IdempotencyStore, createLogger('test', 'silent'), { extendsEveryMs: 1 });
  onTestFinished(() => held.stop());
  held.hold(first);
  held.hold(second);
  await until(() => done.length > 0);

  await held.end(second, 'failed');
  const ending = held.end(first, 'failed');
  held.hold({ ...second, id: 'third' });
  extension.resolve();
  await ending;
  await until(() => done.includes('extends third'));
  expect(done.slice(0, 4)).toEqual(['extends first', 'ends second', 'ends first', 'extends third']);
});
