import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { type StoreFault, storeFaultOf } from '../away.js';
import { DomainError, type ErrorKind, type FieldError } from '../errors.js';
import type { Logger } from '../observe/log.js';
import { effectOf } from './effect.js';
import { currentContext } from './request-context.js';

/** The one error body of every process: problem details (RFC 9457) with a stable code. */
export interface Problem {
  /** Identifies the kind of problem.
   * @example "urn:cabinet:problem:APPOINTMENT.SLOT_TAKEN" */
  type: string;
  /** Short and the same for every occurrence.
   * @example "Somebody else has just taken this slot" */
  title: string;
  /** The HTTP status.
   * @example 409 */
  status: number;
  /** What happened this time and what can be done about it. */
  detail?: string;
  /** Stable and machine-readable.
   * @example "APPOINTMENT.SLOT_TAKEN" */
  code: string;
  /** The fields of the request that were refused. */
  fields: FieldError[];
  /** Quote it when asking for help.
   * @example "019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11" */
  requestId: string;
}

const statuses: Record<ErrorKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media-type': 415,
  invalid: 422,
  'precondition-required': 428,
  'limit-reached': 429,
  unavailable: 503,
  'method-not-allowed': 405,
  timeout: 408,
  'address-too-long': 414,
  'headers-too-large': 431,
  'bad-upstream-answer': 502,
  'upstream-timeout': 504,
  'not-implemented': 501,
  'version-not-supported': 505,
};

export const statusOf = (error: DomainError): number => statuses[error.kind];

export function toProblem(error: DomainError, requestId: string): Problem & Record<string, unknown> {
  return {
    type: `urn:cabinet:problem:${error.code}`,
    title: error.message,
    status: statusOf(error),
    detail: error.detail,
    code: error.code,
    fields: error.fields,
    requestId,
    ...error.extensions,
  };
}

export function sendProblem(res: Response, error: DomainError): void {
  if (error.retryAfterSeconds !== undefined) res.set('Retry-After', String(Math.ceil(error.retryAfterSeconds)));
  if (error.kind === 'unauthenticated') res.set('WWW-Authenticate', 'Bearer');
  res
    .status(statusOf(error))
    .type('application/problem+json')
    .send(JSON.stringify(toProblem(error, currentContext()?.requestId ?? '')));
}

/**
 * The one exit for everything thrown: expected refusals by their kind, the rest logged once and answered 500.
 * @param count is told the code of each
 */
export function problemExit(log: Logger, count: (code: string) => void = () => {}): ErrorRequestHandler {
  return (thrown, req, res, next) => {
    if (res.headersSent) return next(thrown);
    // Whatever ended the work of a caller who has gone: there is nobody to tell.
    if (currentContext()?.signal?.aborted) return;
    const refusal = ofConditionsSent(toRefusal(thrown, req), req.headers);
    count(refusal?.code ?? 'INTERNAL');
    if (refusal) {
      if (refusal.kind === 'unavailable') log.warn({ code: refusal.code, err: refusal.cause }, 'unavailable');
      return sendProblem(res, refusal);
    }
    log.error({ err: thrown }, 'request failed');
    const problem: Problem = {
      type: 'urn:cabinet:problem:INTERNAL',
      title: 'Something went wrong on our side',
      status: 500,
      detail: 'Nothing was lost that was confirmed before. Quote the requestId when asking for help.',
      code: 'INTERNAL',
      fields: [],
      requestId: currentContext()?.requestId ?? '',
    };
    res.status(500).type('application/problem+json').send(JSON.stringify(problem));
  };
}

/** 412 is for conditions that were sent (RFC 9110, section 15.5.13): who sent none lost a race. */
function ofConditionsSent(refusal: DomainError | undefined, headers: IncomingHttpHeaders): DomainError | undefined {
  if (refusal?.kind !== 'precondition-failed') return refusal;
  if (headers['if-match'] !== undefined || headers['if-none-match'] !== undefined) return refusal;
  const { code, message, fields, extensions } = refusal;
  return new DomainError('conflict', code, message, {
    detail: 'Read it again and look at what changed.',
    fields,
    extensions,
  });
}

function toRefusal(thrown: unknown, req: Request): DomainError | undefined {
  if (thrown instanceof DomainError) return thrown;
  if (!(thrown instanceof Error)) return undefined;
  return fromTsoa(thrown) ?? fromBodyParser(thrown) ?? fromDatabase(thrown, req);
}

type TsoaFields = Record<string, { message?: string } | undefined>;

// tsoa's ValidateError: { fields: { 'body.birthDate': { message, value } } }. Its messages never hold the value.
function fromTsoa(error: Error): DomainError | undefined {
  const found = (error as { fields?: TsoaFields }).fields;
  if (error.name !== 'ValidateError' || !found) return undefined;
  const fields = toFieldErrors(found);
  return new DomainError('invalid', 'REQUEST.INVALID', 'The request breaks a rule', {
    fields,
    detail: fields.map((f) => `${f.path}: ${f.message}`).join('; '),
  });
}

const toFieldErrors = (found: TsoaFields): FieldError[] =>
  Object.entries(found).flatMap(([path, problem]) => {
    const message = problem?.message ?? 'is not valid';
    const inUnion = closestOfUnion(message);
    return inUnion ? toFieldErrors(inUnion) : [toFieldError(path, message)];
  });

// For a type of several forms, mostly `X | null`, tsoa says what kept the value from being each of them, with the values.
// The form that got furthest is the one that was meant.
function closestOfUnion(message: string): TsoaFields | undefined {
  const issues = /^Could not match the union against any of the items\. Issues: (.*)$/s.exec(message)?.[1];
  if (!issues) return undefined;
  const forms = (JSON.parse(issues) as TsoaFields[]).filter((form) => !isOnlyNull(form));
  const depth = (form: TsoaFields) => Math.max(...Object.keys(form).map((path) => path.split('.').length));
  return forms.sort((a, b) => depth(b) - depth(a))[0];
}

const isOnlyNull = (form: TsoaFields): boolean =>
  Object.values(form).some((problem) => problem?.message === 'should be one of the following; [null]');

const uuidPattern = /^Not match in '\^\[0-9a-fA-F\]\{8\}-/;

function toFieldError(key: string, message: string): FieldError {
  const excess = /^"(.+)" is an excess property/.exec(message)?.[1];
  const place = key.replace(/^(requestBody|body|query)(\.|$)/, '').replace(/\.\$(\d+)/g, '[$1]') || 'body';
  if (excess) {
    const isNamed = place === excess || place.endsWith(`.${excess}`);
    const path = isNamed ? place : place === 'body' ? excess : `${place}.${excess}`;
    return { path, code: 'UNKNOWN_FIELD', message: 'is not a known field' };
  }
  // Blank text came in as empty text, and says no more than none.
  const missing = /is required$|^minLength 1$/.test(message);
  const tooLong = /^maxLength/.test(message);
  const said = missing ? 'is required' : uuidPattern.test(message) ? 'must be a UUID' : message.slice(0, 300);
  return {
    path: place,
    code: missing ? 'REQUIRED' : tooLong ? 'TOO_LONG' : 'INVALID',
    message: said,
  };
}

export const incompleteBody = () => new DomainError('malformed', 'REQUEST.INCOMPLETE', 'The body ended early');

const malformedJson = () =>
  new DomainError('malformed', 'REQUEST.MALFORMED_JSON', 'The body is not JSON', {
    detail: 'Send one JSON object, encoded as UTF-8 (RFC 8259).',
  });

function fromBodyParser(error: Error): DomainError | undefined {
  switch ((error as { type?: string }).type) {
    case 'entity.parse.failed':
    case 'entity.verify.failed':
      return malformedJson();
    case 'entity.too.large':
      return new DomainError('too-large', 'REQUEST.TOO_LARGE', 'The body is too large');
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new DomainError('unsupported-media-type', 'REQUEST.UNSUPPORTED_ENCODING', 'The encoding is not supported');
    case 'request.aborted':
    case 'request.size.invalid':
      return incompleteBody();
    default:
      if (error instanceof URIError) {
        return new DomainError('malformed', 'REQUEST.MALFORMED_PATH', 'The address is not valid');
      }
      return isUndecodable(error) ? undecodableBody() : undefined;
  }
}

// What the decoders of gzip, deflate and br throw has no type; the body parser lays it to the request, by `http-errors`.
const isUndecodable = (error: Error & { status?: unknown; expose?: unknown }): boolean =>
  error.status === 400 && error.expose === true;

const undecodableBody = () =>
  new DomainError('malformed', 'REQUEST.MALFORMED', 'This is not a valid HTTP request', {
    detail: 'The body is not what its Content-Encoding says.',
  });

const storeFaults: Record<StoreFault, [code: string, title: string, retryAfterSeconds: number]> = {
  away: ['STORAGE.UNAVAILABLE', 'The database cannot be reached', 5],
  locked: ['STORAGE.LOCKED', 'Somebody else is changing the same', 1],
};

// A database that is away, or full of others' locks, is not a defect of the request: 503. It may have gone after a commit.
function fromDatabase(error: Error, { method, headers }: Request): DomainError | undefined {
  const fault = storeFaultOf(error);
  if (!fault) return undefined;
  const [code, title, retryAfterSeconds] = storeFaults[fault];
  return new DomainError('unavailable', code, title, {
    retryAfterSeconds,
    detail: effectOf({ method, hasIdempotencyKey: headers['idempotency-key'] !== undefined }),
    cause: error,
  });
}
