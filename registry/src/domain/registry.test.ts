import { SettableClock } from '@cabinet/kit/clock';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildInstance, buildTerms } from '../../test/build.js';
import type { Change } from './changes.js';
import { Registry } from './registry.js';
import { bySecureVip, byVip } from './views.js';

const start = Date.parse('2026-03-02T08:00:00Z');
const patient = { app: 'PATIENT', instanceId: 'host:patient:9091' };

let clock: SettableClock;
let registry: Registry;
let changes: Change[];

beforeEach(() => {
  clock = new SettableClock(new Date(start));
  registry = new Registry(clock);
  changes = [];
  registry.subscribe((change) => changes.push(change));
});

const statusOf = (key = patient) => registry.find(key)?.instance.status;

describe('a lease', () => {
  it('lasts for its duration after registration, and not a moment longer', () => {
    registry.register(buildInstance(), buildTerms({ durationSeconds: 15 }));
    clock.advanceBy(15_000);
    expect(registry.evictExpired()).toBe(0);
    clock.advanceBy(1);
    expect(registry.evictExpired()).toBe(1);
    expect(registry.find(patient)).toBeUndefined();
    expect(changes.at(-1)).toMatchObject({ type: 'DELETED', reason: 'expired' });
  });

  it('lasts for its duration after the latest renewal, not twice that', () => {
    registry.register(buildInstance(), buildTerms({ durationSeconds: 15 }));
    clock.advanceBy(10_000);
    expect(registry.renew(patient)).toBe('renewed');
    clock.advanceBy(15_000);
    expect(registry.evictExpired()).toBe(0);
    clock.advanceBy(1);
    expect(registry.evictExpired()).toBe(1);
  });

  it('is found by an application name in any letter-case', () => {
    registry.register(buildInstance(), buildTerms());
    expect(registry.renew({ ...patient, app: 'patient' })).toBe('renewed');
    expect(registry.application('Patient')?.name).toBe('PATIENT');
  });

  it('keeps the moment of the first UP when the instance registers again', () => {
    registry.register(buildInstance(), buildTerms());
    clock.advanceBy(5_000);
    registry.register(buildInstance({ lastDirtyAt: 2_000 }), buildTerms());
    expect(registry.find(patient)?.lease).toMatchObject({ upSince: start, registeredAt: start + 5_000 });
  });

  it('tells when it ended to those who ask for changes', () => {
    registry.register(buildInstance(), buildTerms());
    clock.advanceBy(3_000);
    registry.cancel(patient);
    expect(changes.at(-1)?.registration.lease.endedAt).toBe(start + 3_000);
  });
});

describe('renewing', () => {
  it('is refused for an unknown instance', () => {
    expect(registry.renew(patient)).toBe('register');
    registry.register(buildInstance(), buildTerms());
    expect(registry.renew({ ...patient, instanceId: 'other' })).toBe('register');
  });

  it('asks for a registration when the instance has changed since the last one', () => {
    registry.register(buildInstance({ lastDirtyAt: 1_000 }), buildTerms());
    expect(registry.renew(patient, { lastDirtyAt: 999 })).toBe('renewed');
    expect(registry.renew(patient, { lastDirtyAt: 1_000 })).toBe('renewed');
    expect(registry.renew(patient, { lastDirtyAt: 1_001 })).toBe('register');
  });

  it('is no change', () => {
    registry.register(buildInstance(), buildTerms());
    registry.renew(patient);
    expect(changes).toHaveLength(1);
  });
});

describe('registering again', () => {
  it('replaces what was said before, also with the same timestamp', () => {
    registry.register(buildInstance({ metadata: new Map([['zone', 'a']]) }), buildTerms());
    registry.register(buildInstance({ metadata: new Map([['zone', 'b']]) }), buildTerms());
    expect(registry.find(patient)?.instance.metadata.get('zone')).toBe('b');
    expect([...registry.registrations()]).toHaveLength(1);
  });

  it('keeps what was said before when that is newer', () => {
    registry.register(buildInstance({ lastDirtyAt: 2_000, hostName: 'new' }), buildTerms());
    registry.register(buildInstance({ lastDirtyAt: 1_000, hostName: 'old' }), buildTerms());
    expect(registry.find(patient)?.instance.hostName).toBe('new');
  });

  it('believes DOWN and STARTING, and UP after them', () => {
    for (const status of ['UP', 'DOWN', 'UP', 'STARTING', 'UP'] as const) {
      registry.register(buildInstance({ status }), buildTerms());
      expect(statusOf()).toBe(status);
    }
  });

  it('cannot take an UP instance out of service: that is for an operator', () => {
    registry.register(buildInstance({ status: 'UP' }), buildTerms());
    registry.register(buildInstance({ status: 'OUT_OF_SERVICE' }), buildTerms());
    expect(statusOf()).toBe('UP');
  });
});

describe('an override', () => {
  beforeEach(() => registry.register(buildInstance(), buildTerms()));

  it('survives a new registration, which says UP', () => {
    expect(registry.overrideStatus(patient, 'OUT_OF_SERVICE')).toBe(true);
    registry.register(buildInstance({ lastDirtyAt: 2_000 }), buildTerms());
    expect(registry.find(patient)?.instance).toMatchObject({
      status: 'OUT_OF_SERVICE',
      overriddenStatus: 'OUT_OF_SERVICE',
    });
  });

  it('gives way to an instance that says it is down', () => {
    registry.overrideStatus(patient, 'OUT_OF_SERVICE');
    registry.register(buildInstance({ status: 'DOWN' }), buildTerms());
    expect(statusOf()).toBe('DOWN');
    registry.register(buildInstance({ status: 'UP' }), buildTerms());
    expect(statusOf()).toBe('OUT_OF_SERVICE');
  });

  it('leaves the status unknown once removed, so that the instance must say it again', () => {
    registry.overrideStatus(patient, 'OUT_OF_SERVICE');
    expect(registry.removeOverride(patient)).toBe(true);
    expect(registry.find(patient)?.instance).toMatchObject({ status: 'UNKNOWN', overriddenStatus: 'UNKNOWN' });
    expect(registry.renew(patient)).toBe('register');
    registry.register(buildInstance(), buildTerms());
    expect(statusOf()).toBe('UP');
  });

  it('can be removed with the status that is to count', () => {
    registry.overrideStatus(patient, 'OUT_OF_SERVICE');
    registry.removeOverride(patient, 'DOWN');
    expect(statusOf()).toBe('DOWN');
    expect(registry.renew(patient)).toBe('renewed');
  });

  it('that is not there changes nothing when removed', () => {
    expect(registry.removeOverride(patient)).toBe(true);
    expect(statusOf()).toBe('UP');
    expect(changes).toHaveLength(1);
  });

  it('with the status that counts already overrides nothing', () => {
    expect(registry.overrideStatus(patient, 'UP')).toBe(true);
    expect(registry.find(patient)?.instance.overriddenStatus).toBe('UNKNOWN');
    expect(changes).toHaveLength(1);
  });

  it('prolongs the lease', () => {
    clock.advanceBy(14_000);
    registry.overrideStatus(patient, 'OUT_OF_SERVICE');
    clock.advanceBy(14_000);
    expect(registry.evictExpired()).toBe(0);
  });

  it('ends with the lease', () => {
    registry.overrideStatus(patient, 'OUT_OF_SERVICE');
    registry.cancel(patient);
    registry.register(buildInstance(), buildTerms());
    expect(statusOf()).toBe('UP');
  });

  it('comes along with a registration that brings one', () => {
    const key = { app: 'AUTH', instanceId: 'host:auth:1' };
    registry.register(buildInstance({ ...key, overriddenStatus: 'OUT_OF_SERVICE' }), buildTerms());
    expect(statusOf(key)).toBe('OUT_OF_SERVICE');
  });
});

it.each(['cancel', 'removeOverride', 'find'] as const)('%s finds nothing for an unknown instance', (method) => {
  expect(registry[method](patient)).toBeFalsy();
  expect(registry.overrideStatus(patient, 'DOWN')).toBe(false);
  expect(registry.updateMetadata(patient, [['a', 'b']])).toBe(false);
  expect(changes).toHaveLength(0);
});

describe('metadata', () => {
  it('are added to and replaced one by one', () => {
    registry.register(buildInstance({ metadata: new Map(Object.entries({ zone: 'a', version: '1' })) }), buildTerms());
    registry.updateMetadata(patient, [
      ['version', '2'],
      ['__proto__', 'harmless'],
    ]);
    const metadata = registry.find(patient)?.instance.metadata ?? [];
    expect([...metadata]).toEqual([
      ['zone', 'a'],
      ['version', '2'],
      ['__proto__', 'harmless'],
    ]);
  });
});

describe('lists', () => {
  beforeEach(() => {
    registry.register(buildInstance({ instanceId: 'a', vipAddress: 'patient,people' }), buildTerms());
    registry.register(buildInstance({ instanceId: 'b', status: 'DOWN', secureVipAddress: 'safe' }), buildTerms());
    registry.register(buildInstance({ instanceId: 'c', app: 'AUTH', vipAddress: 'people' }), buildTerms());
  });

  it('have all instances by application, and count the statuses', () => {
    const { applications, hash } = registry.all();
    expect(applications.map(({ name, registrations }) => [name, registrations.length])).toEqual([
      ['PATIENT', 2],
      ['AUTH', 1],
    ]);
    expect(hash).toBe('DOWN_1_UP_2_');
  });

  it('go by any one of the virtual addresses', () => {
    const idsOf = ({ applications }: ReturnType<Registry['all']>) =>
      applications.flatMap(({ registrations }) => registrations.map(({ instance }) => instance.instanceId));
    expect(idsOf(byVip(registry.registrations(), 'people'))).toEqual(['a', 'c']);
    expect(byVip(registry.registrations(), 'people').hash).toBe('UP_2_');
    expect(idsOf(bySecureVip(registry.registrations(), 'safe'))).toEqual(['b']);
    expect(idsOf(byVip(registry.registrations(), 'eople'))).toEqual([]);
  });

  it('forget an application without instances', () => {
    registry.cancel({ app: 'AUTH', instanceId: 'c' });
    expect(registry.application('AUTH')).toBeUndefined();
    expect(registry.findById('c')).toBeUndefined();
    expect(registry.findById('b')?.instance.app).toBe('PATIENT');
  });
});
