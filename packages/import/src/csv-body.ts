import { requireRole } from '@cabinet/kit/access/authenticate';
import type { Role } from '@cabinet/kit/access/principal';
import { DomainError } from '@cabinet/kit/errors';
import { keepOwnBody } from '@cabinet/kit/http/body';
import express, { type RequestHandler, Router } from 'express';
import { decodeCsv } from './decode.js';

export interface CsvBodyOptions {
  path: string;
  /** Who may send a file; others are refused before any of it is read. */
  roles: Role[];
  /** Largest file, in bytes. */
  bytesMax?: number;
}

/**
 * Reads the file of `POST path` (Content-Type: text/csv) as text into `req.body`. To be mounted before JSON parsing.
 */
export function csvBody({ path, roles, bytesMax = 16 * 1024 * 1024 }: CsvBodyOptions): RequestHandler {
  const router = Router();
  const mayImport: RequestHandler = (req, _res, next) => {
    requireRole(req, roles);
    if (!req.is('text/csv')) {
      throw new DomainError('unsupported-media-type', 'IMPORT.NOT_CSV', 'The body must be a CSV file', {
        detail: 'Send it with Content-Type: text/csv; charset=utf-8.',
      });
    }
    next();
  };
  const decode: RequestHandler = (req, _res, next) => {
    const bytes = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    req.body = decodeCsv(bytes, charsetOf(req.get('content-type')));
    keepOwnBody(req);
    next();
  };
  router.post(path, mayImport, express.raw({ type: 'text/csv', limit: bytesMax }), decode);
  return router;
}

const charsetOf = (contentType = '') => /;\s*charset="?([^";\s]+)/i.exec(contentType)?.[1];
