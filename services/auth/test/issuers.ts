import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tab } from '../../../tests/support/browser.ts';
import type { Answer } from '../../../tests/support/http.ts';
import { citizen, fcSecret, startFranceConnectPlus } from '../../../tests/support/issuers/france-connect-plus.ts';
import type { MockIssuer } from '../../../tests/support/issuers/mock-issuer.ts';
import {
  type Place,
  professional,
  pscSecret,
  startProSanteConnect,
} from '../../../tests/support/issuers/pro-sante-connect.ts';
import type { Config } from '../src/config.js';
import { issuersFromText } from '../src/domain/trusted-issuer.js';
import { practice } from './oidc.ts';
import { type Auth, buildUser, startAuthForTest } from './support.ts';

/** auth, with counterparts of the two issuers of the state, each a server of its own. */
export interface AuthAndIssuers {
  auth: Auth;
  psc: MockIssuer;
  fc: MockIssuer;
  /** A file that has what an issuer knows us by. */
  secretFileOf(id: 'psc' | 'fc'): string;
  stop(): Promise<void>;
}

type Written = Record<string, unknown>;

export async function startWithIssuers(
  more: { psc?: Written; fc?: Written } = {},
  settings: Partial<Config> = {},
): Promise<AuthAndIssuers> {
  let auth: Auth | undefined;
  const now = () => auth?.clock.now() ?? new Date();
  const psc = await startProSanteConnect(now);
  const fc = await startFranceConnectPlus(
    now,
    async () => (await auth?.anybody('GET', '/api/auth/issuers/jwks.json'))?.body.keys,
  );
  fc.acr = 'eidas2';
  const folder = mkdtempSync(join(tmpdir(), 'issuers-'));
  const secretFileOf = (id: string) => join(folder, id);
  writeFileSync(secretFileOf('psc'), `${pscSecret}\n`);
  writeFileSync(secretFileOf('fc'), fcSecret);
  const usual = (id: string, { issuer, clientId }: MockIssuer) => ({
    id,
    issuer,
    clientId,
    secretFile: secretFileOf(id),
  });
  const issuers = [
    { ...usual('psc', psc), name: 'Pro Santé Connect', kind: 'pro-sante-connect', ...more.psc },
    { ...usual('fc', fc), name: 'FranceConnect+', kind: 'france-connect-plus', ...more.fc },
  ];
  auth = await startAuthForTest({
    PASSKEY_ORIGINS: [practice],
    TRUSTED_ISSUERS: issuersFromText.parse(JSON.stringify(issuers)),
    ...settings,
  });
  const started = auth;
  const stop = async () => {
    await started.stop();
    psc.stop();
    fc.stop();
  };
  return { auth, psc, fc, secretFileOf, stop };
}

/** A browser at the practice. */
export const browserAt = ({ base }: Auth): Tab =>
  new Tab({
    address: practice,
    base,
    headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'practice.example', 'x-forwarded-for': '203.0.113.7' },
  });

/** @returns where the browser is at the issuer */
export async function leave(tab: Tab, id: string, continueAt = '/agenda'): Promise<string> {
  const answer = await tab.json('POST', `/api/auth/login/issuers/${id}`, { continueAt });
  if (answer.status !== 200) throw new Error(`not led on: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.continueAt;
}

/** What the page does that the browser is sent back to. */
export const arrive = (tab: Tab, at: URL): Promise<Answer> => tab.json('POST', at.pathname, { answer: at.search });

/** Leaves for an issuer, signs in there, and comes back. */
export async function comeBy(tab: Tab, id: string, issuer: MockIssuer): Promise<Answer> {
  return arrive(tab, await issuer.signIn(await leave(tab, id)));
}

export const told = ({ status, body }: Answer): [number, string | undefined] => [status, body?.code];

/** Who waits to be confirmed, or is. */
export const identities = async (auth: Auth) => (await auth.admin('GET', '/api/auth/identities?limit=200')).body.items;

let numbers = 0;
export function newNumber(): string {
  numbers += 1;
  return `8${10_100_000_000 + numbers}`;
}
export const place = (site = '750300360', name = 'Cabinet du Dr Martin'): Place => ({ site, name });

/** A practitioner whose identity at Pro Santé Connect has been confirmed. */
export async function knownPractitioner({ auth, psc }: AuthAndIssuers, places = [place()], overrides: object = {}) {
  const number = newNumber();
  const user = await buildUser(auth, { roles: ['practitioner'], practitionerId: randomUUID(), ...overrides });
  psc.person = professional(number, places, { sid: randomUUID() });
  await comeBy(browserAt(auth), 'psc', psc);
  const { id } = (await identities(auth)).find((each: { professionalId?: string }) => each.professionalId === number);
  const confirmed = await auth.admin('POST', `/api/auth/identities/${id}/confirmation`, {
    practitionerId: user.practitionerId,
  });
  if (confirmed.status !== 200) throw new Error(JSON.stringify(confirmed.body));
  return { number, user, linkId: id };
}

/** A patient whose identity at FranceConnect+ has been confirmed. */
export async function knownPatient({ auth, fc }: AuthAndIssuers) {
  const sub = randomUUID();
  const user = await buildUser(auth, { roles: ['patient'], patientId: randomUUID() });
  fc.person = citizen(sub, { family_name: `DUBOIS ${sub}` });
  await comeBy(browserAt(auth), 'fc', fc);
  const { id } = (await identities(auth)).find((each: { familyName?: string }) => each.familyName === `DUBOIS ${sub}`);
  const confirmed = await auth.admin('POST', `/api/auth/identities/${id}/confirmation`, { patientId: user.patientId });
  if (confirmed.status !== 200) throw new Error(JSON.stringify(confirmed.body));
  return { sub, user, linkId: id };
}
