import { AsyncResource } from 'node:async_hooks';
import { isUtf8 } from 'node:buffer';
import { parse, stringify } from 'node:querystring';
import express, { type Request, type RequestHandler, Router } from 'express';
import { identifyAgain } from '../access/authenticate.js';
import { DomainError, InvalidInput } from '../errors.js';
import { Door } from './door.js';
import { nameGivenTwice } from './names-once.js';
import { incompleteBody } from './problem.js';

export interface BodyRules {
  /** Largest JSON body accepted, in bytes. */
  jsonBytesMax?: number;
  /** Values and names in a JSON body at most. */
  valuesMax?: number;
  /** Names of fields that are secrets, taken exactly as they were sent. */
  secrets?: readonly string[];
}

/**
 * Parses JSON bodies and refuses what no operation accepts: other media types (415), huge ones (413), bytes that are not
 * UTF-8 (400), control characters, a name that is given twice and more values than anybody has to say (422). Texts are tidied and ids written in small
 * letters, so that everything behind it sees one form of each. Then it is asked again who calls: a body may come long after
 * its head, and whoever was signed out meanwhile does nothing with it.
 */
export function readBodies({
  jsonBytesMax = 256 * 1024,
  valuesMax = 5_000,
  secrets = [],
}: BodyRules = {}): RequestHandler {
  const reading = Router();
  reading.use((req: OwnBody, _res, next) => (req[ownBody] ? next('router') : next()));
  reading.use(emptyAfterAll);
  reading.use(onlyJson);
  reading.use(express.json({ limit: jsonBytesMax, strict: true, type: jsonTypes, verify: keepText }));
  reading.use((req: WithText, _res, next) => {
    // A caller who has gone before their body was read is passed on without one, as if they had sent none.
    if (hasBody(req) && req.body === undefined) throw incompleteBody();
    const door = new Door(valuesMax, new Set(secrets));
    req.body = door.tidied(req.body);
    door.throwIfRefused();
    assertNamedOnce(req[text] ?? '');
    next();
  });
  return Router().use(reading, (req, res, next) => (hasBody(req) ? identifyAgain(req, res, next) : next()));
}

const ownBody = Symbol('own body');
type OwnBody = Request & { [ownBody]?: boolean };

/** Says that a route has read and checked the body by itself; it is then left as it is. */
export function keepOwnBody(req: Request): void {
  (req as OwnBody)[ownBody] = true;
}

const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * Whoever passes a request on before they know whether it has a body announces one, of no type, and may send none (RFC 9112, 7.1):
 * a busy sidecar does so with a GET.
 */
const emptyAfterAll: RequestHandler = (req, _res, next) => {
  if (req.headers['transfer-encoding'] === undefined || req.headers['content-type'] !== undefined) return next();
  // As part of this request, though the socket calls.
  const goOn = AsyncResource.bind(() => {
    req.off('readable', look).off('end', isEmpty);
    next();
  });
  const look = () => {
    const first = req.read();
    if (first === null) return;
    req.unshift(first);
    goOn();
  };
  const isEmpty = () => {
    delete req.headers['transfer-encoding'];
    goOn();
  };
  req.on('readable', look).on('end', isEmpty);
};

const jsonTypes = ['application/json', 'application/cloudevents+json'];

// A route that takes something else (a CSV import) reads its own body and is mounted before this.
const onlyJson: RequestHandler = (req, res, next) => {
  if (!hasBody(req)) return next();
  if (!req.is(jsonTypes)) {
    // RFC 5789 3.1. Of a merge patch (RFC 7396) an address would be merged line by line; here it is replaced.
    if (req.method === 'PATCH') res.set('Accept-Patch', 'application/json');
    throw new DomainError('unsupported-media-type', 'REQUEST.NOT_JSON', 'The body must be JSON', {
      detail: 'Send Content-Type: application/json.',
    });
  }
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(req.headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8') {
    throw new DomainError('unsupported-media-type', 'REQUEST.UNSUPPORTED_ENCODING', 'The encoding is not supported', {
      detail: 'Send JSON in UTF-8 (RFC 8259 8.1).',
    });
  }
  next();
};

const text = Symbol('text of the body');
type WithText = Request & { [text]?: string };

function keepText(req: WithText, _res: unknown, body: Buffer): void {
  if (!isUtf8(body)) throw new Error('not UTF-8');
  req[text] = body.toString();
}

function assertNamedOnce(json: string): void {
  const path = nameGivenTwice(json);
  if (path === undefined) return;
  throw new InvalidInput(
    [{ path, code: 'REPEATED', message: 'is given more than once' }],
    'REQUEST.REPEATED_FIELD',
    'A field is given more than once',
  );
}

/**
 * Writes the ids of an address in small letters and tidies the values of its query, each of which comes once.
 * @throws URIError (400) for bytes that are not UTF-8, which would be read as characters that nobody has sent
 */
export const tidyAddress: RequestHandler = (req, _res, next) => {
  assertUtf8(req.url);
  const [path = '', query] = req.url.split(/\?(.*)/s, 2);
  const door = new Door(valuesOfQueryMax);
  const tidyPath = path.replace(/[^/]+/g, (segment) => door.idIn(segment) ?? segment);
  const values = query === undefined ? {} : parse(query);
  const tidy = door.tidied(values);
  door.throwIfRefused();
  assertGivenOnce(values);
  if (tidyPath !== path || !isSame(tidy, values)) req.url = tidyPath + (query ? `?${stringify(tidy)}` : '');
  next();
};

// No operation takes a list there, and of two values two readers could believe another one each.
function assertGivenOnce(query: NodeJS.Dict<string | string[]>): void {
  const repeated = Object.keys(query).filter((name) => Array.isArray(query[name]));
  if (repeated.length === 0) return;
  throw new InvalidInput(
    repeated.map((path) => ({ path, code: 'REPEATED', message: 'is given more than once' })),
    'REQUEST.REPEATED_PARAMETER',
    'A parameter is given more than once',
  );
}

function assertUtf8(address: string): void {
  if (/[^\x21-\x7e]/.test(address)) throw new URIError('not in ASCII (RFC 3986, section 2)');
  for (const [bytes] of address.matchAll(/(?:%[\da-f]{2})+/gi)) decodeURIComponent(bytes);
}

const valuesOfQueryMax = 1_000;

const isSame = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
