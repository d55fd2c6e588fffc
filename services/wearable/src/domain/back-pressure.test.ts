import { describe, expect, it } from 'vitest';
import { BackPressure } from './back-pressure.js';

const limits = { inFlightMax: 100, untoldMax: 1_000 };
const none = async () => 0;
const nothing = async () => 'done';

describe('back-pressure', () => {
  it('refuses what comes while as much as allowed is being stored, and takes it afterwards', async () => {
    const pressure = new BackPressure(limits, none);
    const gate = Promise.withResolvers<void>();
    const first = pressure.during(80, () => gate.promise);
    await expect(pressure.during(30, nothing)).rejects.toMatchObject({
      code: 'READING.TOO_MANY_AT_ONCE',
      retryAfterSeconds: 1,
    });
    await expect(pressure.during(20, nothing)).resolves.toBe('done');
    gate.resolve();
    await first;
    await expect(pressure.during(30, nothing)).resolves.toBe('done');
  });

  it('takes one batch that is larger than the limit, when nothing else is being stored', async () => {
    await expect(new BackPressure(limits, none).during(500, nothing)).resolves.toBe('done');
  });

  it('counts no batch that failed', async () => {
    const pressure = new BackPressure(limits, none);
    const fails = async () => Promise.reject(new Error('the database is away'));
    await expect(pressure.during(90, fails)).rejects.toThrow('away');
    await expect(pressure.during(90, nothing)).resolves.toBe('done');
  });

  it('refuses everything while too much waits to be told, and asks how much only now and then', async () => {
    let [now, asked, untold] = [0, 0, 1_001];
    const pressure = new BackPressure(
      limits,
      async () => {
        asked += 1;
        return untold;
      },
      () => now,
    );
    await expect(pressure.during(1, nothing)).rejects.toMatchObject({ retryAfterSeconds: 30 });
    untold = 0;
    await expect(pressure.during(1, nothing)).rejects.toMatchObject({ code: 'READING.TOO_MANY_AT_ONCE' });
    expect(asked).toBe(1);
    now = 2_000;
    await expect(pressure.during(1, nothing)).resolves.toBe('done');
  });
});
