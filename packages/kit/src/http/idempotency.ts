import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { callerOf } from '../access/authenticate.js';
import { noteSubjects } from '../audit/trail.js';
import { Conflict, DomainError, invalidField } from '../errors.js';
import type { Logger } from '../observe/log.js';
import { currentContext } from './request-context.js';

/** The first answer to a request, kept so that a repeat gets it again. */
export interface KeptAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** The patients whose data is in it, for the audit trail. */
  subjects?: string[];
}

export interface IdempotencyKey {
  /** Who sent it: keys of two callers never meet. */
  caller: string;
  /** Method and address with its query, which may say what the body does not (`?acceptDuplicate=true`). */
  operation: string;
  key: string;
}

export type Claim =
  | { kind: 'first' }
  | { kind: 'in-flight' }
  | { kind: 'other-body' }
  | { kind: 'done'; answer: KeptAnswer };

/** Where keys are kept, 24 hours at least. A claim that was never completed lapses after a minute. */
export interface IdempotencyStore {
  claim(key: IdempotencyKey, bodyHash: string): Promise<Claim>;
  complete(key: IdempotencyKey, answer: KeptAnswer): Promise<void>;
  release(key: IdempotencyKey): Promise<void>;
}

const keptHeaders = ['etag', 'location', 'content-type'];

/**
 * Honours `Idempotency-Key` on POST (draft-ietf-httpapi-idempotency-key-header): the same key and body get the first
 * answer again, another body is 422, a first request still running is 409. Answers of 500 and above are not kept.
 */
export function idempotency(store: IdempotencyStore, log: Logger): RequestHandler {
  return async (req, res, next) => {
    const header = req.get('idempotency-key');
    if (req.method !== 'POST' || header === undefined) return next();
    const key: IdempotencyKey = {
      caller: callerOf(req)?.id ?? 'anonymous',
      operation: `${req.method} ${req.originalUrl}`,
      key: wellFormed(header),
    };
    const claim = await store.claim(key, hashOf(req.body));
    switch (claim.kind) {
      case 'in-flight':
        throw new Conflict('REQUEST.IN_FLIGHT', 'The first request with this Idempotency-Key is still running', {
          retryAfterSeconds: 1,
        });
      case 'other-body':
        throw new DomainError(
          'invalid',
          'REQUEST.IDEMPOTENCY_KEY_REUSED',
          'This Idempotency-Key was used for another request',
          {
            detail: 'Use a new key for a new request.',
          },
        );
      case 'done':
        noteSubjects(...(claim.answer.subjects ?? []));
        res.status(claim.answer.status).set(claim.answer.headers).set('Idempotency-Replayed', 'true');
        return void res.send(claim.answer.body);
      case 'first':
        return keepAnswer();
      default:
        return claim satisfies never;
    }

    // The answer is stored before it is sent, so that whoever has seen it gets it again.
    function keepAnswer(): void {
      const send = res.send.bind(res);
      res.send = (body) => {
        res.send = send;
        if (typeof body === 'object' && body !== null && !Buffer.isBuffer(body)) return res.send(body);
        const keep = res.statusCode < 500 ? store.complete(key, toAnswer(body)) : store.release(key);
        keep.catch((error) => log.error({ err: error }, 'idempotency key not kept')).finally(() => send(body));
        return res;
      };
      res.on('close', () => {
        if (!res.writableEnded)
          store.release(key).catch((error) => log.error({ err: error }, 'idempotency key not released'));
      });
      next();
    }

    function toAnswer(body: unknown): KeptAnswer {
      const headers: Record<string, string> = {};
      for (const name of keptHeaders) {
        const value = res.getHeader(name);
        if (value !== undefined) headers[name] = String(value);
      }
      const subjects = [...(currentContext()?.subjects ?? [])];
      return { status: res.statusCode, headers, body: body === undefined ? '' : String(body), subjects };
    }
  };
}

function wellFormed(header: string): string {
  const key = header.trim().replace(/^"(.*)"$/, '$1');
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw invalidField('Idempotency-Key', 'INVALID', 'must be 1 to 255 visible ASCII characters; a UUID is best');
  }
  return key;
}

const hashOf = (body: unknown) =>
  createHash('sha256')
    .update(JSON.stringify(body ?? null))
    .digest('hex');
