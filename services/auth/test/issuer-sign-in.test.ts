import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { citizen } from '../../../tests/support/issuers/france-connect-plus.ts';
import { professional } from '../../../tests/support/issuers/pro-sante-connect.ts';
import { factorsFor } from './factors.ts';
import {
  type AuthAndIssuers,
  arrive,
  browserAt,
  comeBy,
  identities,
  knownPatient,
  knownPractitioner,
  leave,
  newNumber,
  place,
  startWithIssuers,
  told,
} from './issuers.ts';
import { ask, exchange } from './oidc.ts';
import { buildUser, patientEvent, signIn } from './support.ts';

let all: AuthAndIssuers;

beforeAll(async () => {
  all = await startWithIssuers();
});
afterEach(() => {
  expect([...all.psc.complaints, ...all.fc.complaints]).toEqual([]);
  all.psc.faults = {};
  all.fc.faults = {};
  all.psc.acr = 'eidas1';
});
afterAll(() => all?.stop());

describe('issuers that the practice trusts', () => {
  it('are told to everybody, with nothing of what they know us by', async () => {
    const { status, body } = await all.auth.anybody('GET', '/api/auth/issuers');
    expect([status, body]).toEqual([
      200,
      {
        items: [
          { id: 'psc', name: 'Pro Santé Connect', kind: 'pro-sante-connect' },
          { id: 'fc', name: 'FranceConnect+', kind: 'france-connect-plus' },
        ],
      },
    ]);
  });

  it('are asked by PKCE, with a state and a nonce of random, for the level that is demanded', async () => {
    const asked = new URL(await leave(browserAt(all.auth), 'psc'));
    const { state, nonce, code_challenge, ...said } = Object.fromEntries(asked.searchParams);
    expect(asked.origin + asked.pathname).toBe(`${all.psc.issuer}/authorize`);
    expect(said).toEqual({
      client_id: 'practice',
      response_type: 'code',
      redirect_uri: 'https://practice.example/api/auth/login/issuers/psc/callback',
      scope: 'openid scope_all',
      acr_values: 'eidas1',
      code_challenge_method: 'S256',
    });
    expect(new Set([state, nonce, code_challenge].map((each) => each?.length))).toEqual(new Set([43]));
    const again = new URL(await leave(browserAt(all.auth), 'psc'));
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(again.searchParams.get(name)).not.toBe(asked.searchParams.get(name));
    }
  });

  it('lead browsers back to a page of ours, which shows nothing of what they have sent', async () => {
    const tab = browserAt(all.auth);
    all.psc.person = professional(newNumber(), [place()]);
    const at = await all.psc.signIn(await leave(tab, 'psc'));
    const seen = await tab.go(at);
    expect([seen.status, seen.headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
    ]);
    expect(seen.text).not.toContain(at.searchParams.get('code'));
  });
});

describe('a professional', () => {
  it('is nobody here until an admin has said who it is, and then signs in by the national number', async () => {
    const { auth, psc } = all;
    const number = newNumber();
    const user = await buildUser(auth, { roles: ['practitioner'], practitionerId: randomUUID() });
    psc.person = professional(number, [place()]);
    const first = await comeBy(browserAt(auth), 'psc', psc);
    expect(told(first)).toEqual([403, 'AUTH.NOT_LINKED']);
    expect(first.headers.getSetCookie().join()).not.toContain('cabinet_refresh');
    const [proposed] = await identities(auth);
    expect(proposed).toMatchObject({
      issuerId: 'psc',
      professionalId: number,
      familyName: 'MARTIN',
      givenNames: 'Camille',
    });
    const path = `/api/auth/identities/${proposed.id}/confirmation`;
    const confirmed = await auth.admin('POST', path, { practitionerId: user.practitionerId });
    expect([confirmed.status, confirmed.body.userId, confirmed.body.familyName]).toEqual([200, user.id, undefined]);
    // Another name, the same number.
    psc.person = professional(number, [place()], { family_name: 'DURAND' });
    const tab = browserAt(auth);
    const { status, body } = await comeBy(tab, 'psc', psc);
    expect([status, body.continueAt]).toEqual([200, '/agenda']);
    expect(decodeJwt(body.signedIn.accessToken)).toMatchObject({ sub: user.id, roles: ['practitioner'] });
    expect((await tab.json('POST', '/api/auth/refresh')).status).toBe(200);
  });

  it('of the same name, with another number, is somebody else', async () => {
    await knownPractitioner(all);
    all.psc.person = professional(newNumber(), [place()]);
    expect(told(await comeBy(browserAt(all.auth), 'psc', all.psc))).toEqual([403, 'AUTH.NOT_LINKED']);
  });

  it('without an activity is no practitioner, and is not proposed as one', async () => {
    const { number } = await knownPractitioner(all);
    all.psc.person = professional(number, []);
    expect(told(await comeBy(browserAt(all.auth), 'psc', all.psc))).toEqual([403, 'AUTH.NO_ACTIVITY']);
    const before = (await identities(all.auth)).length;
    all.psc.person = professional(newNumber(), []);
    expect(told(await comeBy(browserAt(all.auth), 'psc', all.psc))).toEqual([403, 'AUTH.NO_ACTIVITY']);
    expect((await identities(all.auth)).length).toBe(before);
  });

  it('with two activities says which of them it is, and is signed in then', async () => {
    const { auth, psc } = all;
    const { number, user } = await knownPractitioner(all);
    psc.person = professional(number, [place(), place('130786049', 'Clinique du Port')]);
    const tab = browserAt(auth);
    const asked = await comeBy(tab, 'psc', psc);
    expect([asked.status, asked.body]).toEqual([
      200,
      {
        asks: 'activity',
        activities: [
          { id: '0-0', site: '750300360', siteName: 'Cabinet du Dr Martin', profession: '10' },
          { id: '1-0', site: '130786049', siteName: 'Clinique du Port', profession: '10' },
        ],
      },
    ]);
    expect((await tab.json('POST', '/api/auth/refresh')).status).toBe(401);
    const answers = '/api/auth/login/issuers/psc/answers';
    expect((await tab.json('POST', answers, { activity: '7-7' })).body.asks).toBe('activity');
    const { body } = await tab.json('POST', answers, { activity: '1-0' });
    const { sub, sid } = decodeJwt(body.signedIn.accessToken);
    expect(sub).toBe(user.id);
    const { rows } = await auth.sql.query('select site from session_elsewhere where session_id = $1', [sid]);
    expect(rows).toEqual([{ site: '130786049' }]);
    // It was good once.
    expect(told(await tab.json('POST', answers, { activity: '1-0' }))).toEqual([404, 'AUTH.NO_SUCH_SIGN_IN']);
  });

  it('is asked for the second factor of here, unless the practice takes the issuer’s for one', async () => {
    const strict = await startWithIssuers({}, { SECOND_FACTOR_ROLES: ['practitioner'] });
    const trusting = await startWithIssuers(
      { psc: { secondFactorAcr: ['eidas1'] } },
      { SECOND_FACTOR_ROLES: ['practitioner'] },
    );
    try {
      for (const [each, mustEnrol] of [
        [strict, true],
        [trusting, undefined],
      ] as const) {
        await knownPractitioner(each);
        const { body } = await comeBy(browserAt(each.auth), 'psc', each.psc);
        expect(body.signedIn.mustEnrol).toBe(mustEnrol);
      }
    } finally {
      await strict.stop();
      await trusting.stop();
    }
  });

  it('who has an app says its code, however often it takes, and then once', async () => {
    const { auth, psc } = all;
    const { user } = await knownPractitioner(all);
    const { addApp, asOf, codeOf, login } = factorsFor(auth);
    const secret = await addApp(asOf(await login(user.email)));
    const tab = browserAt(auth);
    expect((await comeBy(tab, 'psc', psc)).body).toEqual({ asks: 'code', activities: [] });
    const say = (code: string) => tab.json('POST', '/api/auth/login/issuers/psc/answers', { code });
    expect(told(await say('000000'))).toEqual([401, 'AUTH.BAD_SECOND_FACTOR']);
    expect(tab.cookieNamed('__Secure-cabinet_refresh')).toBeUndefined();
    const { body } = await say(codeOf(secret, 30_000));
    expect(decodeJwt(body.signedIn.accessToken).sub).toBe(user.id);
    // What was asked is answered.
    expect(told(await say(codeOf(secret, 30_000)))).toEqual([404, 'AUTH.NO_SUCH_SIGN_IN']);
    // Whoever guesses waits.
    await comeBy(tab, 'psc', psc);
    for (let tries = 0; tries < 5; tries += 1) await say('000000');
    expect(told(await say('000000'))).toEqual([429, 'AUTH.LOCKED_OUT']);
  });

  it('who guesses codes at once has no more of them looked at than who guesses one after the other', async () => {
    const { auth, psc } = all;
    const { user } = await knownPractitioner(all);
    const { addApp, asOf, codeOf, login } = factorsFor(auth);
    const secret = await addApp(asOf(await login(user.email)));
    const tab = browserAt(auth);
    await comeBy(tab, 'psc', psc);
    const say = (code: string) => tab.json('POST', '/api/auth/login/issuers/psc/answers', { code });
    const guesses = await Promise.all(Array.from({ length: 20 }, () => say('000000')));
    const ended = guesses.map((each) => told(each).join(' '));
    expect(ended.filter((each) => each === '401 AUTH.BAD_SECOND_FACTOR')).toHaveLength(5);
    expect(ended.filter((each) => each === '429 AUTH.LOCKED_OUT')).toHaveLength(15);
    expect(told(await say(codeOf(secret, 30_000)))).toEqual([429, 'AUTH.LOCKED_OUT']);
  });

  it('counts for the places of the practice alone, where these are named', async () => {
    const here = await startWithIssuers({ psc: { sites: ['750300360'] } });
    try {
      const { number } = await knownPractitioner(here);
      here.psc.person = professional(number, [place(), place('130786049', 'Clinique du Port')]);
      expect((await comeBy(browserAt(here.auth), 'psc', here.psc)).body.signedIn).toBeDefined();
      here.psc.person = professional(number, [place('130786049', 'Clinique du Port')]);
      expect(told(await comeBy(browserAt(here.auth), 'psc', here.psc))).toEqual([403, 'AUTH.NO_ACTIVITY']);
    } finally {
      await here.stop();
    }
  });

  it('who has left, or is an admin as well, does not come in by it', async () => {
    const { auth, psc } = all;
    const { user } = await knownPractitioner(all);
    const patch = (body: object) => auth.admin('PATCH', `/api/auth/users/${user.id}`, body, { 'if-match': '*' });
    await patch({ roles: ['practitioner', 'admin'] });
    expect(told(await comeBy(browserAt(auth), 'psc', psc))).toEqual([403, 'AUTH.NOT_FOR_YOUR_ROLE']);
    await patch({ roles: ['secretary'], practitionerId: null });
    expect(told(await comeBy(browserAt(auth), 'psc', psc))).toEqual([403, 'AUTH.NOT_LINKED']);
    await patch({ active: false });
    expect(told(await comeBy(browserAt(auth), 'psc', psc))).toEqual([403, 'AUTH.NOT_LINKED']);
  });
});

describe('a patient', () => {
  it('is proposed by the pivot of FranceConnect+, and signs in once a person of the practice has confirmed it', async () => {
    const { auth, fc } = all;
    const patientId = randomUUID();
    const user = await buildUser(auth, { roles: ['patient'], patientId });
    const desk = await signIn(auth, (await buildUser(auth)).email);
    fc.person = citizen(randomUUID());
    fc.acr = 'eidas3';
    expect(told(await comeBy(browserAt(auth), 'fc', fc))).toEqual([403, 'AUTH.NOT_LINKED']);
    const seen = (await desk.call('GET', '/api/auth/identities')).body.items;
    expect(seen[0]).toMatchObject({
      issuerId: 'fc',
      familyName: 'DUBOIS',
      givenNames: 'Angela Claire Louise',
      birthDate: '1962-08-24',
      birthPlace: '75107',
      birthCountry: '99100',
      gender: 'female',
    });
    // Professionals are none of the desk's business.
    expect(seen.every((each: { issuerId: string }) => each.issuerId === 'fc')).toBe(true);
    const confirmed = await desk.call('POST', `/api/auth/identities/${seen[0].id}/confirmation`, { patientId });
    expect([confirmed.status, confirmed.body.userId]).toEqual([200, user.id]);
    const { body } = await comeBy(browserAt(auth), 'fc', fc);
    expect(decodeJwt(body.signedIn.accessToken)).toMatchObject({ sub: user.id, roles: ['patient'], patientId });
  });

  it('is not found again by the pivot, only by what the issuer calls them', async () => {
    const { fc, auth } = all;
    await knownPatient(all);
    fc.person = { ...fc.person, sub: randomUUID() };
    expect(told(await comeBy(browserAt(auth), 'fc', fc))).toEqual([403, 'AUTH.NOT_LINKED']);
  });

  it('leaves nothing readable of the pivot in the database, and none of it once confirmed', async () => {
    const { auth, fc } = all;
    fc.person = citizen(randomUUID(), { family_name: 'ZYWNOWSKI' });
    await comeBy(browserAt(auth), 'fc', fc);
    const rows = async () =>
      (
        await auth.sql.query(
          `select row_to_json(l)::text || coalesce(encode(person_sealed, 'escape'), '') as text from identity_link l`,
        )
      ).rows
        .map(({ text }) => text)
        .join();
    expect(await rows()).not.toContain('ZYWNOWSKI');
    const { linkId } = await knownPatient(all);
    const { rows: left } = await auth.sql.query('select person_sealed from identity_link where id = $1', [linkId]);
    expect(left).toEqual([{ person_sealed: null }]);
  });

  it('who is a colleague besides, does not come in by an issuer for patients', async () => {
    const { auth, fc } = all;
    const { user } = await knownPatient(all);
    await auth.admin('PATCH', `/api/auth/users/${user.id}`, { roles: ['patient', 'secretary'] }, { 'if-match': '*' });
    expect(told(await comeBy(browserAt(auth), 'fc', fc))).toEqual([403, 'AUTH.NOT_FOR_YOUR_ROLE']);
  });

  it('who was erased comes in by it no more', async () => {
    const { auth, fc } = all;
    const { user } = await knownPatient(all);
    await auth.hear('patient', patientEvent('patient.erased', { patientId: user.patientId }));
    expect(told(await comeBy(browserAt(auth), 'fc', fc))).toEqual([403, 'AUTH.NOT_LINKED']);
  });
});

describe('a sign-in by an issuer', () => {
  it('ends the session that was at the browser', async () => {
    const { auth, psc } = all;
    const tab = browserAt(auth);
    const other = await buildUser(auth);
    await tab.signIn(other.email, 'an old grey mare likes oats');
    const before = tab.cookieNamed('__Secure-cabinet_refresh')?.value as string;
    await knownPractitioner(all);
    await comeBy(tab, 'psc', psc);
    const again = await auth.anybody('POST', '/api/auth/refresh', undefined, {
      cookie: `__Secure-cabinet_refresh=${before}`,
    });
    expect(again.body.code).toBe('AUTH.REFRESH_INVALID');
  });

  it('is found again by who began it in two tabs, whichever comes back last', async () => {
    const { auth, psc } = all;
    await knownPractitioner(all);
    const tab = browserAt(auth);
    const first = await psc.signIn(await leave(tab, 'psc'));
    const second = await psc.signIn(await leave(tab, 'psc'));
    expect((await arrive(tab, second)).status).toBe(200);
    expect(told(await arrive(tab, first))).toEqual([404, 'AUTH.NO_SUCH_SIGN_IN']);
  });

  it('is one of the ways in on the page of a client of ours, and leads back to it', async () => {
    const { auth, psc } = all;
    const { user } = await knownPractitioner(all);
    auth.clock.set(new Date());
    const tab = browserAt(auth);
    const asked = await ask(auth, 'portal');
    const page = await tab.go(asked.url);
    expect(page.text).toContain('data-issuer="psc">Pro Santé Connect</button>');
    const { body } = await arrive(tab, await psc.signIn(await leave(tab, 'psc', page.at.pathname)));
    expect(body.continueAt).toBe(page.at.pathname);
    const { at } = await tab.answer(page.at, 'sign-in');
    expect((await exchange(asked, at)).claims()?.sub).toBe(user.id);
  });
});
