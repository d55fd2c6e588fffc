import { describe, expect, it } from 'vitest';
import { readTarget } from './path.js';

describe('readTarget', () => {
  it('gives path and query as they came', () => {
    expect(readTarget('/api/patients/42?name=Zo%C3%A9&x=%2F..')).toEqual({
      path: '/api/patients/42',
      query: '?name=Zo%C3%A9&x=%2F..',
    });
    expect(readTarget('/')).toEqual({ path: '/', query: '' });
    expect(readTarget('/.well-known/jwks.json').path).toBe('/.well-known/jwks.json');
  });

  it('accepts what is only unusual', () => {
    for (const path of [
      '/a/Zo%C3%A9',
      '/a/..b',
      '/a/b..',
      '/a/...',
      '/a/.b',
      '/a/b/',
      '/a/50%25',
      "/a/it's;v=1,(2)@x:y",
      '/a/%20b',
    ]) {
      expect(readTarget(path).path).toBe(path);
    }
  });

  it('refuses what another program might read differently', () => {
    const ambiguous = [
      '',
      'a',
      '*',
      'http://a/b',
      '//a',
      '/a//b',
      '/a/.',
      '/a/..',
      '/a/../b',
      '/a/./b',
      '/a/%2e',
      '/a/%2E%2e/b',
    ];
    const encoded = [
      '/a/..;/b',
      '/a/.;x',
      '/a%2fb',
      '/a%5Cb',
      '/a\\b',
      '/a%252fb',
      '/a%25%32%66b',
      '/a%00',
      '/a%7f',
      '/a%c2%85',
      '/a%0a',
    ];
    const broken = ['/a%', '/a%2', '/a%zz', '/a%c0%af', '/a%ff', '/a b', '/a\tb', '/é', '/a#b', '/a?b#c', '/a?b c'];
    for (const url of [...ambiguous, ...encoded, ...broken]) {
      expect(() => readTarget(url), url).toThrow(expect.objectContaining({ code: 'REQUEST.MALFORMED_PATH' }));
    }
  });

  it('refuses what is too long', () => {
    expect(readTarget(`/${'a'.repeat(8_191)}`).path).toHaveLength(8_192);
    expect(() => readTarget(`/${'a'.repeat(8_192)}`)).toThrow(expect.objectContaining({ kind: 'address-too-long' }));
  });
});
