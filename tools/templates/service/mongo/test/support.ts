import { SettableClock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import type { CloudEvent } from '@cabinet/service/sidecar/cloud-event';
import type { EventPublisher } from '@cabinet/service/sidecar/publish';
import { MongoClient } from 'mongodb';
import { createMongoDatabase } from '../../../tests/support/database.ts';
import { deliverTo, eventKeys } from '../../../tests/support/events.ts';
import { type Answer, type Caller, caller, until } from '../../../tests/support/http.ts';
import { startTokenIssuer, type TokenClaims } from '../../../tests/support/tokens.ts';
import { startSomeThing } from '../src/app.js';

/** The real service on a real database of its own, with what it told. */
export interface SomeThingService {
  base: string;
  as(claims: TokenClaims): Promise<Caller>;
  /** Delivers an event as the sidecar does. */
  hear(topic: string, event: CloudEvent): Promise<Answer>;
  /** Events told of a some thing, once `count` are there. */
  told(id: string, count: number): Promise<CloudEvent[]>;
  /** Texts that are stored for a patient. */
  textsOf(patientId: string): Promise<string[]>;
  /** What the audit trail has of a patient. */
  actionsOn(patientId: string): Promise<string[]>;
  stop(): Promise<void>;
}

const appApiToken = 'the-token-of-the-own-sidecar';

export async function startService(): Promise<SomeThingService> {
  const url = createMongoDatabase('some_thing');
  const issuer = await startTokenIssuer();
  const published: CloudEvent[] = [];
  const publisher: EventPublisher = {
    publish: async (_topic, events) => {
      published.push(...events.map(({ event }) => event));
      return [];
    },
    stop: async () => {},
  };
  const app = await startSomeThing(
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
  const client = new MongoClient(url);
  const stored = (collection: string, where: object) =>
    client.db().collection(collection).find(where).sort({ _id: 1 }).toArray();
  const eventsOf = (id: string) => published.filter(({ data }) => (data as { someThingId: string }).someThingId === id);
  return {
    base,
    as: async (claims) => caller(base, await issuer.bearer(claims)),
    hear: (topic, event) => deliverTo(base, appApiToken)(topic, event),
    async told(id, count) {
      await until(() => eventsOf(id).length >= count);
      return eventsOf(id);
    },
    async textsOf(patientId) {
      return (await stored('some_thing', { patientId })).map(({ text }) => text);
    },
    async actionsOn(patientId) {
      const events = await stored('audit_event', { subjects: patientId });
      return events.map(({ action, outcome }) => `${action} ${outcome}`);
    },
    async stop() {
      await client.close();
      await app.stop();
      await issuer.stop();
    },
  };
}

export const buildEvent = (type: string, data: object): CloudEvent => ({
  id: newId(),
  type,
  source: 'patient',
  specversion: '1.0',
  time: '2026-11-20T10:00:00.000Z',
  datacontenttype: 'application/json',
  data,
});
