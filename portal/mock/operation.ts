import type {
  alertApi,
  appointmentApi,
  authApi,
  gatewayApi,
  notificationApi,
  patientApi,
  practitionerApi,
  recordApi,
  wearableApi,
} from '@cabinet/contracts';
import type { Person } from './people.ts';

type Paths = alertApi.paths &
  appointmentApi.paths &
  authApi.paths &
  gatewayApi.paths &
  notificationApi.paths &
  patientApi.paths &
  practitionerApi.paths &
  recordApi.paths &
  wearableApi.paths;
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

type Operation<M extends Method, P extends keyof Paths> = Paths[P][M];
type BodyOf<T> = T extends {
  content: { 'application/json': infer Body } | { 'application/zip': infer Body } | { 'text/csv': infer Body };
}
  ? Body
  : undefined;
type Fine<O> = O extends { responses: infer All } ? BodyOf<All[keyof All & (200 | 201 | 202 | 204)]> : never;
type Sent<O> = O extends { requestBody?: infer Body } ? BodyOf<NonNullable<Body>> : undefined;

/** What was asked, in the contract's words. */
export interface Asked<Body = unknown> {
  who: Person;
  /** What varies in the path. */
  path: Record<string, string>;
  query: URLSearchParams;
  /** Of `Accept-Language`. */
  language: 'en' | 'fr';
  body: Body;
  /** Of `If-Match`. @throws Refused (428) without one */
  version(): number;
}

export interface Answered<Body = unknown> {
  status?: 200 | 201 | 202 | 204;
  headers?: Record<string, string>;
  body: Body;
}

export interface Handler {
  /** As its problem says it and the faults name it: `GET /api/patients/{id}`. */
  name: string;
  method: Method;
  pattern: RegExp;
  answer(asked: Asked): Answered;
}

/** How one operation of the contract is answered; what it takes and gives is checked against `openapi.json` by the compiler. */
export function on<M extends Method, P extends keyof Paths & string>(
  method: M,
  path: P,
  answer: (asked: Asked<Sent<Operation<M, P>>>) => Answered<Fine<Operation<M, P>>>,
): Handler {
  const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
  return { name: `${method.toUpperCase()} ${path}`, method, pattern, answer: answer as Handler['answer'] };
}

/** As services refuse (RFC 9457). */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: Record<string, unknown>;

  constructor(status: number, code: string, title: string, more: Record<string, unknown> = {}) {
    super(title);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

export const notFound = (code: string): Refused => new Refused(404, code, 'There is no such thing here');
