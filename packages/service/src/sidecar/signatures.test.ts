import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventKeys } from './signatures.js';

const keys = (...ofPatient: string[]) => new EventKeys(new Map([['patient', ofPatient]]));
const event = {
  id: '019a8f3e-bbbb-7c55-9b1c-3f1b8f5f2d11',
  source: 'patient',
  type: 'patient.erased',
  time: '2026-11-22T10:00:00.000Z',
  partitionkey: 'p1',
  data: { patientId: 'p1', version: 3 },
};
const signed = (by = keys('key'), topic = 'patient') => ({ ...event, signature: by.sign(topic, event) });

describe('a signed event', () => {
  it('is genuine whatever order its properties come in', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const told = { ...event, data: { ...event.data, more: JSON.parse(json) as unknown } };
        const signature = keys('key').sign('patient', told);
        const backwards = JSON.parse(JSON.stringify(told), (_, value: unknown) =>
          value !== null && typeof value === 'object' && !Array.isArray(value)
            ? Object.fromEntries(Object.entries(value).reverse())
            : value,
        );
        expect(keys('key').isGenuine('patient', { ...backwards, signature })).toBe(true);
      }),
    );
  });

  it.each([
    ['its id', { id: 'other' }],
    ['its source', { source: 'record' }],
    ['its type', { type: 'patient.merged' }],
    ['its time', { time: '2026-11-23T10:00:00.000Z' }],
    ['its partition key', { partitionkey: 'p2' }],
    ['its data', { data: { patientId: 'p2', version: 3 } }],
    ['its signature', { signature: 'AAAA' }],
    ['what signs it', { signature: undefined }],
  ])('is not genuine once somebody changed %s', (_, change) => {
    expect(keys('key').isGenuine('patient', signed())).toBe(true);
    expect(keys('key').isGenuine('patient', { ...signed(), ...change })).toBe(false);
  });

  it('is not genuine on another topic, or by the key of another', () => {
    expect(keys('key').isGenuine('record', signed())).toBe(false);
    expect(keys('key').isGenuine('patient', signed(keys('guessed')))).toBe(false);
    expect(new EventKeys(new Map()).isGenuine('patient', signed())).toBe(false);
  });

  it('is believed by an older key until that is taken away', () => {
    expect(keys('new', 'key').isGenuine('patient', signed())).toBe(true);
    expect(keys('new').isGenuine('patient', signed())).toBe(false);
  });
});
