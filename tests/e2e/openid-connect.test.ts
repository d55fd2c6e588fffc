import { randomUUID } from 'node:crypto';
import * as client from 'openid-client';
import { expect, it } from 'vitest';
import { seededPassword } from '../../dev/src/seed/index.ts';
import { inside, type Site, Tab } from '../support/browser.ts';
import { caller, until } from '../support/http.ts';
import { platform } from '../support/platform.ts';

// Browsers know the practice by a name, which no resolver is asked for here.
const site = (): Site => {
  const base = platform().url('gateway');
  return { address: platform().portalAddress, base, headers: { origin: base } };
};

it('signs people in for the portal through the gateway, with tokens that every service takes until they sign out', async () => {
  const { address } = site();
  const config = await client.discovery(new URL(`${address}/api/oidc`), 'portal', undefined, client.None(), {
    execute: [client.allowInsecureRequests],
    [client.customFetch]: (url, options) => fetch(inside(site(), url), options as RequestInit),
  });
  const checks = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedState: randomUUID(),
    expectedNonce: randomUUID(),
  };
  const tab = new Tab(site());
  const page = await tab.go(
    client.buildAuthorizationUrl(config, {
      redirect_uri: `${address}/signed-in`,
      scope: 'openid email cabinet',
      code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: checks.expectedState,
      nonce: checks.expectedNonce,
    }),
  );
  const [, script = ''] = /<script type="module" src="([^"]+)"/.exec(page.text) ?? [];
  expect((await tab.ask('GET', script)).headers.get('content-type')).toMatch('javascript');

  await tab.signIn('alice@cabinet.test', seededPassword);
  const { at } = await tab.answer(page.at, 'sign-in');
  const tokens = await client.authorizationCodeGrant(config, at, checks);
  expect(tokens.claims()).toMatchObject({ iss: `${address}/api/oidc`, aud: 'portal', email: 'alice@cabinet.test' });

  const next = await client.refreshTokenGrant(config, tokens.refresh_token as string);
  const alice = caller(platform().url('gateway'), `Bearer ${next.access_token}`);
  const { patientId } = (await alice('GET', '/api/auth/me')).body;
  for (const path of [`/api/patients/${patientId}`, `/api/records/${patientId}`, '/api/practitioners']) {
    expect([path, (await alice('GET', path)).status]).toEqual([path, 200]);
  }

  await tab.json('POST', '/api/auth/logout');
  await expect(client.refreshTokenGrant(config, next.refresh_token as string)).rejects.toMatchObject({
    error: 'invalid_grant',
  });
  await until(async () => (await alice('GET', `/api/patients/${patientId}`)).status === 401, 10_000);
});
