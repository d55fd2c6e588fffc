import { beforeEach, describe, expect, it } from 'vitest';
import { buildInstance, buildTerms } from '../../test/build.js';
import { ManualTime } from '../../test/manual-time.js';
import { compensationMs, Eviction, lossMax } from './eviction.js';
import { Registry, type RegistryOptions } from './registry.js';

const app = 'PATIENT';
const idsUpTo = (count: number) => Array.from({ length: count }, (_, n) => String(n));

let time: ManualTime;
let registry: Registry;
let eviction: Eviction;

function start({
  selfPreservation = true,
  ...options
}: Partial<RegistryOptions> & { selfPreservation?: boolean } = {}) {
  time = new ManualTime();
  registry = new Registry(time, options);
  eviction = new Eviction(registry, time, { intervalMs: 1_000, selfPreservation });
  time.every(1_000, () => eviction.run());
}

const join = (ids: string[], terms = buildTerms({ durationSeconds: 15 })) => {
  for (const instanceId of ids) registry.register(buildInstance({ instanceId }), terms);
};

/** Lets time pass while these renew every five seconds. */
function passRenewing(ids: string[], seconds: number) {
  for (let passed = 0; passed < seconds; passed += 5) {
    time.pass(5_000);
    for (const instanceId of ids) registry.renew({ app, instanceId });
  }
}

beforeEach(() => start());

describe('eviction', () => {
  it('ends the leases that ran out, and no others', () => {
    join(idsUpTo(50));
    passRenewing(idsUpTo(45), 30);
    expect(registry.size).toBe(45);
    expect(eviction.isPreserving).toBe(false);
  });

  it('ends the lease of a single instance that is gone, however few there are', () => {
    join(['alone']);
    time.pass(16_000);
    expect(registry.size).toBe(0);
  });

  it('goes on for a day in which instances are lost one by one', () => {
    const ids = idsUpTo(20);
    join(ids);
    while (ids.length > 1) {
      ids.pop();
      passRenewing(ids, 90);
      expect(registry.size).toBe(ids.length);
    }
  });

  it('goes in any order, not by application or age', () => {
    const orders = new Set<string>();
    for (let n = 0; n < 20; n += 1) {
      start({ selfPreservation: false });
      const order: string[] = [];
      registry.subscribe(
        ({ type, registration }) => type === 'DELETED' && order.push(registration.instance.instanceId),
      );
      join(idsUpTo(10));
      time.pass(16_000);
      expect(order.toSorted()).toEqual(idsUpTo(10));
      orders.add(order.join());
    }
    expect(orders.size).toBeGreaterThan(1);
  });
});

describe('self-preservation', () => {
  it('keeps everybody while more than 15 % are lost at once, and ends when they renew again', () => {
    join(idsUpTo(50));
    passRenewing(idsUpTo(25), 600);
    expect(registry.size).toBe(50);
    expect(eviction.isPreserving).toBe(true);
    passRenewing(idsUpTo(50), 10);
    expect(eviction.isPreserving).toBe(false);
  });

  it('loses no more than 15 % when the leases of the lost run out one after the other', () => {
    for (const [n, instanceId] of idsUpTo(100).entries()) {
      join([instanceId]);
      if (n % 10 === 9) time.pass(1_000);
    }
    time.pass(120_000);
    expect(registry.size).toBeGreaterThanOrEqual(85);
    expect(eviction.isPreserving).toBe(true);
  });

  it('can be switched off', () => {
    start({ selfPreservation: false });
    join(idsUpTo(50));
    time.pass(16_000);
    expect(registry.size).toBe(0);
  });

  it.each([
    [1, 1],
    [6, 1],
    [7, 2],
    [50, 8],
    [100, 15],
  ])('of %i instances believes %i lost', (total, lost) => {
    expect(lossMax(total)).toBe(lost);
  });
});

describe('a process that stood still', () => {
  it('gives every client the time back in which it could not be heard', () => {
    start({ selfPreservation: false });
    join(idsUpTo(10));
    time.pass(2_000);
    time.standStill(3_600_000);
    time.pass(12_000);
    expect(registry.size).toBe(10);
    time.pass(4_000);
    expect(registry.size).toBe(0);
  });

  it.each([
    [undefined, 60_000, 0],
    [0, 60_000, 0],
    [0, 60_010, 10],
    [0, 59_000, 0],
  ])('from a run at %o to one at %i, meant every minute, lost %i ms', (last, now, lost) => {
    expect(compensationMs(last, now, 60_000)).toBe(lost);
  });
});

describe('a renewed lease', () => {
  it('lasts twice as long when leases are to be doubled as in Netflix’s server', () => {
    start({ doubleLeaseDuration: true, selfPreservation: false });
    join(idsUpTo(50), buildTerms({ durationSeconds: 30 }));
    time.pass(15_000);
    for (const instanceId of idsUpTo(50)) registry.renew({ app, instanceId });
    time.pass(60_000);
    expect(registry.size).toBe(50);
    time.pass(1_000);
    expect(registry.size).toBe(0);
  });
});

describe('the rate of renewals', () => {
  it('counts those of the last sixty seconds', () => {
    join(idsUpTo(2));
    passRenewing(idsUpTo(2), 60);
    expect(registry.renewalsLastMinute()).toBe(24);
    passRenewing(['0'], 30);
    expect(registry.renewalsLastMinute()).toBe(18);
    time.pass(61_000);
    expect(registry.renewalsLastMinute()).toBe(0);
  });

  it('is known beforehand from what instances say', () => {
    join(['a'], buildTerms({ renewalIntervalSeconds: 5 }));
    join(['b'], buildTerms({ renewalIntervalSeconds: 30 }));
    expect(registry.renewalsExpected()).toBe(14);
  });
});
