import { describe, expect, it } from 'vitest';
import { CalendarFailure } from '../../../domain/calendars/failures.js';
import { assertMayCall, assertMaySignIn, isPublicAddress, publicLookup } from './public-addresses.js';

describe('isPublicAddress', () => {
  it.each(['93.184.216.34', '8.8.8.8', '2606:4700:4700::1111', '2a00:1450:4007:80e::2004'])('takes %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ['loopback', ['127.0.0.1', '127.8.9.1', '::1']],
    ['nowhere', ['0.0.0.0', '::', '255.255.255.255', '']],
    ['private networks', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1', 'fc00::1']],
    ['the link, and metadata of clouds', ['169.254.169.254', 'fe80::1', 'fd00:ec2::254', '100.100.100.200']],
    ['carriers', ['100.64.0.1']],
    ['IPv4 mapped into IPv6', ['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:7f00:1', '::127.0.0.1']],
    ['IPv4 behind a translator or a tunnel', ['64:ff9b::7f00:1', '2002:7f00:1::', '2001:0:7f00:1::1']],
    ['documentation and tests', ['192.0.2.1', '198.18.0.1', '203.0.113.9', '2001:db8::1']],
    ['many', ['224.0.0.1', 'ff02::1']],
    ['no address at all', ['localhost', '999.1.1.1']],
  ])('refuses %s', (_, addresses) => {
    for (const address of addresses) expect([address, isPublicAddress(address)]).toEqual([address, false]);
  });
});

describe('assertMayCall', () => {
  const call =
    (url: string, privateHosts: string[] = []) =>
    () =>
      assertMayCall(new URL(url), { privateHosts });

  it('refuses what is not the web, and addresses however they are spelt', () => {
    for (const url of [
      'ftp://calendar.example/',
      'file:///etc/passwd',
      'https://bernard:secret@calendar.example/',
      'http://127.1/',
      'http://0x7f000001/',
      'http://2130706433/',
      'http://[::ffff:a00:1]/',
      'http://127.0.0.1./',
    ]) {
      expect(call(url), url).toThrow(CalendarFailure);
    }
  });

  it('lets through what the operator has named, by host and port or by host alone', () => {
    expect(call('http://127.0.0.1:5232/a', ['127.0.0.1:5232'])).not.toThrow();
    expect(call('http://127.0.0.1:5233/a', ['127.0.0.1:5232'])).toThrow();
    expect(call('http://[::1]:5233/a', ['::1'])).not.toThrow();
    expect(call('https://calendar.example/')).not.toThrow();
  });
});

describe('assertMaySignIn', () => {
  it.each([
    'https://calendar.example/',
    'https://10.0.0.7/',
    'http://127.0.0.1:5232/',
    'http://127.8.9.1/',
    'http://[::1]:5232/',
  ])('lets a password go to %s', (url) => {
    expect(() => assertMaySignIn(new URL(url))).not.toThrow();
  });

  it.each([
    'http://calendar.example/',
    'http://10.0.0.7/',
    'http://localhost/',
    'http://0.0.0.0/',
    'http://[fe80::1]/',
  ])('lets none go to %s', (url) => {
    expect(() => assertMaySignIn(new URL(url))).toThrow(expect.objectContaining({ code: 'CALENDAR.NOT_ENCRYPTED' }));
  });
});

describe('publicLookup', () => {
  const look = (hostname: string) =>
    new Promise((resolve) => publicLookup(hostname, { all: true }, (error, found) => resolve(error ?? found)));

  it('refuses a name by what it leads to, at the moment of connecting', async () => {
    expect(await look('localhost')).toMatchObject({ code: 'CALENDAR.ADDRESS_REFUSED' });
  });
});
