import { requireRole } from '@cabinet/kit/access/authenticate';
import type { Role } from '@cabinet/kit/access/principal';
import { DomainError } from '@cabinet/kit/errors';
import { keepOwnBody } from '@cabinet/kit/http/body';
import express, { type RequestHandler, Router } from 'express';

export interface PartBodyOptions {
  path: string;
  /** Who may send one; others are refused before any of it is read. */
  roles: Role[];
  /** Largest part, in bytes. */
  bytesMax: number;
  /** What another type of body is refused with. */
  refusal: { code: string; title: string };
}

const type = 'application/octet-stream';

/**
 * Reads the part of a file of `POST path` (Content-Type: application/octet-stream) into `req.body`, as text of which each character is
 * one byte (`Buffer.from(body, 'latin1')`): a part may end in the middle of a character. To be mounted before JSON parsing.
 */
export function partBody({ path, roles, bytesMax, refusal }: PartBodyOptions): RequestHandler {
  const router = Router();
  const maySend: RequestHandler = (req, _res, next) => {
    requireRole(req, roles);
    if (!req.is(type)) {
      throw new DomainError('unsupported-media-type', refusal.code, refusal.title, {
        detail: `Send it with Content-Type: ${type}.`,
      });
    }
    next();
  };
  const toText: RequestHandler = (req, _res, next) => {
    req.body = Buffer.isBuffer(req.body) ? req.body.toString('latin1') : '';
    keepOwnBody(req);
    next();
  };
  // Compressed on its way it could unfold to a thousand times as much.
  router.post(path, maySend, express.raw({ type, limit: bytesMax, inflate: false }), toText);
  return router;
}
