import { describe, expect, it } from 'vitest';
import { addressProblem, isPublicAddress } from './public-address.js';

describe('an address that a stranger gave', () => {
  it.each(['https://hooks.example/in?a=b', 'https://93.184.216.34/', 'https://[2606:4700:4700::1111]/'])(
    'may be %s',
    (url) => {
      expect(addressProblem(url)).toBeUndefined();
    },
  );

  it.each([
    ['hooks.example', 'is no address'],
    ['javascript:alert(1)', 'is not https'],
    ['file:///etc/passwd', 'is not https'],
    ['http://hooks.example/', 'is not https'],
    ['https://alice:secret@hooks.example/', 'names a user or a password'],
    ['https://127.0.0.1/', 'leads within'],
    ['https://127.1/', 'leads within'],
    ['https://0x7f000001/', 'leads within'],
    ['https://2130706433/', 'leads within'],
    ['https://10.0.0.1/', 'leads within'],
    ['https://172.16.3.4/', 'leads within'],
    ['https://192.168.1.1/', 'leads within'],
    ['https://169.254.169.254/latest/meta-data/', 'leads within'],
    ['https://100.64.0.1/', 'leads within'],
    ['https://0.0.0.0/', 'leads within'],
    ['https://[::1]/', 'leads within'],
    ['https://[::]/', 'leads within'],
    ['https://[::ffff:10.0.0.1]/', 'leads within'],
    ['https://[::ffff:7f00:1]/', 'leads within'],
    ['https://[64:ff9b::a00:1]/', 'leads within'],
    ['https://[2002:7f00:1::]/', 'leads within'],
    ['https://[fd00::1]/', 'leads within'],
    ['https://[fe80::1]/', 'leads within'],
  ])('may not be %s: it %s', (url, problem) => {
    expect(addressProblem(url)).toBe(problem);
  });

  it('may be anywhere, and without TLS, where the operator has named its host', () => {
    expect(addressProblem('http://10.0.0.7:9000/in', ['10.0.0.7:9000'])).toBeUndefined();
    expect(addressProblem('http://10.0.0.7:9001/in', ['10.0.0.7:9000'])).toBe('is not https');
    expect(addressProblem('http://[fd00::7]/in', ['fd00::7'])).toBeUndefined();
  });

  it('is nowhere for what is no address at all', () => {
    for (const text of ['', 'localhost', '999.1.1.1']) expect(isPublicAddress(text)).toBe(false);
  });
});
