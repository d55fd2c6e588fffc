import { expect, it } from 'vitest';
import type { Resource } from './resources.ts';
import { requireLoaded } from './sidecar.ts';

const wanted: Resource[] = [
  { kind: 'Component', name: 'events', scopes: [], spec: {} },
  { kind: 'Subscription', name: 'patient-hears-appointment', scopes: [], spec: { topic: 'appointment' } },
  { kind: 'Resiliency', name: 'cabinet', scopes: [], spec: {} },
];
const metadata = { components: [{ name: 'events' }], subscriptions: [{ topic: 'appointment' }] };
const log = '{"msg":"Loading Resiliency configuration: cabinet"}';

it('is content with a sidecar that loaded everything', () => {
  expect(() => requireLoaded('patient', wanted, metadata, log)).not.toThrow();
});

it.each([
  ['a component', { ...metadata, components: [] }, log, 'Component events'],
  ['a subscription', { ...metadata, subscriptions: undefined }, log, 'Subscription patient-hears-appointment'],
  ['the policies', metadata, '', 'Resiliency cabinet'],
])('refuses a sidecar that loaded all but %s', (_, loaded, logged, name) => {
  expect(() => requireLoaded('patient', wanted, loaded, logged)).toThrow(
    `the sidecar of patient did not load ${name}:`,
  );
});

it('refuses a daprd that cannot find its neighbours', () => {
  expect(() => requireLoaded('patient', wanted, metadata, `${log} couldn't find name resolver sqlite/v1`)).toThrow(
    /no SQLite name resolution/,
  );
});
