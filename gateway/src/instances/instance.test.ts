import { describe, expect, it } from 'vitest';
import { readApplications, readInstance } from './instance.js';

const complete = {
  instanceId: 'host:patient:9091',
  app: 'PATIENT',
  hostName: '10.0.0.7',
  status: 'UP',
  port: { $: 9091, '@enabled': 'true' },
  securePort: { $: 443, '@enabled': 'false' },
  leaseInfo: { durationInSecs: 15 },
};

describe('readInstance', () => {
  it('reads what Eureka’s JSON says', () => {
    expect(readInstance(complete)).toEqual({
      id: 'host:patient:9091',
      service: 'patient',
      origin: 'http://10.0.0.7:9091',
      isUp: true,
      leaseMs: 15_000,
    });
  });

  it('reads where it runs and which version, where the metadata say so', () => {
    const read = (metadata: unknown) => readInstance({ ...complete, metadata });
    expect(read({ zone: 'paris', version: 'v1.4.0' })).toMatchObject({ zone: 'paris', version: 'v1.4.0' });
    for (const metadata of [{ version: '' }, { version: 14 }, 'v1.4.0'])
      expect(read(metadata)).not.toHaveProperty('version');
  });

  it('takes numbers and booleans as text or not, the secure port, and addresses of version 6', () => {
    const origin = (facts: object) => readInstance({ ...complete, ...facts })?.origin;
    expect(origin({ port: { $: '9091', '@enabled': true } })).toBe('http://10.0.0.7:9091');
    expect(origin({ port: 9091 })).toBe('http://10.0.0.7:9091');
    expect(origin({ port: { $: 1, '@enabled': 'false' }, securePort: { $: '8443', '@enabled': 'true' } })).toBe(
      'https://10.0.0.7:8443',
    );
    expect(origin({ hostName: 'fe80::1' })).toBe('http://[fe80::1]:9091');
  });

  it('is up only when it says so', () => {
    for (const status of ['DOWN', 'STARTING', 'OUT_OF_SERVICE', 'UNKNOWN', undefined]) {
      expect(readInstance({ ...complete, status })?.isUp).toBe(false);
    }
  });

  it('is nothing when no request could be sent there', () => {
    const wrong = [
      null,
      'x',
      {},
      { ...complete, hostName: 'a/b' },
      { ...complete, hostName: undefined },
      { ...complete, port: undefined },
    ];
    for (const json of [...wrong, { ...complete, app: 7 }, { ...complete, port: { $: 9091, '@enabled': 'false' } }]) {
      expect(readInstance(json)).toBeUndefined();
    }
  });
});

describe('readApplications', () => {
  it('takes lists and single elements, and leaves out what is unreadable', () => {
    const of = (application: unknown) => readApplications({ applications: { application } }).map(({ id }) => id);
    expect(of([{ instance: [complete, { app: 'X' }] }, { instance: { ...complete, instanceId: 'b' } }])).toEqual([
      complete.instanceId,
      'b',
    ]);
    expect(of({ instance: complete })).toEqual([complete.instanceId]);
    expect(of(undefined)).toEqual([]);
    expect(readApplications(null)).toEqual([]);
  });
});
