import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Tab } from '../../../tests/support/browser.ts';
import { fcSecret } from '../../../tests/support/issuers/france-connect-plus.ts';
import type { Claims, Faults, MockIssuer } from '../../../tests/support/issuers/mock-issuer.ts';
import {
  type AuthAndIssuers,
  arrive,
  browserAt,
  comeBy,
  identities,
  knownPatient,
  knownPractitioner,
  leave,
  startWithIssuers,
  told,
} from './issuers.ts';

let all: AuthAndIssuers;
/** People who would be signed in, if nothing was wrong. */
let people: { psc: Claims; fc: Claims };
let began: Date;

beforeAll(async () => {
  all = await startWithIssuers();
  await knownPractitioner(all);
  await knownPatient(all);
  people = { psc: all.psc.person, fc: all.fc.person };
  began = all.auth.clock.now();
});
afterEach(() => {
  all.auth.clock.set(began);
  for (const id of ['psc', 'fc'] as const) {
    all[id].faults = {};
    all[id].person = people[id];
  }
  all.psc.acr = 'eidas1';
  all.fc.acr = 'eidas2';
});
afterAll(() => all?.stop());

const cookiesOf = (tab: Tab) => tab.cookieNamed('__Secure-cabinet_refresh');

const notBelieved: [number, string] = [401, 'AUTH.ISSUER_NOT_BELIEVED'];

describe('coming back', () => {
  const noSuch: [number, string] = [404, 'AUTH.NO_SUCH_SIGN_IN'];
  const back = async (tab: Tab, id: 'psc' | 'fc' = 'psc') => all[id].signIn(await leave(tab, id));

  it('is for the browser that was sent away', async () => {
    const [victim, other] = [browserAt(all.auth), browserAt(all.auth)];
    const at = await back(other);
    expect(told(await arrive(victim, at))).toEqual(noSuch);
    // Neither is it for one that was sent away as well.
    await leave(victim, 'psc');
    expect(told(await arrive(victim, at))).toEqual(noSuch);
    expect(cookiesOf(victim)).toBeUndefined();
    expect((await arrive(other, at)).body.signedIn).toBeDefined();
  });

  it('is good once', async () => {
    const tab = browserAt(all.auth);
    const at = await back(tab);
    const kept = tab.cookieNamed('__Secure-cabinet_elsewhere')?.value as string;
    expect((await arrive(tab, at)).body.signedIn).toBeDefined();
    expect(told(await arrive(tab, at))).toEqual(noSuch);
    const again = await all.auth.anybody(
      'POST',
      at.pathname,
      { answer: at.search },
      {
        'x-forwarded-proto': 'https',
        cookie: `__Secure-cabinet_elsewhere=${kept}`,
      },
    );
    expect(told(again)).toEqual(noSuch);
  });

  it('with a code that was used before is refused by the issuer', async () => {
    const first = await back(browserAt(all.auth));
    const tab = browserAt(all.auth);
    const second = await back(tab);
    second.searchParams.set('code', first.searchParams.get('code') as string);
    expect(told(await arrive(tab, second))).toEqual([401, 'AUTH.REFUSED_ELSEWHERE']);
  });

  it('takes ten minutes at most', async () => {
    const tab = browserAt(all.auth);
    const at = await back(tab);
    all.auth.clock.advanceBy(10 * 60_000 + 1_000);
    expect(told(await arrive(tab, at))).toEqual(noSuch);
  });

  it.each<[string, Faults['back'], [number, string]]>([
    ['names another issuer', (back) => back.set('iss', 'https://evil.example'), notBelieved],
    ['does not name its issuer, which does so', (back) => back.delete('iss'), notBelieved],
    ['has no state', (back) => back.delete('state'), noSuch],
    ['has two states', (back) => back.append('state', 'another'), noSuch],
    ['has no code', (back) => back.delete('code'), notBelieved],
    ['has two codes', (back) => back.append('code', 'another'), notBelieved],
    ['has a code of nobody', (back) => back.set('code', randomUUID()), [401, 'AUTH.REFUSED_ELSEWHERE']],
    [
      'says that its user has refused',
      (back) => {
        back.delete('code');
        back.set('error', 'access_denied');
        back.set('error_description', '<script>alert(1)</script>');
      },
      [401, 'AUTH.REFUSED_ELSEWHERE'],
    ],
  ])('is refused when it %s', async (_what, change, refusal) => {
    all.psc.faults = { back: change };
    const tab = browserAt(all.auth);
    const answer = await arrive(tab, await back(tab));
    expect(told(answer)).toEqual(refusal);
    expect(JSON.stringify(answer.body)).not.toContain('script');
    expect(cookiesOf(tab)).toBeUndefined();
  });

  it('from one issuer is not taken for another’s', async () => {
    const tab = browserAt(all.auth);
    const at = await back(tab, 'fc');
    at.pathname = at.pathname.replace('/fc/', '/psc/');
    expect(told(await arrive(tab, at))).toEqual(noSuch);
  });

  it('is told by our own page alone, and so is leaving and signing out', async () => {
    const tab = browserAt(all.auth);
    const at = await back(tab);
    const others: Record<string, string>[] = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }];
    for (const headers of others) {
      const asked: [string, object?][] = [
        ['/api/auth/login/issuers/psc', {}],
        [at.pathname, { answer: at.search }],
        ['/api/auth/login/issuers/psc/answers', {}],
        ['/api/auth/logout/issuer'],
      ];
      for (const [path, body] of asked) {
        const answer = await tab.json('POST', path, body, headers);
        expect([path, ...told(answer)]).toEqual([path, 403, 'AUTH.FOREIGN_ORIGIN']);
      }
    }
  });

  it('is kept by a cookie that no script and no other site sends', async () => {
    const answer = await browserAt(all.auth).json('POST', '/api/auth/login/issuers/psc', {});
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Secure-cabinet_elsewhere=[\w-]+; Path=\/api\/auth\/login\/issuers; Max-Age=600; HttpOnly; SameSite=Strict; Secure$/,
      ),
    ]);
  });

  it('with a cookie that was changed, or of another installation, is refused', async () => {
    const tab = browserAt(all.auth);
    const at = await back(tab);
    for (const value of ['AAAA', 'x'.repeat(3_000), '%00', 'null']) {
      const answer = await all.auth.anybody(
        'POST',
        at.pathname,
        { answer: at.search },
        {
          'x-forwarded-proto': 'https',
          cookie: `__Secure-cabinet_elsewhere=${value}`,
        },
      );
      expect(told(answer)).toEqual(noSuch);
    }
  });

  it('leads on to our own pages alone', async () => {
    const bad = [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/a\\b',
      'javascript:alert(1)',
      '/#x',
      '/a b',
      '',
    ];
    for (const continueAt of bad) {
      const answer = await browserAt(all.auth).json('POST', '/api/auth/login/issuers/psc', { continueAt });
      expect([continueAt, answer.status]).toEqual([continueAt, 422]);
    }
  });
});

describe('an issuer', () => {
  const discovered = (change: (server: MockIssuer) => void) => async () => {
    const own = await startWithIssuers();
    try {
      change(own.psc);
      return told(await browserAt(own.auth).json('POST', '/api/auth/login/issuers/psc', {}));
    } finally {
      await own.stop();
    }
  };

  it('that is not known leads nowhere', async () => {
    const answer = await browserAt(all.auth).json('POST', '/api/auth/login/issuers/nobody', {});
    expect(told(answer)).toEqual([404, 'AUTH.NO_SUCH_ISSUER']);
  });

  it.each([500, 503])('that is out of order (%i) is away, and people sign in otherwise', async (status) => {
    const unavailable = [503, 'AUTH.ISSUER_UNREACHABLE'];
    expect(await discovered((server) => Object.assign(server.faults, { status }))()).toEqual(unavailable);
    const tab = browserAt(all.auth);
    const at = await all.psc.signIn(await leave(tab, 'psc'));
    all.psc.faults = { status };
    expect(told(await arrive(tab, at))).toEqual(unavailable);
    expect((await all.auth.anybody('GET', '/api/auth/issuers')).status).toBe(200);
  });

  it('that has stopped is away', async () => {
    expect(await discovered((server) => server.stop())()).toEqual([503, 'AUTH.ISSUER_UNREACHABLE']);
  });

  it.each<[string, Claims]>([
    ['calls itself otherwise', { issuer: 'http://127.0.0.1:1/realm' }],
    [
      'leads browsers to a host that the operator has not named',
      { authorization_endpoint: 'http://evil.example/authorize' },
    ],
  ])('is not believed when it %s', async (_what, metadata) => {
    expect(await discovered((server) => Object.assign(server.faults, { metadata }))()).toEqual(notBelieved);
  });

  it('that leads us to a host that the operator has not named is asked nothing there', async () => {
    const own = await startWithIssuers();
    try {
      let asked = 0;
      const { createServer } = await import('node:http');
      const within = createServer((_req, res) => {
        asked += 1;
        res.end('{}');
      });
      await new Promise<void>((resolve) => void within.listen(0, '127.0.0.1', resolve));
      const { port } = within.address() as { port: number };
      own.psc.faults = {
        metadata: { token_endpoint: `http://127.0.0.1:${port}/`, jwks_uri: `http://127.0.0.1:${port}/` },
      };
      own.psc.person = people.psc;
      expect(told(await comeBy(browserAt(own.auth), 'psc', own.psc))).toEqual(notBelieved);
      expect(asked).toBe(0);
      within.close();
    } finally {
      await own.stop();
    }
  });

  it('knows us by a secret that may be changed while we run', async () => {
    const { auth, fc, secretFileOf } = all;
    writeFileSync(secretFileOf('fc'), 'a secret of before');
    expect(told(await comeBy(browserAt(auth), 'fc', fc))).toEqual([401, 'AUTH.REFUSED_ELSEWHERE']);
    writeFileSync(secretFileOf('fc'), fcSecret);
    expect((await comeBy(browserAt(auth), 'fc', fc)).body.signedIn).toBeDefined();
  });

  it('whose people come again and again is in the way of nobody: each waits once', async () => {
    all.fc.person = { ...people.fc, sub: randomUUID() };
    const before = (await identities(all.auth)).length;
    for (let tries = 0; tries < 3; tries += 1) await comeBy(browserAt(all.auth), 'fc', all.fc);
    expect((await identities(all.auth)).length).toBe(before + 1);
  });
});
