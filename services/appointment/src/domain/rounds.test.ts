import { expect, it } from 'vitest';
import { Rounds } from './rounds.js';

it('begins a round in time though it is woken again and again', async () => {
  const begun = Promise.withResolvers<void>();
  const rounds = new Rounds(
    async () => begun.resolve(),
    (error) => begun.reject(error),
    60_000,
    50,
  );
  const waking = setInterval(() => rounds.wake(), 5);
  await expect(begun.promise).resolves.toBeUndefined();
  clearInterval(waking);
  await rounds.stop();
});
