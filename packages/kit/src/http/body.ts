import express, { type Request, type RequestHandler, Router } from 'express';
import { DomainError, type FieldError, InvalidInput } from '../errors.js';

export interface BodyRules {
  /** Largest JSON body accepted, in bytes. */
  jsonBytesMax?: number;
}

/** Parses JSON bodies and refuses what no operation accepts: other media types (415), huge ones (413), control characters. */
export function readBodies({ jsonBytesMax = 256 * 1024 }: BodyRules = {}): RequestHandler {
  const router = Router();
  router.use((req: OwnBody, _res, next) => (req[ownBody] ? next('router') : next()));
  router.use(onlyJson);
  router.use(express.json({ limit: jsonBytesMax, strict: true, type: jsonTypes }));
  router.use(noControlCharacters);
  return router;
}

const ownBody = Symbol('own body');
type OwnBody = Request & { [ownBody]?: boolean };

/** Says that a route has read and checked the body by itself; it is then left as it is. */
export function keepOwnBody(req: Request): void {
  (req as OwnBody)[ownBody] = true;
}

const jsonTypes = ['application/json', 'application/cloudevents+json'];

// A route that takes something else (a CSV import) reads its own body and is mounted before this.
const onlyJson: RequestHandler = (req, _res, next) => {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (hasBody && !req.is(jsonTypes)) {
    return next(
      new DomainError('unsupported-media-type', 'REQUEST.NOT_JSON', 'The body must be JSON', {
        detail: 'Send Content-Type: application/json.',
      }),
    );
  }
  next();
};

const forbidden = /[[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069]--[\t\n\r]]/v;

/** True for text with NUL, control, bidirectional-override or lone surrogate characters; tab and line ends are fine. */
export const hasControlCharacter = (text: string): boolean => forbidden.test(text);

const noControlCharacters: RequestHandler = (req, _res, next) => {
  const fields: FieldError[] = [];
  collect(req.body, '', fields, 0);
  for (const [name, value] of Object.entries(req.query)) collect(value, name, fields, 0);
  next(
    fields.length > 0
      ? new InvalidInput(fields, 'REQUEST.CONTROL_CHARACTER', 'Control characters are not allowed')
      : undefined,
  );
};

const depthMax = 32;

function collect(value: unknown, path: string, fields: FieldError[], depth: number): void {
  if (depth > depthMax) throw new DomainError('malformed', 'REQUEST.TOO_DEEP', 'The body is nested too deeply');
  if (typeof value === 'string') {
    if (hasControlCharacter(value))
      fields.push({ path, code: 'CONTROL_CHARACTER', message: 'has a control character' });
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      collect(item, `${path}[${index}]`, fields, depth + 1);
    });
  } else if (value !== null && typeof value === 'object') {
    for (const [name, item] of Object.entries(value)) {
      if (hasControlCharacter(name))
        fields.push({ path, code: 'CONTROL_CHARACTER', message: 'has a field name with one' });
      collect(item, path ? `${path}.${name}` : name, fields, depth + 1);
    }
  }
}
