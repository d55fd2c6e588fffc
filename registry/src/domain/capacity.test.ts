import { SettableClock } from '@cabinet/kit/clock';
import { describe, expect, it } from 'vitest';
import { buildInstance, buildTerms } from '../../test/build.js';
import { Registry, type RegistryOptions } from './registry.js';

const newRegistry = (limits: Partial<RegistryOptions>) => new Registry(new SettableClock(new Date(0)), limits);
const long = new Map([['long', 'x'.repeat(900)]]);

describe('a full registry', () => {
  it('takes no further instance, but lets those it has register again', () => {
    const registry = newRegistry({ instancesMax: 2 });
    for (const instanceId of ['a', 'b']) registry.register(buildInstance({ instanceId }), buildTerms());
    expect(() => registry.register(buildInstance({ instanceId: 'c' }), buildTerms())).toThrow(/holds 2 instances/);
    registry.register(buildInstance({ instanceId: 'b', status: 'DOWN' }), buildTerms());
    expect(registry.size).toBe(2);
    registry.cancel({ app: 'PATIENT', instanceId: 'a' });
    registry.register(buildInstance({ instanceId: 'c' }), buildTerms());
    expect(registry.size).toBe(2);
  });

  it('takes no more text, by registration or by metadata, and what it holds stays as it was', () => {
    const registry = newRegistry({ charactersMax: 1_500 });
    registry.register(buildInstance({ instanceId: 'a', metadata: long }), buildTerms());
    const tooMuch = buildInstance({ instanceId: 'b', metadata: long });
    expect(() => registry.register(tooMuch, buildTerms())).toThrow(/no room/);
    const key = { app: 'PATIENT', instanceId: 'a' };
    expect(() => registry.updateMetadata(key, [['more', 'x'.repeat(900)]])).toThrow(/no room/);
    expect(registry.find(key)?.instance.metadata).toEqual(long);
    expect(registry.size).toBe(1);
  });

  it('remembers what left only as far as it has room', () => {
    const registry = newRegistry({ charactersMax: 10_000 });
    for (let n = 0; n < 1_000; n += 1) {
      registry.register(buildInstance({ instanceId: String(n), metadata: long }), buildTerms());
      registry.cancel({ app: 'PATIENT', instanceId: String(n) });
    }
    const remembered = registry.delta().applications.flatMap(({ registrations }) => registrations);
    expect(remembered.length).toBeLessThan(10);
    expect(remembered.at(-1)?.instance.instanceId).toBe('999');
  });
});
