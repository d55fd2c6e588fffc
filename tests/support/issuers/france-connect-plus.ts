import type { JWK } from 'jose';
import { type Claims, MockIssuer } from './mock-issuer.ts';

export const fcSecret = 'what FranceConnect+ knows the practice by';

/** FranceConnect+ as its documents describe it: what it tells is signed by ES256, and encrypted to the keys of its partner. */
export const startFranceConnectPlus = (now: () => Date, clientKeys: () => Promise<JWK[]>): Promise<MockIssuer> =>
  new MockIssuer(
    {
      discoveryPath: '/.well-known/openid-configuration',
      signedBy: 'ES256',
      scope: 'openid identite_pivot email',
      userinfo: true,
      encrypts: true,
      clientSecret: fcSecret,
      level: 'eidas',
      namesItself: false,
    },
    now,
    clientKeys,
  ).start();

/** A person by their pivot: what the register of births has. */
export const citizen = (sub: string, more: Claims = {}): Claims => ({
  sub,
  family_name: 'DUBOIS',
  given_name: 'Angela Claire Louise',
  given_name_array: ['Angela', 'Claire', 'Louise'],
  birthdate: '1962-08-24',
  birthplace: '75107',
  birthcountry: '99100',
  gender: 'female',
  email: 'angela.dubois@mail.example',
  ...more,
});
