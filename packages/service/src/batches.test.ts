import { currentContext, runInContext } from '@cabinet/kit/http/request-context';
import { describe, expect, it } from 'vitest';
import { Batches } from './batches.js';

const twice = (items: number[]) => items.map((item) => item * 2);

describe('batches', () => {
  it('work on what comes alone at once', async () => {
    const worked: number[][] = [];
    const batches = new Batches(async (items: number[]) => {
      worked.push(items);
      return twice(items);
    });
    for (let n = 0; n < 3; n += 1) expect(await batches.add(n)).toBe(2 * n);
    expect(worked).toEqual([[0], [1], [2]]);
  });

  it('work together on what arrives while a batch is worked on, and give each its own result', async () => {
    const worked: number[][] = [];
    const waiting: (() => void)[] = [];
    const batches = new Batches(async (items: number[]) => {
      worked.push(items);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return twice(items);
    }, 2);
    const first = batches.add(0);
    await expect.poll(() => waiting.length).toBe(1);
    const all = [first, ...[1, 2, 3].map((n) => batches.add(n))];
    for (let n = 0; n < 3; n += 1) {
      await expect.poll(() => waiting.length).toBe(1);
      waiting.shift()?.();
    }
    expect(await Promise.all(all)).toEqual([0, 2, 4, 6]);
    expect(worked).toEqual([[0], [1, 2], [3]]);
  });

  it('are worked on in the name of one who waits for them, never of one who is answered', async () => {
    const names: (string | undefined)[] = [];
    const waiting: (() => void)[] = [];
    const batches = new Batches(async (items: number[]) => {
      names.push(currentContext()?.requestId);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return twice(items);
    });
    const first = runInContext({ requestId: 'first' }, () => batches.add(0));
    await expect.poll(() => waiting.length).toBe(1);
    const second = runInContext({ requestId: 'second' }, () => batches.add(1));
    for (const result of [first, second]) {
      await expect.poll(() => waiting.length).toBe(1);
      waiting.shift()?.();
      await result;
    }
    expect(names).toEqual(['first', 'second']);
  });

  it('work together on what is asked for at once', async () => {
    const worked: number[][] = [];
    const batches = new Batches(async (items: number[]) => {
      worked.push(items);
      return twice(items);
    });
    expect(await Promise.all([0, 1, 2].map((n) => batches.add(n)))).toEqual([0, 2, 4]);
    expect(worked).toEqual([[0, 1, 2]]);
  });

  it('fail those of a batch that could not be worked on, and go on with the next', async () => {
    let isAway = true;
    const batches = new Batches(async (items: number[]) => {
      if (isAway) throw new Error('away');
      return twice(items);
    });
    await expect(batches.add(0)).rejects.toThrow('away');
    isAway = false;
    expect(await batches.add(1)).toBe(2);
  });
});
