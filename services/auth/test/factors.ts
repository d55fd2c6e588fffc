import { Secret, TOTP } from 'otpauth';
import { Authenticator } from '../../../tests/support/authenticator.ts';
import { type Answer, type Caller, caller } from '../../../tests/support/http.ts';
import { type Auth, buildUser, goodPassword } from './support.ts';

let addresses = 0;

/** People who sign in with two factors, each from an address of their own. */
export function factorsFor(auth: Auth) {
  const stranger = (): Caller => {
    addresses += 1;
    return caller(auth.base, { 'x-forwarded-for': `198.51.100.${addresses}` });
  };
  const login = (email: string, more: object = {}, headers = {}): Promise<Answer> =>
    stranger()('POST', '/api/auth/login', { email, password: goodPassword, ...more }, headers);
  const asOf = ({ body }: Answer): Caller => caller(auth.base, { authorization: `Bearer ${body.accessToken}` });
  const codeOf = (secret: string, aheadMs = 0): string =>
    TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: auth.clock.now().getTime() + aheadMs });

  /** @returns the seed of the app; the code of now has been used */
  async function addApp(call: Caller): Promise<string> {
    const { secret } = (await call('POST', '/api/auth/second-factors/totp')).body;
    await call('POST', '/api/auth/second-factors/totp/confirm', { code: codeOf(secret) });
    return secret;
  }

  async function addKey(call: Caller) {
    const key = new Authenticator();
    const { options } = (await call('POST', '/api/auth/passkeys/challenge')).body;
    const created = key.create(options ?? { challenge: 'none', user: { id: 'bm9uZQ' } });
    return { key, added: await call('POST', '/api/auth/passkeys', { name: 'Key', created }) };
  }

  async function showKey(key: Authenticator, headers = {}, call = stranger()): Promise<Answer> {
    const { options } = (await stranger()('POST', '/api/auth/login/passkey/challenge')).body;
    return call('POST', '/api/auth/login/passkey', { signed: key.sign(options) }, headers);
  }

  /** A secretary with an app that makes codes. */
  async function staffWithApp(overrides: object = {}) {
    const user = await buildUser(auth, { ...overrides });
    const secret = await addApp(asOf(await login(user.email)));
    return { user, secret };
  }

  return { stranger, login, asOf, codeOf, addApp, addKey, showKey, staffWithApp };
}
