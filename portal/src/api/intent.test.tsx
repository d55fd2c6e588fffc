import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { useIntent } from './intent.ts';
import { Refused, Unreachable } from './problem.ts';

afterEach(cleanup);

const refused = (status: number, code = 'SOME.CODE') =>
  new Refused({ status, code, title: '', fields: [], requestId: 'one' });

/** Sends bodies one after the other, each answered by a failure or not. @returns their keys, by the order in which they came first */
async function keysOf(sent: [body: unknown, failure?: Error][]): Promise<number[]> {
  const { result } = renderHook(() => useIntent());
  const keys: string[] = [];
  for (const [body, failure] of sent) {
    await result
      .current(body, async (header) => {
        keys.push(header['Idempotency-Key']);
        if (failure) throw failure;
      })
      .catch((error) => expect(error).toBe(failure));
  }
  const known = [...new Set(keys)];
  return keys.map((key) => known.indexOf(key));
}

it('sends the same again as the same while it is not known what became of it', async () => {
  const unknown = [new Unreachable(new TypeError()), refused(503), refused(500), refused(409, 'REQUEST.IN_FLIGHT')];
  expect(await keysOf([...unknown.map((failure): [unknown, Error] => ['a', failure]), ['a']])).toEqual([0, 0, 0, 0, 0]);
});

it('sends the same anew once it was answered, whatever the answer', async () => {
  expect(await keysOf([['a'], ['a'], ['a', refused(409)], ['a']])).toEqual([0, 1, 2, 3]);
});

it('sends something else as something else', async () => {
  const away = refused(503);
  expect(await keysOf([['a', away], ['b', away], ['b']])).toEqual([0, 1, 1]);
});
