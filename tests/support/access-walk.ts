import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Asked, propertiesOf, type Question } from '@cabinet/access/policy';
import { policy } from '@cabinet/access/table';
import type { Channel, Relation } from '@cabinet/access/vocabulary';
import { type Role, roles } from '@cabinet/kit/access/principal';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Caller } from './http.ts';
import type { ServiceUnderTest } from './service.ts';
import type { TokenClaims } from './tokens.ts';

/** What has become of the thing that is asked for; `kept`: a minor keeps it from guardians; `unknown`: there never was one of that id. */
export type State = 'there' | 'kept' | 'merged' | 'erased' | 'unknown';

export interface Made {
  /** What stands in the address. */
  params?: Record<string, string>;
  version?: number;
  /** Ids that requests need besides. */
  [more: string]: unknown;
}

/** How somebody meets a thing. */
export interface Standing {
  name: string;
  /** What a person says of themselves who is this to it. */
  claims(made: Made): Partial<TokenClaims>;
  /** What the table calls it, by the rules of the service. */
  relations(roles: Role[], state: State, channel: Channel): Relation[];
}

/** Things of one resource, of which each request has its own. */
export interface Fixture {
  make: Partial<Record<State, () => Promise<Made>>>;
  standings: Standing[];
}

export interface AskedOf {
  body?: unknown;
  query?: string;
  headers?: Record<string, string>;
  /** Statuses of refusals that have nothing to do with access, and that nobody gets past. */
  served?: number[];
  /** Statuses of refusals that come before it is known whose it is. */
  before?: number[];
  /** True where the answer is of somebody else than whom the request names, whose guardian they are not. */
  isAboutAnother?: boolean;
}

export interface Walk {
  service: string;
  start(): Promise<ServiceUnderTest>;
  fixtures: Record<string, Fixture>;
  /** What the operations want that take a body or a query, by `operationId`. */
  requests: Record<string, (made: Made) => AskedOf | undefined | Promise<AskedOf | undefined>>;
}

interface Operation {
  id: string;
  method: string;
  path: string;
  asked: Asked;
  hasBody: boolean;
}

/** Every role alone, and every one of somebody who is a patient besides. */
const casts: Role[][] = [
  ...roles.map((role) => [role]),
  ...(['practitioner', 'secretary', 'admin'] as const).map((role): Role[] => ['patient', role]),
];

/** Of one operation asked for as everybody, on a machine that has other work. */
const walkMsMax = 90_000;

/**
 * Asks for every operation of a service as everybody whom the access table tells apart, of things of their own, of others,
 * merged, erased and unknown, and compares the status and the properties of each answer with the table. An operation for
 * whose resource there is no fixture fails.
 */
export function walkAccess({ service: name, start, fixtures, requests }: Walk): void {
  let service: ServiceUnderTest;
  beforeAll(async () => {
    service = await start();
    return () => service.stop();
  });

  describe.each(operationsOf(name))('$method $path', (operation) => {
    const question = policy.find(operation.asked) as Question;
    const { resource } = operation.asked;

    it('has things to ask for, and a request to ask with', () => {
      expect(Object.keys(fixtures)).toContain(resource);
      expect(operation.hasBody && !requests[operation.id]).toBe(false);
    });

    it('is refused at the door to those whom no rule lets in', async () => {
      for (const role of roles.filter((each) => !question.roles.includes(each))) {
        const call = await callerOf(service, [role], {});
        const { status, body } = await call(operation.method, addressOf(operation, {}));
        expect([role, status, body.code]).toEqual([role, 403, 'ACCESS.ROLE_NOT_ALLOWED']);
      }
    });

    // Whoever asks by no id of the thing asks about its patient, of whom nothing is kept.
    const states = (Object.keys(fixtures[resource]?.make ?? {}) as State[]).filter(
      (state) => state !== 'kept' || operation.path.includes('{id}'),
    );
    it.each(states)(
      'answers as the table says: %s',
      async (state) => {
        const { make, standings } = fixtures[resource] as Fixture;
        // What is only read may be read by all.
        const one = operation.method === 'GET' ? await make[state]?.() : undefined;
        const seen = new Map<string, { shown: Set<string>; hidden: readonly string[] }>();
        for (const { name, claims, relations } of standings) {
          for (const cast of casts.filter((all) => all.every((role) => question.roles.includes(role)))) {
            const made = one ?? ((await make[state]?.()) as Made);
            const call = await callerOf(service, cast, claims(made));
            const {
              body,
              query,
              headers,
              served,
              before = [],
              isAboutAnother,
            } = (await requests[operation.id]?.(made)) ?? {};
            const version = { 'if-match': `"v${made.version ?? 1}"` };
            const answer = await call(operation.method, addressOf(operation, made, query), body, {
              ...version,
              ...headers,
            });
            const to = relations(cast, state, operation.asked.channel);
            const decision = question.decide(cast, isAboutAnother ? to.filter((each) => each !== 'guardian') : to);
            const who = `${cast.join('+')}, ${name}`;
            const told = `${who}: ${answer.status} ${answer.body?.code}`;
            expect(
              before.includes(answer.status) ? ['served', 'refused'] : outcomes(answer, state, served),
              told,
            ).toContain(decision.allowed ? 'served' : 'refused');
            if (answer.status < 300) seen.set(who, { shown: propertiesIn(answer.body), hidden: decision.hidden });
          }
        }
        // What there is to see is what anybody sees of it.
        const all = new Set([...seen.values()].flatMap(({ shown }) => [...shown]));
        const known = new Set(propertiesOf(question.resource, 'all'));
        expect([...all].filter((property) => !known.has(property))).toEqual([]);
        for (const [who, { shown, hidden }] of seen) {
          expect([who, ...shown].sort()).toEqual([who, ...[...all].filter((each) => !hidden.includes(each))].sort());
        }
      },
      walkMsMax,
    );

    it('is for nobody who is not known', async () => {
      const path = operation.path.replaceAll(/\{\w+\}/g, randomUUID());
      expect((await fetch(service.base + path, { method: operation.method })).status).toBe(401);
    });
  });
}

function operationsOf(service: string): Operation[] {
  const file = join(import.meta.dirname, '../../services', service, 'openapi.json');
  const { paths } = JSON.parse(readFileSync(file, 'utf8')) as {
    paths: Record<string, Record<string, { operationId: string; 'x-access'?: Asked; requestBody?: object }>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { operationId, 'x-access': asked, requestBody }]) =>
      asked ? [{ id: operationId, method: method.toUpperCase(), path, asked, hasBody: requestBody !== undefined }] : [],
    ),
  );
}

async function callerOf(service: ServiceUnderTest, cast: Role[], claims: Partial<TokenClaims>): Promise<Caller> {
  return cast.includes('service') ? service.sidecar : service.as({ sub: randomUUID(), ...claims, roles: cast });
}

function addressOf({ path }: Operation, made: Made, query?: string): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, param: string) => made.params?.[param] ?? randomUUID());
  return query ? `${filled}?${query}` : filled;
}

/**
 * What an answer says of access: whoever may ask gets it done, or hears what has become of the thing. Where there is none, that is
 * all that anybody hears.
 */
function outcomes({ status }: Answer, state: State, served: number[] = []): string[] {
  const isThere = state === 'there' || state === 'kept';
  if (status === 404 && !isThere) return ['served', 'refused'];
  if (status === 403 || status === 404) return ['refused'];
  const isTold = status < 500 && status !== 401 && !isThere;
  return status < 300 || isTold || served.includes(status) ? ['served'] : ['neither'];
}

function propertiesIn(body: unknown): Set<string> {
  if (typeof body !== 'object' || body === null) return new Set();
  const { items, nextCursor: _, ...together } = body as { items?: object[]; nextCursor?: string };
  return new Set([together, ...(items ?? [])].flatMap((each) => Object.keys(each)));
}
