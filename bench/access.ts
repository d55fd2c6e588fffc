import { withoutHidden } from '@cabinet/access/policy';
import { policy } from '@cabinet/access/table';
import type { Role } from '@cabinet/kit/access/principal';
import { createTokenVerifier } from '@cabinet/kit/access/tokens';
import { generateKeyPair, SignJWT } from 'jose';
import { type Figure, median, pairedFigure, within } from './figures.ts';

const rounds = 400;
const asked = { resource: 'patient', action: 'read', channel: 'rest' } as const;
const decisionsAtOnce = 1_000;
const decisionMax = 20;
/** A request that comes with a token takes milliseconds. */
const tokenMsMax = 0.1;
const itemsOnPage = 100;

/** What it costs to ask who may, and to leave out of a page what is hidden; in this process, with nothing around. */
export async function measureAccess(say: (text: string) => void): Promise<Figure[]> {
  say('decisions ...');
  const roles: Role[] = ['patient', 'practitioner'];
  const decide = () => {
    for (let nth = 0; nth < decisionsAtOnce; nth += 1) policy.find(asked)?.decide(roles, ['other']);
  };
  const decisions = repeated(() => timeOf(decide));
  const hiddenFromCaller = () => policy.find(asked)?.decide(roles, ['other']).hidden ?? [];
  // In turn, so that a machine whose speed swings meets both.
  const pairs = repeated(() => [timeOf(() => pageOf()), timeOf(() => pageOf(hiddenFromCaller))] as const);
  say('token checks ...');
  const tokens = await measureTokens();
  return [
    ...tokens,
    within('access decision', 'µs', (median(decisions) * 1_000) / decisionsAtOnce, decisionMax),
    pairedFigure(
      'page of 100, asked for each',
      'ms',
      pairs.map(([, shaped]) => shaped),
      { name: 'the same, not asked', values: pairs.map(([plain]) => plain) },
      { atMost: 1.1 },
    ),
  ];
}

/**
 * A token as auth gives it, checked by a process that has checked it a moment ago, as in all requests of somebody at work but the
 * first of half a minute; and by one that has not, beside the signature alone.
 */
async function measureTokens(): Promise<Figure[]> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const now = Math.floor(Date.now() / 1_000);
  const payload = { roles: ['practitioner'], practitionerId: visit.appointmentId, sid: visit.appointmentId };
  const sign = (nth: number) =>
    new SignJWT({ ...payload, access_version: 3, jti: String(nth) })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'bench' })
      .setSubject(visit.appointmentId)
      .setIssuer('cabinet')
      .setAudience('cabinet')
      .setIssuedAt(now)
      .setExpirationTime(now + 600)
      .sign(privateKey);
  const verifier = createTokenVerifier({ jwksUrl: 'http://127.0.0.1:1', issuer: 'cabinet' }, async () => publicKey);
  const fresh = await Promise.all(Array.from({ length: 2 * rounds }, (_, nth) => sign(nth)));
  const known = fresh[0] as string;
  await verifier.verify(known);
  const again = repeated(() =>
    timeOf(() => {
      for (let nth = 0; nth < decisionsAtOnce; nth += 1) verifier.verify(known);
    }),
  );
  const pairs: { check: number; signature: number }[] = [];
  for (const token of fresh) {
    const [head = '', body = '', signature = ''] = token.split('.');
    const signed = Buffer.from(`${head}.${body}`);
    const begun = performance.now();
    await crypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      publicKey,
      Buffer.from(signature, 'base64url'),
      signed,
    );
    const between = performance.now();
    await verifier.verify(token);
    pairs.push({ signature: between - begun, check: performance.now() - between });
  }
  const warm = pairs.slice(rounds);
  return [
    within('check of a token', 'ms', median(again) / decisionsAtOnce, tokenMsMax),
    pairedFigure(
      'check of a token for the first time',
      'ms',
      warm.map(({ check }) => check),
      { name: 'its signature alone', values: warm.map(({ signature }) => signature) },
    ),
  ];
}

function timeOf(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

/** What is measured, once it is warm. */
function repeated<T>(measured: () => T): T[] {
  for (let nth = 0; nth < rounds; nth += 1) measured();
  return Array.from({ length: rounds }, measured);
}

const visit = {
  appointmentId: '019a8f3e-aaaa-7c55-9b1c-3f1b8f5f2d11',
  start: '2026-11-23T08:30:00Z',
  status: 'booked',
};

/** A page as it is made for an answer, and written. @param hiddenFromCaller is asked for each item */
function pageOf(hiddenFromCaller?: () => readonly string[]): string {
  const items = Array.from({ length: itemsOnPage }, (_, nth) => ({
    id: `019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2${String(nth).padStart(3, '0')}`,
    version: 1,
    active: true,
    familyName: 'Lefèvre',
    givenNames: ['Claire', 'Marie'],
    birthDate: '1955-08-14',
    gender: 'female',
    identifiers: [{ system: 'urn:oid:1.2.250.1.213.1.4.10', value: '255081416802538' }],
    telecom: [{ system: 'phone', value: '+33639981234', use: 'mobile' }],
    address: { line: ['12 rue des Lilas'], postalCode: '69003', city: 'Lyon', country: 'FR' },
    contacts: [],
    lastVisit: visit,
    nextVisit: visit,
    warnings: [],
  }));
  if (hiddenFromCaller) for (const item of items) withoutHidden(item, hiddenFromCaller());
  return JSON.stringify({ items });
}
