import type { Clock } from '@cabinet/kit/clock';
import type { Logger } from '@cabinet/kit/observe/log';
import { type RequestHandler, Router, urlencoded } from 'express';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import type { TrustedIssuer } from '../../domain/trusted-issuer.js';
import { fetchOf } from './guarded-fetch.js';
import type { OpenIdRelyingParty } from './openid-relying-party.js';
import type { SessionsElsewhere } from './sessions-elsewhere.js';

interface Parts {
  issuers: readonly TrustedIssuer[];
  party: Pick<OpenIdRelyingParty, 'keysAddress'>;
  sessions: SessionsElsewhere;
  clock: Clock;
  log: Logger;
}

const event = 'http://schemas.openid.net/event/backchannel-logout';
const ageMsMax = 2 * 60_000;
/** How far an issuer's clock may be from ours: what openid-client allows for its ID tokens as well. */
const clockSecondsOff = 30;
const path = '/api/oidc/issuers/:issuerId/sign-outs';

/** Where an issuer tells of a session of its own that has ended (back-channel logout 1.0): those of ours that follow it end. */
export function hearSignOuts({ issuers, party, sessions, clock, log }: Parts): RequestHandler {
  return Router().post(path, urlencoded({ extended: false, limit: '20kb' }), async (req, res) => {
    res.set('Cache-Control', 'no-store');
    const issuer = issuers.find(({ id }) => id === req.params.issuerId);
    const token: unknown = req.body?.logout_token;
    if (!issuer || typeof token !== 'string') return void res.status(400).json({ error: 'invalid_request' });
    try {
      const now = clock.now();
      const answer = await fetchOf(issuer)(await party.keysAddress(issuer), { signal: AbortSignal.timeout(5_000) });
      const { payload } = await jwtVerify(token, createLocalJWKSet((await answer.json()) as JSONWebKeySet), {
        issuer: issuer.issuer,
        audience: issuer.clientId,
        algorithms: [issuer.signedBy],
        maxTokenAge: ageMsMax / 1_000,
        clockTolerance: clockSecondsOff,
        currentDate: now,
      });
      const { sub, sid, jti, events, nonce } = payload as typeof payload & { sid?: unknown; events?: object };
      const isOne = typeof events === 'object' && events !== null && event in events && nonce === undefined;
      const whose = { ...(sub && { sub }), ...(typeof sid === 'string' && { sid }) };
      if (!isOne || !jti || Object.keys(whose).length === 0) throw new Error('no logout token');
      // One that comes again would end what was begun since.
      const word = { challenge: `sign-out ${issuer.id} ${jti}`, until: new Date(now.getTime() + 2 * ageMsMax) };
      await sessions.endFollowing(issuer.id, whose, word, now);
      res.status(200).end();
    } catch (error) {
      log.warn(
        { issuer: issuer.id, reason: (error as { code?: string }).code },
        'an issuer’s word of a sign-out is refused',
      );
      res.status(400).json({ error: 'invalid_request' });
    }
  });
}
