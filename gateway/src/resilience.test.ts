import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BreakerState, CircuitOpen, ServicePolicy, usualResilience, type Verdict } from './resilience.js';

const good: Verdict = { blamesService: false, mayRepeat: 'no' };
const bad: Verdict = { blamesService: true, mayRepeat: 'no' };

class Fault extends Error implements Verdict {
  blamesService = true;
  mayRepeat: Verdict['mayRepeat'] = 'no';
  wasAbandoned = false;
}

const faulty = (facts: Partial<Verdict> = {}) => Object.assign(new Fault('fault'), facts);

describe('ServicePolicy', () => {
  let states: BreakerState[];
  let policy: ServicePolicy;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
    states = [];
    policy = new ServicePolicy({ ...usualResilience, retryDelayMs: 1 }, (state) => states.push(state));
  });
  afterEach(() => vi.useRealTimers());

  const runs = async (count: number, outcome: Verdict | Error) => {
    for (let i = 0; i < count; i++) {
      await policy.run(async () => (outcome instanceof Error ? Promise.reject(outcome) : outcome)).catch(() => {});
    }
  };

  it('opens when most of at least five calls failed, by answer or by error', async () => {
    await runs(4, bad);
    expect(policy.state).toBe('closed');
    await runs(1, faulty());
    expect(policy.state).toBe('open');
    const attempt = vi.fn();
    await expect(policy.run(attempt)).rejects.toMatchObject({ retryAfterSeconds: 1 });
    expect(attempt).not.toHaveBeenCalled();
  });

  it('stays closed while half of the calls succeed, and for errors that are not the service’s fault', async () => {
    for (let i = 0; i < 20; i++) {
      await runs(1, good);
      await runs(1, bad);
      await runs(1, faulty({ blamesService: false, wasAbandoned: true }));
      await runs(1, new Error('a defect of ours'));
    }
    expect(states).toEqual([]);
  });

  it('doubles its pause while probes fail, up to fifteen seconds, and closes with one that succeeds', async () => {
    await runs(5, bad);
    for (const seconds of [1, 2, 4, 8, 15, 15]) {
      await expect(policy.run(async () => good)).rejects.toMatchObject({ retryAfterSeconds: seconds });
      vi.setSystemTime(Date.now() + seconds * 1000 - 1);
      await expect(policy.run(async () => good)).rejects.toBeInstanceOf(CircuitOpen);
      vi.setSystemTime(Date.now() + 1);
      await runs(1, bad);
      expect(policy.state).toBe('open');
    }
    vi.setSystemTime(Date.now() + 15_000);
    await expect(policy.run(async () => good)).resolves.toBe(good);
    expect(states.slice(-2)).toEqual(['half-open', 'closed']);
  });

  it('lets one request probe and refuses all others meanwhile', async () => {
    await runs(5, bad);
    vi.setSystemTime(Date.now() + 1_000);
    const answer = Promise.withResolvers<Verdict>();
    const probe = policy.run(() => answer.promise);
    await expect(policy.run(async () => good)).rejects.toBeInstanceOf(CircuitOpen);
    answer.resolve(good);
    await probe;
    await expect(policy.run(async () => good)).resolves.toBe(good);
  });

  it('opens again when the probe was abandoned, since it has shown nothing', async () => {
    await runs(5, bad);
    vi.setSystemTime(Date.now() + 1_000);
    await runs(1, faulty({ blamesService: false, wasAbandoned: true }));
    expect(policy.state).toBe('open');
  });

  it('repeats what may be repeated, twice at most, and tells the last try that it is the last', async () => {
    const lasts: boolean[] = [];
    const answer = { ...bad, mayRepeat: 'within-budget' } as const;
    const result = await policy.run(async (isLast) => {
      lasts.push(isLast);
      return isLast ? bad : answer;
    });
    expect([result, lasts]).toEqual([bad, [false, false, true]]);
    expect(policy.budget.left).toBe(8);
  });

  it('takes nothing from the budget for what the service never saw', async () => {
    const attempt = vi.fn(async (isLast: boolean) => {
      throw faulty({ blamesService: false, mayRepeat: isLast ? 'no' : 'freely' });
    });
    await expect(policy.run(attempt)).rejects.toBeInstanceOf(Fault);
    expect([attempt.mock.calls.length, policy.budget.left]).toEqual([3, 10]);
  });

  it('ends the tries when the breaker opens between them', async () => {
    await runs(4, bad);
    const attempt = vi.fn(async () => ({ ...bad, mayRepeat: 'within-budget' }) as const);
    await expect(policy.run(attempt)).rejects.toBeInstanceOf(CircuitOpen);
    expect(attempt).toHaveBeenCalledOnce();
  });
});
