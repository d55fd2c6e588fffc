import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RefusedRegistration, readInstance } from './read-instance.js';

const now = 1_772_438_400_000;

const complete = {
  instanceId: 'host:patient:9091',
  hostName: 'host',
  app: 'patient',
  ipAddr: '127.0.0.1',
  dataCenterInfo: { name: 'MyOwn' },
};

const read = (sent: unknown, app = 'patient') => readInstance(sent, app, now);
const without = (name: keyof typeof complete) => ({ ...complete, [name]: undefined });

describe('a registration is refused', () => {
  it.each([
    ['Missing instanceId', { ...complete, instanceId: '', hostName: '' }],
    ['Missing hostname', without('hostName')],
    ['Missing ip address', without('ipAddr')],
    ['Missing appName', without('app')],
    ['Missing appName', { ...complete, app: '' }],
    ['Mismatched appName, expecting PATIENT but was AUTH', { ...complete, app: 'auth' }],
    ['Missing dataCenterInfo', without('dataCenterInfo')],
    ['Missing dataCenterInfo', { ...complete, dataCenterInfo: null }],
    ['Missing dataCenterInfo Name', { ...complete, dataCenterInfo: {} }],
    ['Unknown dataCenterInfo Name', { ...complete, dataCenterInfo: { name: 'Elsewhere' } }],
    ['Invalid port', { ...complete, port: 'http' }],
    ['Invalid port', { ...complete, port: { $: 70_000 } }],
    ['Invalid port', { ...complete, port: -1 }],
    ['Invalid securePort', { ...complete, securePort: [] }],
  ])('%s', (message, sent) => {
    expect(() => read(sent)).toThrow(new RefusedRegistration(message));
  });

  it.each([null, undefined, 'text', 7, [], [complete]])('when it is no object: %j', (sent) => {
    expect(() => read(sent)).toThrow('Missing instanceId');
  });

  it('only ever in the one way, whatever is sent', () => {
    fc.assert(
      fc.property(fc.object({ key: fc.constantFrom(...Object.keys(complete), 'port', 'metadata', '$') }), (noise) => {
        try {
          read({ ...complete, ...noise });
        } catch (error) {
          expect(error).toBeInstanceOf(RefusedRegistration);
        }
      }),
    );
  });
});

describe('a registration is read', () => {
  it('with the defaults of Eureka for what it leaves out', () => {
    expect(read(complete)).toEqual({
      facts: {
        instanceId: 'host:patient:9091',
        hostName: 'host',
        app: 'PATIENT',
        ipAddr: '127.0.0.1',
        status: 'UP',
        overriddenStatus: 'UNKNOWN',
        port: { number: 7001, isEnabled: true },
        securePort: { number: 7002, isEnabled: false },
        countryId: 1,
        dataCenter: { name: 'MyOwn', metadata: new Map() },
        metadata: new Map(),
        isCoordinatingDiscoveryServer: false,
        lastDirtyAt: now,
      },
      terms: { renewalIntervalSeconds: 30, durationSeconds: 90 },
    });
  });

  it.each([
    [8080, 8080, true],
    ['8080', 8080, true],
    [{ $: 8080, '@enabled': 'true' }, 8080, true],
    [{ $: 8080, '@enabled': true }, 8080, true],
    [{ $: '8080', '@enabled': 'false' }, 8080, false],
    [{ $: 8080 }, 8080, true],
  ])('with a port written as %j', (port, number, isEnabled) => {
    expect(read({ ...complete, port }).facts.port).toEqual({ number, isEnabled });
  });

  it.each([
    ['down', 'DOWN'],
    ['Out_Of_Service', 'OUT_OF_SERVICE'],
    ['asleep', 'UNKNOWN'],
  ])('with the status %s as %s', (status, known) => {
    expect(read({ ...complete, status }).facts.status).toBe(known);
  });

  it('without the identity that old clients send for none', () => {
    expect(read({ ...complete, sid: 'na' }).facts.sid).toBeUndefined();
    expect(read({ ...complete, sid: 'i-1' }).facts.sid).toBe('i-1');
  });

  it('with both spellings of the overridden status', () => {
    expect(read({ ...complete, overriddenstatus: 'OUT_OF_SERVICE' }).facts.overriddenStatus).toBe('OUT_OF_SERVICE');
    expect(read({ ...complete, overriddenStatus: 'OUT_OF_SERVICE' }).facts.overriddenStatus).toBe('OUT_OF_SERVICE');
  });

  it('with its host name or its Amazon id where it has no id', () => {
    expect(read(without('instanceId')).facts.instanceId).toBe('host');
    const dataCenterInfo = { name: 'Amazon', metadata: { 'instance-id': 'i-123' } };
    expect(read({ ...without('instanceId'), dataCenterInfo }).facts.instanceId).toBe('i-123');
  });

  it('with timestamps as text, and lease terms that make no sense replaced', () => {
    const { facts, terms } = read({
      ...complete,
      lastDirtyTimestamp: '1772000000000',
      leaseInfo: { durationInSecs: -5, renewalIntervalInSecs: 'often' },
    });
    expect(facts.lastDirtyAt).toBe(1_772_000_000_000);
    expect(terms).toEqual({ renewalIntervalSeconds: 30, durationSeconds: 90 });
  });

  it('with metadata as text, names of the language included', () => {
    const metadata = JSON.parse('{"@class":"x","n":1,"b":true,"o":{},"":"no name","__proto__":"p","constructor":"c"}');
    expect([...read({ ...complete, metadata }).facts.metadata]).toEqual([
      ['n', '1'],
      ['b', 'true'],
      ['o', ''],
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
  });
});
