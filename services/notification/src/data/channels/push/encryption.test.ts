import { createECDH } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { arePushKeys } from '../../../domain/channels/push-keys.js';
import { encryptForBrowser } from './encryption.js';

const bytes = (text: string) => Buffer.from(text, 'base64url');
/** RFC 8291, appendix A. */
const rfc = {
  payload: Buffer.from('When I grow up, I want to be a watermelon'),
  privateKey: bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'),
  salt: bytes('DGv6ra1nlYgDCS1FRnbzlw'),
  keys: {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  },
  body: 'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
};

describe('what is encrypted for a browser', () => {
  it('is what RFC 8291 shows', () => {
    expect(encryptForBrowser(rfc.payload, rfc.keys, rfc).toString('base64url')).toBe(rfc.body);
  });

  it('is never the same twice', () => {
    expect(encryptForBrowser(rfc.payload, rfc.keys)).not.toEqual(encryptForBrowser(rfc.payload, rfc.keys));
  });

  it('needs a point of the curve and a secret of sixteen bytes', () => {
    const own = createECDH('prime256v1');
    const point = own.generateKeys();
    const auth = Buffer.alloc(16).toString('base64url');
    const are = (key: Buffer, secret = auth) => arePushKeys({ p256dh: key.toString('base64url'), auth: secret });
    expect(arePushKeys(rfc.keys)).toBe(true);
    expect(are(point)).toBe(true);
    expect(are(own.getPublicKey(null, 'compressed') as Buffer)).toBe(false);
    expect(are(Buffer.concat([point.subarray(0, 64), Buffer.from([(point[64] ?? 0) ^ 1])]))).toBe(false);
    expect(are(Buffer.alloc(65, 4))).toBe(false);
    expect(are(point, 'short')).toBe(false);
  });
});
