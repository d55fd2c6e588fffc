import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { caller } from '../../../tests/support/http.ts';
import { citizen } from '../../../tests/support/issuers/france-connect-plus.ts';
import { professional } from '../../../tests/support/issuers/pro-sante-connect.ts';
import {
  type AuthAndIssuers,
  browserAt,
  comeBy,
  identities,
  knownPatient,
  knownPractitioner,
  newNumber,
  place,
  startWithIssuers,
  told,
} from './issuers.ts';
import { buildUser, signIn } from './support.ts';

let all: AuthAndIssuers;

beforeAll(async () => {
  all = await startWithIssuers();
});
afterEach(() => {
  expect([...all.psc.complaints, ...all.fc.complaints]).toEqual([]);
  all.psc.faults = {};
});
afterAll(() => all?.stop());

describe('an identity', () => {
  const proposed = async (name = randomUUID()) => {
    all.fc.person = citizen(randomUUID(), { family_name: name });
    await comeBy(browserAt(all.auth), 'fc', all.fc);
    return (await identities(all.auth)).find((each: { familyName?: string }) => each.familyName === name).id as string;
  };
  const confirm = (id: string, body: object, as = all.auth.admin) =>
    as('POST', `/api/auth/identities/${id}/confirmation`, body);

  it('is of one person, who is named in one way', async () => {
    const { auth } = all;
    const user = await buildUser(auth, { roles: ['patient'], patientId: randomUUID() });
    const id = await proposed();
    expect(told(await confirm(id, { userId: user.id, patientId: user.patientId }))).toEqual([422, 'REQUEST.INVALID']);
    expect(told(await confirm(id, {}))).toEqual([422, 'REQUEST.INVALID']);
    expect((await confirm(id, { userId: user.id })).status).toBe(200);
    expect(told(await confirm(id, { userId: user.id }))).toEqual([409, 'AUTH.IDENTITY_CONFIRMED']);
    expect(told(await confirm(await proposed(), { userId: user.id }))).toEqual([409, 'AUTH.NO_USER_TO_LINK']);
    expect(told(await confirm(randomUUID(), { userId: user.id }))).toEqual([404, 'AUTH.NO_SUCH_IDENTITY']);
  });

  it('is linked to nobody whom its issuer is not for', async () => {
    const { auth } = all;
    const id = await proposed();
    const colleague = await buildUser(auth);
    const both = await buildUser(auth, { roles: ['patient', 'secretary'], patientId: randomUUID() });
    for (const body of [{ userId: colleague.id }, { patientId: both.patientId }, { patientId: randomUUID() }]) {
      expect(told(await confirm(id, body))).toEqual([409, 'AUTH.NO_USER_TO_LINK']);
    }
  });

  it('of a professional is an admin’s to confirm', async () => {
    const { auth, psc } = all;
    const number = newNumber();
    psc.person = professional(number, [place()]);
    await comeBy(browserAt(auth), 'psc', psc);
    const { id } = (await identities(auth)).find((each: { professionalId?: string }) => each.professionalId === number);
    const desk = await signIn(auth, (await buildUser(auth)).email);
    const user = await buildUser(auth, { roles: ['practitioner'], practitionerId: randomUUID() });
    expect(told(await confirm(id, { userId: user.id }, desk.call))).toEqual([404, 'AUTH.NO_SUCH_IDENTITY']);
    expect(told(await desk.call('DELETE', `/api/auth/identities/${id}`))).toEqual([404, 'AUTH.NO_SUCH_IDENTITY']);
  });

  it('that is removed signs nobody in, and what it has opened ends', async () => {
    const { auth, fc } = all;
    const { linkId } = await knownPatient(all);
    const tab = browserAt(auth);
    const { body } = await comeBy(tab, 'fc', fc);
    const call = caller(auth.base, `Bearer ${body.signedIn.accessToken}`);
    expect((await call('GET', '/api/auth/me')).status).toBe(200);
    expect((await auth.admin('DELETE', `/api/auth/identities/${linkId}`)).status).toBe(204);
    expect((await call('GET', '/api/auth/me')).status).toBe(401);
    expect((await tab.json('POST', '/api/auth/refresh')).status).toBe(401);
    expect(told(await comeBy(browserAt(auth), 'fc', fc))).toEqual([403, 'AUTH.NOT_LINKED']);
  });

  it('is on the audit trail, with who confirmed it and whose it is', async () => {
    const { auth } = all;
    const { user } = await knownPatient(all);
    const { rows } = await auth.sql.query(
      `select action, outcome from audit_event where subjects @> array[$1] and action like '%identities%confirmation'`,
      [user.id],
    );
    expect(rows.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'POST /api/auth/identities/:id/confirmation 200',
    ]);
  });
});

describe('signing out', () => {
  it('leads to the issuer as well, where somebody has come by one', async () => {
    const { auth, psc } = all;
    await knownPractitioner(all);
    const tab = browserAt(auth);
    await comeBy(tab, 'psc', psc);
    const { status, body } = await tab.json('POST', '/api/auth/logout/issuer');
    const at = new URL(body.continueAt);
    expect([status, at.origin + at.pathname, at.searchParams.get('post_logout_redirect_uri')]).toEqual([
      200,
      `${psc.issuer}/logout`,
      'https://practice.example/',
    ]);
    expect(decodeJwt(at.searchParams.get('id_token_hint') as string)).toMatchObject({
      iss: psc.issuer,
      aud: 'practice',
    });
    expect((await tab.json('POST', '/api/auth/refresh')).status).toBe(401);
    expect((await tab.json('POST', '/api/auth/logout/issuer')).body).toEqual({});
  });

  it('shows the issuer its token as it can read it, though it was encrypted to us', async () => {
    const { auth, fc } = all;
    const { sub } = await knownPatient(all);
    const tab = browserAt(auth);
    await comeBy(tab, 'fc', fc);
    const { continueAt } = (await tab.json('POST', '/api/auth/logout/issuer')).body;
    expect(decodeJwt(new URL(continueAt).searchParams.get('id_token_hint') as string).sub).toBe(sub);
  });

  const tell = (token: string, id = 'psc') =>
    all.auth.anybody('POST', `/api/oidc/issuers/${id}/sign-outs`, `logout_token=${token}`, {
      'content-type': 'application/x-www-form-urlencoded',
    });

  it('at the issuer ends what follows that session here, and nothing else', async () => {
    const { auth, psc } = all;
    await knownPractitioner(all);
    const { sub, sid } = psc.person as { sub: string; sid: string };
    const [here, elsewhere] = [browserAt(auth), browserAt(auth)];
    const { body } = await comeBy(here, 'psc', psc);
    psc.person = { ...psc.person, sid: randomUUID() };
    await comeBy(elsewhere, 'psc', psc);
    const token = await psc.logoutToken({ sub, sid });
    expect((await tell(token)).status).toBe(200);
    expect((await caller(auth.base, `Bearer ${body.signedIn.accessToken}`)('GET', '/api/auth/me')).status).toBe(401);
    expect((await here.json('POST', '/api/auth/refresh')).status).toBe(401);
    expect((await elsewhere.json('POST', '/api/auth/refresh')).status).toBe(200);
    expect((await tell(await psc.logoutToken({ sub }))).status).toBe(200);
    expect((await elsewhere.json('POST', '/api/auth/refresh')).status).toBe(401);
  });

  it('is believed to an issuer whose clock is a little ahead of ours', async () => {
    const { auth, psc } = all;
    await knownPractitioner(all);
    const tab = browserAt(auth);
    await comeBy(tab, 'psc', psc);
    const soon = Math.floor(auth.clock.now().getTime() / 1_000) + 20;
    const { sub } = psc.person as { sub: string };
    expect((await tell(await psc.logoutToken({ sub }, { iat: soon, exp: soon + 60 }))).status).toBe(200);
    expect((await tab.json('POST', '/api/auth/refresh')).status).toBe(401);
  });

  it('is not believed to whoever is not the issuer, too late, or for somebody else', async () => {
    const { auth, psc, fc } = all;
    await knownPractitioner(all);
    const { sub } = psc.person as { sub: string };
    const tab = browserAt(auth);
    await comeBy(tab, 'psc', psc);
    const past = Math.floor(auth.clock.now().getTime() / 1_000) - 600;
    const tokens = [
      await psc.logoutToken({ sub }, { aud: 'another' }),
      await psc.logoutToken({ sub }, { iss: fc.issuer }),
      await psc.logoutToken({ sub }, { iat: past, exp: past + 60 }),
      await psc.logoutToken({ sub }, { iat: past + 1_200, exp: past + 1_260 }),
      await psc.logoutToken({ sub }, { events: {} }),
      await psc.logoutToken({ sub }, { nonce: 'of an ID token' }),
      await psc.logoutToken({ sub }, { jti: undefined }),
      await psc.logoutToken({}),
      await fc.logoutToken({ sub }, { iss: psc.issuer }),
      'no token',
    ];
    psc.faults = { signature: 'none' };
    tokens.push(await psc.logoutToken({ sub }));
    psc.faults = { signature: 'HS256' };
    tokens.push(await psc.logoutToken({ sub }));
    for (const token of tokens) expect((await tell(token)).status).toBe(400);
    expect((await tell(await psc.logoutToken({ sub }), 'nobody')).status).toBe(400);
    expect((await tab.json('POST', '/api/auth/refresh')).status).toBe(200);
  });

  it('that could not be done is done when the issuer tells it again', async () => {
    const { auth, psc } = all;
    await knownPractitioner(all);
    const tab = browserAt(auth);
    await comeBy(tab, 'psc', psc);
    const token = await psc.logoutToken({ sub: psc.person.sub });
    await auth.sql.query(`
      create function refuse() returns trigger language plpgsql as $$ begin raise 'not today'; end $$;
      create trigger refuse before update of revoked_at on session for each row execute function refuse()`);
    const failed = await tell(token).finally(() => auth.sql.query('drop function refuse cascade'));
    expect(failed.status).toBe(400);
    expect((await tell(token)).status).toBe(200);
    expect((await tab.json('POST', '/api/auth/refresh')).status).toBe(401);
  });

  it('that is told twice does not end what was begun since', async () => {
    const { auth, psc } = all;
    await knownPractitioner(all);
    const token = await psc.logoutToken({ sub: psc.person.sub });
    await tell(token);
    const tab = browserAt(auth);
    await comeBy(tab, 'psc', psc);
    await tell(token);
    expect((await tab.json('POST', '/api/auth/refresh')).status).toBe(200);
  });
});
