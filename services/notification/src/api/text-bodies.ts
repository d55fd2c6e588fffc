import { invalidField } from '@cabinet/kit/errors';
import { keepOwnBody } from '@cabinet/kit/http/body';
import express, { type RequestHandler, Router } from 'express';
import { BodyNotTaken } from '../domain/errors.js';

const form = 'application/x-www-form-urlencoded';
/** What the gateway lets through of who is not known. */
const bytesMax = 8 * 1024;

/** What a mail client posts for whoever clicks (RFC 8058, section 3.1). */
export const oneClick = ['List-Unsubscribe', 'One-Click'] as const;

/**
 * Reads the bodies of those who speak no JSON, as text of which each character is one byte (`Buffer.from(body, 'latin1')`): of
 * providers, and of mail clients. To be mounted before JSON parsing.
 */
export function textBodies(): RequestHandler {
  const router = Router();
  router.post('/api/notifications/receipts/twilio', ...reading(form));
  router.post('/api/notifications/receipts/ovhcloud', ...reading(form));
  router.post('/api/notifications/receipts/mail', ...reading('message/rfc822'));
  router.post('/api/notifications/unsubscribe/:token', ...reading(form, 'multipart/form-data'));
  router.post('/api/notifications/links/:token', ...reading(form));
  return router;
}

function reading(...types: string[]): RequestHandler[] {
  const isTaken: RequestHandler = (req, _res, next) => {
    const isEmpty = req.is(types) === null || req.headers['content-length'] === '0';
    if (!isEmpty && !req.is(types)) throw new BodyNotTaken(types);
    next();
  };
  const toText: RequestHandler = (req, _res, next) => {
    req.body = Buffer.isBuffer(req.body) ? req.body.toString('latin1') : '';
    keepOwnBody(req);
    next();
  };
  // Compressed on its way it could unfold to a thousand times as much.
  return [isTaken, express.raw({ type: types, limit: bytesMax, inflate: false }), toText];
}

/** @throws InvalidInput (422) for what nobody has clicked: those who look through mails may post as well */
export function assertOneClick(body: string): void {
  const [name, value] = oneClick;
  const inForm = new URLSearchParams(body).get(name) === value;
  const inParts = new RegExp(`name="?${name}"?[^\\r\\n]*(?:\\r?\\n[^\\r\\n]+)*\\r?\\n\\r?\\n${value}\\r?\\n`, 'i');
  if (!inForm && !inParts.test(body)) throw invalidField(name, 'REQUIRED', `must be ${value}`);
}
