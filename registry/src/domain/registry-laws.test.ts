import { SettableClock } from '@cabinet/kit/clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildInstance, buildTerms } from '../../test/build.js';
import type { Change } from './changes.js';
import { type InstanceKey, type InstanceStatus, instanceStatuses } from './instance.js';
import type { Registration } from './lease.js';
import { Registry } from './registry.js';
import { type Applications, hashOf } from './views.js';

type Step =
  | { kind: 'register'; key: InstanceKey; status: InstanceStatus; lastDirtyAt: number }
  | { kind: 'override'; key: InstanceKey; status: InstanceStatus }
  | { kind: 'renew' | 'cancel' | 'remove override' | 'metadata'; key: InstanceKey }
  | { kind: 'time'; seconds: number };

const keys = fc.record({ app: fc.constantFrom('PATIENT', 'AUTH'), instanceId: fc.constantFrom('1', '2', '3') });
const status = fc.constantFrom(...instanceStatuses);
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('register' as const), key: keys, status, lastDirtyAt: fc.nat(3) }),
    fc.record({ kind: fc.constant('override' as const), key: keys, status }),
    fc.record({ kind: fc.constantFrom('renew' as const, 'cancel', 'remove override', 'metadata'), key: keys }),
    fc.record({ kind: fc.constant('time' as const), seconds: fc.nat(20) }),
  ),
  { maxLength: 40 },
);

function take(step: Step, registry: Registry, clock: SettableClock): void {
  switch (step.kind) {
    case 'register':
      registry.register(buildInstance({ ...step.key, ...step }), buildTerms({ durationSeconds: 15 }));
      break;
    case 'override':
      registry.overrideStatus(step.key, step.status);
      break;
    case 'renew':
      registry.renew(step.key);
      break;
    case 'cancel':
      registry.cancel(step.key);
      break;
    case 'remove override':
      registry.removeOverride(step.key);
      break;
    case 'metadata':
      registry.updateMetadata(step.key, [['at', String(clock.now().getTime())]]);
      break;
    case 'time':
      clock.advanceBy(step.seconds * 1000);
      registry.evictExpired();
  }
}

const newRegistry = () => {
  const clock = new SettableClock(new Date('2026-03-02T08:00:00Z'));
  return { clock, registry: new Registry(clock) };
};

const listed = (list: Applications): Registration[] => list.applications.flatMap((a) => a.registrations);
const sorted = (registrations: Iterable<Registration>) =>
  Array.from(registrations, ({ instance: i }) => `${i.app} ${i.instanceId} ${i.status} ${[...i.metadata]}`).sort();

describe('whatever happens to the registry', () => {
  it('the hash counts the instances in the list', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const { registry, clock } = newRegistry();
        for (const step of taken) take(step, registry, clock);
        const all = registry.all();
        expect(all.hash).toBe(hashOf(listed(all).map(({ instance }) => instance.status)));
      }),
    );
  });

  it('the changes, applied in order, give the list, and are numbered without gaps', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const { registry, clock } = newRegistry();
        const seen: Change[] = [];
        registry.subscribe((change) => seen.push(change));
        for (const step of taken) take(step, registry, clock);

        const copy = new Map<string, Registration>();
        for (const { type, registration } of seen) {
          const key = `${registration.instance.app} ${registration.instance.instanceId}`;
          if (type === 'DELETED') copy.delete(key);
          else copy.set(key, registration);
        }
        expect(sorted(copy.values())).toEqual(sorted(registry.registrations()));
        expect(seen.map(({ sequence }) => sequence)).toEqual(seen.map((_, index) => index + 1));
        expect(registry.sequence).toBe(seen.length);
      }),
    );
  });

  it('a client that polls the delta holds the list, hash included', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const { registry, clock } = newRegistry();
        const copy = new Map<string, Registration>();
        for (const step of taken) {
          take(step, registry, clock);
          if (step.kind !== 'time') continue;
          const delta = registry.delta();
          applyDelta(copy, delta);
          expect(sorted(copy.values())).toEqual(sorted(registry.registrations()));
          expect(hashOf([...copy.values()].map(({ instance }) => instance.status))).toBe(delta.hash);
        }
      }),
    );
  });
});

// As Eureka's clients do it.
function applyDelta(copy: Map<string, Registration>, delta: Applications): void {
  for (const registration of listed(delta)) {
    const { app, instanceId, actionType } = registration.instance;
    if (actionType === 'DELETED') copy.delete(`${app} ${instanceId}`);
    else copy.set(`${app} ${instanceId}`, registration);
  }
}

describe('the delta', () => {
  it('forgets changes after three minutes', () => {
    const { registry, clock } = newRegistry();
    registry.register(buildInstance(), buildTerms({ durationSeconds: 3600 }));
    clock.advanceBy(180_000);
    expect(listed(registry.delta())).toHaveLength(1);
    clock.advanceBy(1);
    expect(listed(registry.delta())).toHaveLength(0);
    expect(registry.delta().hash).toBe('UP_1_');
  });
});
