import { SettableClock } from '@cabinet/kit/clock';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { AuditKeys } from '@cabinet/service/audit/chain';
import type { ServiceOverrides } from '@cabinet/service/service';
import type { CloudEvent } from '@cabinet/service/sidecar/cloud-event';
import type { EventPublisher } from '@cabinet/service/sidecar/publish';
import { deliverTo, type EventToDeliver, eventKeys } from './events.ts';
import { type Answer, type Caller, caller, until } from './http.ts';
import { startTokenIssuer, type TokenClaims } from './tokens.ts';

export const appApiToken = 'the-token-of-the-own-sidecar';

/** What seals the audit trails of services under test. */
export const auditSecrets: [string] = ['the key that seals audit trails in tests'];
export const auditKeysOf = (service: string): AuditKeys => new AuditKeys(service, auditSecrets);

/** What the configuration of every service has in it, as tests want it. */
export const usualSettings = (databaseUrl: string) => ({
  APP_API_TOKEN: appApiToken,
  AUDIT_KEYS: auditSecrets,
  APP_HOST: '127.0.0.1',
  APP_PORT: 0,
  CABINET_MODE: 'demonstration' as const,
  DAPR_HTTP_PORT: 1,
  DATABASE_URL: databaseUrl,
  EVENT_KEYS: eventKeys,
  JWKS_URL: 'http://127.0.0.1:1/not-asked',
  LOG_LEVEL: 'error' as const,
  REGISTRY_URLS: [] as string[],
  TOKEN_ISSUER: 'cabinet',
});

/** The real app of a service on a real database, with what it told and a clock that stands until it is moved. */
export interface ServiceUnderTest {
  base: string;
  databaseUrl: string;
  clock: SettableClock;
  /** The events that the broker took, in order. */
  published: CloudEvent[];
  /** How the broker behaves: set an error to have nothing published. */
  broker: { failsWith?: Error };
  bearer(claims: TokenClaims): Promise<string>;
  as(claims: TokenClaims, base?: string): Promise<Caller>;
  /** Calls as the own sidecar does for a neighbour: `appointment`, unless the headers say another. */
  sidecar: Caller;
  /** Delivers events of a topic as the own sidecar does. */
  hear(topic: string, ...events: EventToDeliver[]): Promise<Answer>;
  /** Types of the events about somebody or something, whose id they are in order by, once there are `count`. */
  told(id: string, count: number): Promise<string[]>;
  /** The same service on the same database, at another address. */
  restart(): Promise<void>;
  /** One more process on the same database. @returns its address */
  replica(): Promise<string>;
  stop(): Promise<void>;
}

export interface StartOptions<Config, Overrides> {
  databaseUrl: string;
  /** What differs from the usual settings, or is the service's own. */
  settings?: Partial<Config>;
  overrides?: Partial<Overrides>;
  now?: string;
  /** Another one, whose clock and broker this one shares. */
  beside?: Pick<ServiceUnderTest, 'clock' | 'published' | 'broker'>;
}

/** By which key each event was published. */
const keys = new WeakMap<CloudEvent, string>();

export async function startForTest<Config, Overrides extends ServiceOverrides>(
  start: (config: Config, overrides: Overrides) => Promise<RunningProcess>,
  { databaseUrl, settings, overrides, now = '2026-11-20T10:00:00Z', beside }: StartOptions<Config, Overrides>,
): Promise<ServiceUnderTest> {
  const issuer = await startTokenIssuer();
  const { clock, published, broker } = beside ?? {
    clock: new SettableClock(new Date(now)),
    published: [] as CloudEvent[],
    broker: {} as ServiceUnderTest['broker'],
  };
  const publisher: EventPublisher = {
    publish: async (_topic, events) => {
      if (broker.failsWith) throw broker.failsWith;
      for (const { event, partitionKey } of events) {
        published.push(event);
        keys.set(event, partitionKey);
      }
      return [];
    },
    stop: async () => {},
  };
  const config = { ...usualSettings(databaseUrl), JWKS_URL: issuer.jwksUrl, ...settings } as Config;
  const replicas: RunningProcess[] = [];
  const begin = async (): Promise<RunningProcess> => {
    const running = await start(config, { clock, publisher, ...overrides } as Overrides);
    await until(async () => (await fetch(`${addressOf(running)}/health/ready`)).ok);
    return running;
  };
  let running = await begin();
  const isAbout = (id: string) => (event: CloudEvent) => keys.get(event) === id;
  const service: ServiceUnderTest = {
    base: addressOf(running),
    databaseUrl,
    clock,
    published,
    broker,
    bearer: issuer.bearer,
    async as(claims, base) {
      const authorization = await issuer.bearer(claims);
      // A restart gives another address.
      return (...request) => caller(base ?? service.base, authorization)(...request);
    },
    sidecar: (method, path, body, headers) =>
      caller(service.base, { 'dapr-api-token': appApiToken, 'dapr-caller-app-id': 'appointment' })(
        method,
        path,
        body,
        headers,
      ),
    hear: (topic, ...events) => deliverTo(service.base, appApiToken)(topic, ...events),
    async told(id, count) {
      await until(() => published.filter(isAbout(id)).length >= count);
      return published.filter(isAbout(id)).map(({ type }) => type);
    },
    async restart() {
      await running.stop();
      running = await begin();
      service.base = addressOf(running);
    },
    async replica() {
      const other = await begin();
      replicas.push(other);
      return addressOf(other);
    },
    async stop() {
      await Promise.all(replicas.map((each) => each.stop()));
      await running.stop();
      await issuer.stop();
    },
  };
  return service;
}

/** The same with what the tests of one service need besides. @param close runs before the service stops */
export function withMore<More extends object>(
  service: ServiceUnderTest,
  more: More,
  close: () => Promise<unknown>,
): ServiceUnderTest & More {
  const { stop } = service;
  return Object.assign(service, more, {
    async stop() {
      await close();
      await stop();
    },
  });
}

const addressOf = ({ port }: RunningProcess): string => `http://127.0.0.1:${port}`;
