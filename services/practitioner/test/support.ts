import { randomInt } from 'node:crypto';
import { SettableClock } from '@cabinet/kit/clock';
import type { CloudEvent } from '@cabinet/service/sidecar/cloud-event';
import type { EventPublisher } from '@cabinet/service/sidecar/publish';
import pg from 'pg';
import { createDatabase } from '../../../tests/support/database.ts';
import { eventKeys } from '../../../tests/support/events.ts';
import { type Caller, caller, until } from '../../../tests/support/http.ts';
import { startTokenIssuer, type TokenClaims } from '../../../tests/support/tokens.ts';
import { startPractitioner } from '../src/app.js';

/** The real service on a real database of its own, with what it told. */
export interface PractitionerService {
  base: string;
  published: CloudEvent[];
  sql: pg.Pool;
  as(claims: TokenClaims): Promise<Caller>;
  /** Calls as the service's own sidecar does for a neighbour. */
  sidecar: Caller;
  /** Types of the events told of a practitioner, once `count` are there. */
  told(practitionerId: string, count: number): Promise<string[]>;
  stop(): Promise<void>;
}

const appApiToken = 'the-token-of-the-own-sidecar';

export async function startService(): Promise<PractitionerService> {
  const url = await createDatabase('practitioner');
  const issuer = await startTokenIssuer();
  const published: CloudEvent[] = [];
  const publisher: EventPublisher = {
    publish: async (_topic, events) => {
      published.push(...events.map(({ event }) => event));
      return [];
    },
    stop: async () => {},
  };
  const app = await startPractitioner(
    {
      APP_HOST: '127.0.0.1',
      APP_PORT: 0,
      APP_API_TOKEN: appApiToken,
      EVENT_KEYS: eventKeys,
      CABINET_MODE: 'demonstration',
      DAPR_HTTP_PORT: 1,
      DATABASE_URL: url,
      JWKS_URL: issuer.jwksUrl,
      LOG_LEVEL: 'error',
      REGISTRY_URLS: [],
      TOKEN_ISSUER: 'cabinet',
    },
    { clock: new SettableClock(new Date('2026-11-20T10:00:00Z')), publisher },
  );
  const base = `http://127.0.0.1:${app.port}`;
  await until(async () => (await fetch(`${base}/health/ready`)).ok);
  const sql = new pg.Pool({ connectionString: url, max: 4 });
  const plain = caller(base);
  const eventsOf = (id: string) =>
    published.filter(({ data }) => (data as { practitionerId?: string }).practitionerId === id);
  return {
    base,
    published,
    sql,
    as: async (claims) => caller(base, await issuer.bearer(claims)),
    sidecar: (method, path, body, headers) =>
      plain(method, path, body, { 'dapr-api-token': appApiToken, 'dapr-caller-app-id': 'appointment', ...headers }),
    async told(practitionerId, count) {
      await until(() => eventsOf(practitionerId).length >= count);
      return eventsOf(practitionerId).map(({ type }) => type);
    },
    async stop() {
      await sql.end();
      await app.stop();
      await issuer.stop();
    },
  };
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const randomName = () => Array.from({ length: 10 }, () => letters[randomInt(26)]).join('');

/** Details of somebody whom no other test has registered. */
export const buildPractitioner = (overrides: object = {}) => ({
  familyName: `Nom${randomName()}`,
  givenNames: [`Prenom${randomName()}`],
  ...overrides,
});

let lastRpps = 10_100_000_000 + randomInt(1_000_000);

/** An RPPS number that no other test has; it may lack the usual check digit. */
export function buildRpps(): string {
  lastRpps += 1;
  return String(lastRpps);
}

export const office = { name: 'Cabinet du Marché', zone: 'Europe/Paris' };
export const consultation = { name: 'Consultation', minutes: 20 };
