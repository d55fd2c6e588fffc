import { describe, expect, it } from 'vitest';
import type { AuditEvent } from './chain.js';
import { AuditBatches } from './trail.js';

const event = (n: number) => ({ requestId: String(n) }) as AuditEvent;
const idsOf = (batches: AuditEvent[][]) => batches.map((batch) => batch.map(({ requestId }) => requestId));

describe('audit batches', () => {
  it('store events one after another, each resolved when it is stored', async () => {
    const stored: AuditEvent[][] = [];
    const batches = new AuditBatches(async (events) => void stored.push(events));
    for (let n = 0; n < 5; n += 1) {
      await batches.append(event(n));
      expect(stored).toHaveLength(n + 1);
    }
  });

  it('store together what arrives while a batch is being stored', async () => {
    const stored: AuditEvent[][] = [];
    const waiting: (() => void)[] = [];
    const batches = new AuditBatches(async (events) => {
      stored.push(events);
      await new Promise<void>((resolve) => waiting.push(resolve));
    });
    const all = [0, 1, 2].map((n) => batches.append(event(n)));
    waiting.shift()?.();
    await all[0];
    expect(idsOf(stored)).toEqual([['0'], ['1', '2']]);
    waiting.shift()?.();
    await Promise.all(all);
  });

  it('fail those of a batch that could not be stored, and go on with the next', async () => {
    let isAway = true;
    const batches = new AuditBatches(async () => {
      if (isAway) throw new Error('away');
    });
    await expect(batches.append(event(0))).rejects.toThrow('away');
    isAway = false;
    await batches.append(event(1));
  });
});
