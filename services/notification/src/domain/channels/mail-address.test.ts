import { describe, expect, it } from 'vitest';
import { readMailAddress } from './mail-address.js';

const read = (text: string) => {
  const address = readMailAddress(text);
  return 'fault' in address ? address.fault : address.wire;
};

describe('a mail address', () => {
  it.each([
    ['alice@patients.example', 'alice@patients.example'],
    ['Alice.Durand+rdv@Patients.EXAMPLE', 'Alice.Durand+rdv@patients.example'],
    ["o'brien!#$%&*/=?^_`{|}~-@patients.example", "o'brien!#$%&*/=?^_`{|}~-@patients.example"],
    ['"alice durand"@patients.example', '"alice durand"@patients.example'],
    ['"a@b"@patients.example', '"a@b"@patients.example'],
    ['"say \\"hi\\" \\\\"@patients.example', '"say \\"hi\\" \\\\"@patients.example'],
    ['"alice"@patients.example', 'alice@patients.example'],
    ['alice@hôpital.example', 'alice@xn--hpital-ixa.example'],
    ['alice@xn--hpital-ixa.example', 'alice@xn--hpital-ixa.example'],
    [`${'a'.repeat(64)}@patients.example`, `${'a'.repeat(64)}@patients.example`],
  ])('reads %s', (text, wire) => {
    expect(read(text)).toBe(wire);
  });

  it.each([
    ['', 'not-one-address'],
    ['alice', 'not-one-address'],
    ['@patients.example', 'not-one-address'],
    ['Alice <alice@patients.example>', 'not-one-address'],
    ['alice@patients.example\r\nBcc: all@patients.example', 'not-one-address'],
    ['alice@patients.example\0', 'not-one-address'],
    ['alice@patients.example, bob@patients.example', 'local-part'],
    ['alice@patients.example;bob@patients.example', 'local-part'],
    ['.alice@patients.example', 'local-part'],
    ['alice.@patients.example', 'local-part'],
    ['al..ice@patients.example', 'local-part'],
    ['alice durand@patients.example', 'local-part'],
    ['"alice@patients.example', 'local-part'],
    ['""@patients.example', 'local-part'],
    ['alice@patients', 'domain'],
    ['alice@-patients.example', 'domain'],
    ['alice@patients..example', 'domain'],
    ['alice@patients.example.', 'domain'],
    ['alice@ex%61mple.com', 'domain'],
    ['alice@192.0.2.1', 'domain'],
    ['alice@[127.0.0.1]', 'domain'],
    ['alice@[IPv6:::1]', 'domain'],
    ['alice@patients.example/..', 'domain'],
    [`alice@${'a'.repeat(64)}.example`, 'domain'],
    [`${'a'.repeat(65)}@patients.example`, 'too-long'],
    [`${'é'.repeat(33)}@patients.example`, 'too-long'],
    [
      `alice@${'a'.repeat(50)}.${'b'.repeat(50)}.${'c'.repeat(50)}.${'d'.repeat(50)}.${'e'.repeat(50)}.example`,
      'too-long',
    ],
    ['alice@pаtients.example', 'mixed-scripts'],
    ['аlice@patients.example', 'mixed-scripts'],
  ])('refuses %j: %s', (text, fault) => {
    expect(read(text)).toBe(fault);
  });

  it('says which ones need servers that know more than ASCII', () => {
    expect(readMailAddress('éloïse@patients.example')).toMatchObject({ needsSmtpUtf8: true });
    expect(readMailAddress('eloise@hôpital.example')).toMatchObject({ needsSmtpUtf8: false });
  });

  it('tells what one is read as whose letters only look like Latin ones', () => {
    expect(readMailAddress('alice@сосо.example')).toMatchObject({ looksLike: 'alice@coco.example' });
    expect(readMailAddress('alice@больница.example')).not.toHaveProperty('looksLike');
    expect(readMailAddress('alice@hôpital.example')).not.toHaveProperty('looksLike');
  });
});
