import { createHash, createHmac } from 'node:crypto';
import { noteKeptFromGuardians } from '@cabinet/access/family';
import { callerOf } from '@cabinet/kit/access/authenticate';
import { DomainError, invalidField } from '@cabinet/kit/errors';
import { currentContext, type RequestContext } from '@cabinet/kit/http/request-context';
import type { Logger } from '@cabinet/kit/observe/log';
import type { RequestHandler, Response } from 'express';
import { noteReason, noteSubjects } from '../audit/subjects.js';
import { beforeAnswer } from './before-answer.js';
import { type End, HeldClaims, type Holding } from './held-claims.js';
import { type IdempotencyStore, inFlight, type KeptAnswer } from './kept-answers.js';
import { inOrder } from './pages.js';

export interface IdempotencyOptions extends Holding {
  /** True for an operation whose answers are kept; all are when it is left out. */
  honours?: (method: string, path: string) => boolean;
  /**
   * Keys the digest of a body: where bodies hold secrets (passwords, what opens a calendar), a plain digest of one could be
   * tried against guesses by whoever reads the table.
   */
  digestKey?: Buffer;
}

/**
 * Honours `Idempotency-Key` on POST (draft-ietf-httpapi-idempotency-key-header): the same key and body get the first
 * answer again, another body is 422, a first request still running is 409. The claim is its handler's until that has
 * ended, whether or not the caller still waits. What refuses access (401, 403, 404) and faults (500 and above) are not
 * kept, nor is anything for a caller who is not known. After a fault a repeat finds what its first try created or changed.
 */
export function idempotency(
  store: IdempotencyStore,
  service: { log: Logger; closers: AsyncDisposableStack },
  { honours = () => true, digestKey, ...holding }: IdempotencyOptions = {},
): RequestHandler {
  const held = new HeldClaims(store, service.log, holding);
  service.closers.defer(() => held.stop());
  return async (req, res, next) => {
    const header = req.get('idempotency-key');
    const caller = callerOf(req);
    const context = currentContext();
    if (req.method !== 'POST' || header === undefined || !caller || !honours(req.method, req.path)) return next();
    const operation = `${req.method} ${req.baseUrl}${req.url}`;
    const claim = await store.claim(
      { caller: caller.id, operation, key: wellFormed(header) },
      hashOf(req.body, digestKey),
    );
    switch (claim.kind) {
      case 'in-flight':
        throw inFlight();
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
        noteReason(claim.answer);
        if (claim.answer.isKeptFromGuardians) noteKeptFromGuardians();
        res.status(claim.answer.status).set(claim.answer.headers).set('Idempotency-Replayed', 'true');
        return void res.send(claim.answer.body);
      case 'first':
        held.hold(claim.claim);
        if (context) context.claim = claim.claim;
        keepAnswer(res, (end) => held.end(claim.claim, end));
        return next();
      default:
        return claim satisfies never;
    }
  };
}

/** Gives the answer to `keep` before it is sent, so that whoever has seen it gets it again. */
function keepAnswer(res: Response, keep: (end: End) => Promise<void>): void {
  const context = currentContext();
  beforeAnswer(res, async ({ status, text }) => {
    if (status >= 500) await keep('failed');
    else if (accessRefusals.includes(status)) await keep('refused');
    else await keep({ ...toAnswer(res, text()), ...whyAndOf(context) });
    return undefined;
  });
}

const accessRefusals = [401, 403, 404];

const keptHeaders = ['etag', 'location', 'content-type'];

const whyAndOf = ({ subjects = new Set(), purpose, onBehalfOf, access }: Partial<RequestContext> = {}) => ({
  subjects: [...subjects],
  purpose,
  onBehalfOf: onBehalfOf ?? undefined,
  isKeptFromGuardians: access?.isKeptFromGuardians,
});

function toAnswer(res: Response, body: string): KeptAnswer {
  const headers: Record<string, string> = {};
  for (const name of keptHeaders) {
    const value = res.getHeader(name);
    if (value !== undefined) headers[name] = String(value);
  }
  return { status: res.statusCode, headers, body };
}

function wellFormed(header: string): string {
  const key = header.trim().replace(/^"(.*)"$/, '$1');
  const isHalfQuoted = key.startsWith('"') || key.endsWith('"');
  if (isHalfQuoted || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw invalidField(
      'Idempotency-Key',
      'INVALID',
      'must be 1 to 255 visible ASCII characters, with a quote on both ends or on neither; a UUID is best',
    );
  }
  return key;
}

const hashOf = (body: unknown, digestKey?: Buffer): string =>
  (digestKey ? createHmac('sha256', digestKey) : createHash('sha256'))
    .update(JSON.stringify(body ?? null, inOrder))
    .digest('hex');
