import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { Addresses, callerOf } from './caller-address.js';

const from = (remoteAddress: string, headers: Record<string, string> = {}) =>
  ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage;

describe('callerOf', () => {
  const proxies = new Addresses(['10.0.0.0/8', '::1']);

  it('is the peer, whatever the headers say, unless the peer is a trusted proxy', () => {
    const forged = { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https' };
    expect(callerOf(from('192.0.2.7', forged), proxies)).toEqual({ address: '192.0.2.7', scheme: 'http' });
    expect(callerOf(from('10.0.0.1', forged), new Addresses([]))).toEqual({ address: '10.0.0.1', scheme: 'http' });
    expect(callerOf(from('10.0.0.1', forged), proxies)).toEqual({ address: '1.2.3.4', scheme: 'https' });
    expect(callerOf(from('::ffff:10.0.0.1', forged), proxies).address).toBe('1.2.3.4');
  });

  it('is, behind a chain of proxies, the last address that is not one of them', () => {
    const chain = { 'x-forwarded-for': '6.6.6.6, 1.2.3.4, 10.0.0.9' };
    expect(callerOf(from('10.0.0.1', chain), proxies).address).toBe('1.2.3.4');
    expect(callerOf(from('::1', { 'x-forwarded-for': 'nonsense' }), proxies).address).toBe('::1');
  });
});

describe('Addresses', () => {
  it('refuses what is neither an address nor a network', () => {
    for (const entry of ['nonsense', '10.0.0.0/99', '']) expect(() => new Addresses([entry])).toThrow();
  });
});
