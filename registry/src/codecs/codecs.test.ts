import { SettableClock } from '@cabinet/kit/clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildInstance, buildTerms } from '../../test/build.js';
import { dataCenterNames, type InstanceFacts, instanceStatuses } from '../domain/instance.js';
import type { Registration } from '../domain/lease.js';
import { Registry } from '../domain/registry.js';
import type { Codec } from './codec.js';
import { jsonCodec } from './json-codec.js';
import { readInstance } from './read-instance.js';
import { isXmlText, xmlCodec } from './xml-codec.js';
import { decodeName, encodeName } from './xml-names.js';

const now = Date.parse('2026-03-02T08:00:00Z');

function register(facts: InstanceFacts): Registration {
  const registry = new Registry(new SettableClock(new Date(now)));
  registry.register(facts, buildTerms());
  const registration = registry.findById(facts.instanceId);
  if (!registration) throw new Error('not registered');
  return registration;
}

// What an instance says of itself must come back from the wire as it went out.
function travel(codec: Codec, facts: InstanceFacts): InstanceFacts {
  const sent = codec.readInstance(codec.writeInstance(register(facts)));
  return readInstance(sent, facts.app, now).facts;
}

const text = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 20 })
  .filter((s) => isXmlText(s))
  .map((s) => s.normalize());
const hostile = fc.constantFrom(
  '<script>',
  ']]>',
  '&amp;',
  '&#65;',
  '\r\n',
  ' a ',
  '"',
  "'",
  '<!-- -->',
  '<![CDATA[x]]>',
);
const word = fc.oneof(text, hostile);
// A parser that protects its callers refuses these names, or changes them.
const reserved = /^(constructor|prototype|__proto__|hasOwnProperty|toString|valueOf|__define|__lookup)/;
const mapKey = fc
  .oneof(text, fc.constantFrom('$', '@enabled', 'a_b', '_-', '9 lives', 'a:b', '.', '_.0041'))
  .filter((key) => key !== '@class' && !reserved.test(encodeName(key)));
const map = fc.array(fc.tuple(mapKey, word)).map((entries) => new Map(entries));
const port = fc.record({ number: fc.integer({ min: 0, max: 65535 }), isEnabled: fc.boolean() });
const optional = fc.option(word, { nil: undefined });
// Words for having none, which Eureka does not repeat.
const sid = optional.filter((word) => word !== 'na' && word !== 'unknown');
const appName = fc.constantFrom('PATIENT', 'A-B_C.D', 'É');

const instances: fc.Arbitrary<InstanceFacts> = fc.record({
  instanceId: word,
  app: appName,
  hostName: word,
  ipAddr: word,
  sid,
  status: fc.constantFrom(...instanceStatuses),
  overriddenStatus: fc.constant('UNKNOWN' as const),
  port,
  securePort: port,
  countryId: fc.nat(300),
  dataCenter: fc.oneof(
    fc.record({
      name: fc.constantFrom(...dataCenterNames.filter((name) => name !== 'Amazon')),
      metadata: fc.constant(new Map<string, string>()),
    }),
    fc.record({ name: fc.constant('Amazon' as const), metadata: map }),
  ),
  metadata: map,
  appGroupName: fc.option(appName, { nil: undefined }),
  homePageUrl: optional,
  statusPageUrl: optional,
  healthCheckUrl: optional,
  secureHealthCheckUrl: optional,
  vipAddress: optional,
  secureVipAddress: optional,
  asgName: optional,
  isCoordinatingDiscoveryServer: fc.boolean(),
  lastDirtyAt: fc.nat(),
});

describe.each([
  ['JSON', jsonCodec],
  ['XML', xmlCodec],
])('%s', (_language, codec) => {
  it('brings back every instance as it was', () => {
    fc.assert(
      fc.property(instances, (facts) => {
        expect(travel(codec, facts)).toEqual(facts);
      }),
      { numRuns: 300 },
    );
  });

  it('says the same as the other language', () => {
    const facts = buildInstance({ metadata: new Map([['a_b', '<1>']]), vipAddress: 'patient' });
    expect(codec.readInstance(codec.writeInstance(register(facts)))).toMatchObject({
      instanceId: 'host:patient:9091',
      app: 'PATIENT',
      port: { '@enabled': 'true' },
      metadata: { a_b: '<1>' },
      isCoordinatingDiscoveryServer: 'false',
      lastDirtyTimestamp: '1000',
    });
  });

  it('does not tire of entities and depth', () => {
    const facts = buildInstance({ metadata: new Map([['x', '<&>'.repeat(200)]]) });
    for (let i = 0; i < 50; i += 1) expect(travel(codec, facts)).toEqual(facts);
  });
});

describe('JSON', () => {
  it('has the quirks that clients rely on', () => {
    const { instance } = JSON.parse(jsonCodec.writeInstance(register(buildInstance())));
    expect(instance).toEqual({
      instanceId: 'host:patient:9091',
      hostName: 'host',
      app: 'PATIENT',
      ipAddr: '127.0.0.1',
      status: 'UP',
      overriddenStatus: 'UNKNOWN',
      port: { $: 9091, '@enabled': 'true' },
      securePort: { $: 443, '@enabled': 'false' },
      countryId: 1,
      dataCenterInfo: { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name: 'MyOwn' },
      leaseInfo: {
        renewalIntervalInSecs: 5,
        durationInSecs: 15,
        registrationTimestamp: now,
        lastRenewalTimestamp: now,
        evictionTimestamp: 0,
        serviceUpTimestamp: now,
      },
      metadata: { '@class': 'java.util.Collections$EmptyMap' },
      isCoordinatingDiscoveryServer: 'false',
      lastUpdatedTimestamp: String(now),
      lastDirtyTimestamp: '1000',
      actionType: 'ADDED',
    });
  });

  it('has arrays also for a single application and a single instance, and for none', () => {
    const registry = new Registry(new SettableClock(new Date(now)));
    expect(jsonCodec.writeApplications(registry.all())).toBe(
      '{"applications":{"versions__delta":"1","apps__hashcode":"","application":[]}}',
    );
    registry.register(buildInstance(), buildTerms());
    const { applications } = JSON.parse(jsonCodec.writeApplications(registry.all()));
    expect(applications).toMatchObject({
      apps__hashcode: 'UP_1_',
      application: [{ name: 'PATIENT', instance: [{ instanceId: 'host:patient:9091' }] }],
    });
  });
});

describe('XML', () => {
  it('writes what XML cannot hold as a replacement character', () => {
    const facts = buildInstance({ metadata: new Map([['k', 'a\u0000b\ud800c\u001bd']]) });
    expect(travel(xmlCodec, facts).metadata.get('k')).toBe('a\ufffdb\ufffdc\ufffdd');
  });

  it('refuses document types, and with them entities of its own', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><instance><hostName>&b;</hostName></instance>';
    const theft = '<?xml version="1.0"?><!doctype x SYSTEM "file:///etc/passwd"><instance></instance>';
    for (const body of [bomb, theft]) expect(() => xmlCodec.readInstance(body)).toThrow('DOCTYPE is not allowed');
  });

  it.each(['', 'no xml', '<instance>', '<instance></other>', '<a'])('refuses %j', (body) => {
    expect(() => xmlCodec.readInstance(body)).toThrow('Malformed XML');
  });

  it('refuses another root, and one too deep', () => {
    expect(() => xmlCodec.readInstance('<application/>')).toThrow('Missing instance');
    expect(() => xmlCodec.readInstance('<instance>'.repeat(5000) + '</instance>'.repeat(5000))).toThrow(
      'Malformed XML',
    );
  });

  it('reads what Java writes: a declaration, a class on the data centre, whitespace between elements', () => {
    const sent = xmlCodec.readInstance(`<?xml version="1.0" encoding="UTF-8"?>
      <instance>
        <hostName>host</hostName><app>PATIENT</app><ipAddr>10.0.0.1</ipAddr>
        <port enabled="true">8080</port><securePort enabled="false">443</securePort>
        <dataCenterInfo class="com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo"><name>MyOwn</name></dataCenterInfo>
        <leaseInfo><durationInSecs>20</durationInSecs></leaseInfo>
        <metadata class="java.util.Collections$EmptyMap"/>
      </instance>`);
    const { facts, terms } = readInstance(sent, 'patient', now);
    expect(facts).toMatchObject({ instanceId: 'host', port: { number: 8080, isEnabled: true }, metadata: new Map() });
    expect(terms).toEqual({ renewalIntervalSeconds: 30, durationSeconds: 20 });
  });
});

describe('names of elements', () => {
  it('are written as XStream writes them', () => {
    expect(encodeName('management.port')).toBe('management.port');
    expect(encodeName('a_b')).toBe('a__b');
    expect(encodeName('$x')).toBe('_-x');
    expect(encodeName('a b')).toBe('a_.0020b');
    expect(encodeName('1a')).toBe('_.0031a');
  });

  it('are read back as they were, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(decodeName(encodeName(name))).toBe(name);
      }),
    );
  });
});
