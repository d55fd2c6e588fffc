import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import type { Express, Request, Response } from 'express';
import { ownPages } from '../route-table.js';
import { chooseCoding } from './coding.js';
import { type PortalFile, readPortalFiles } from './portal-files.js';

// The portal runs nothing but its own files, and talks to nobody but this gateway.
const portalHeaders = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Resource-Policy': 'same-origin',
  // A card with a QR code is read by the camera, and nothing else of a device is needed.
  'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), payment=(), usb=()',
};

/**
 * The portal's files at `/`, as its build has compressed them. Those in `assets` carry a hash of their content in their
 * names, so they may be kept for ever; everything else is asked for again. Addresses that are the portal's own places, such
 * as `/agenda`, get its page.
 */
export function servePortal(app: Express, folder: string): void {
  const files = readPortalFiles(folder);
  const page = files.get('/index.html') as PortalFile;
  app.use((req, res, next) => {
    if (!['GET', 'HEAD'].includes(req.method)) return next();
    const file = files.get(req.path);
    if (file) return send(req, res, file);
    // Such as a script of the build before, for a page that was opened then: it hears that it is gone, and nobody keeps that.
    if (!isPlace(req)) {
      res.set('Cache-Control', 'no-store');
      return next();
    }
    res.vary('Accept').vary('Sec-Fetch-Mode');
    send(req, res, page);
  });
}

/** What the build has compressed needs no more of it. */
export const isAsBuilt = (res: Response): boolean => res.locals.isAsBuilt === true;

/** Where the issuer leads back to: also a page that asks, without leaving, whether somebody is signed in at this browser. */
const signedInPath = '/signed-in';

const notPlaces = new RegExp(`^(?:/assets|/api|/fhir|/\\.well-known|${ownPages.join('|')})(?:[/.]|$)`);

/** Whether somebody goes to a place of the portal: a browser asks for a page, where no other page or operation is. */
function isPlace(req: Request): boolean {
  // Whoever looks whether the practice answers asks for anything.
  if (req.path === '/') return req.accepts('html') !== false;
  if (notPlaces.test(req.path) || req.accepts(['json', 'html']) !== 'html') return false;
  if (req.path === signedInPath) return true;
  const mode = req.get('sec-fetch-mode');
  return mode ? mode === 'navigate' : !/\.\w+$/.test(req.path);
}

function send(req: Request, res: Response, { type, isForEver, variants }: PortalFile): void {
  const coding = chooseCoding(req.get('accept-encoding'), [...variants.keys()]);
  const variant = variants.get(coding);
  if (!variant) throw new Error(`${type} is there compressed only`);
  res.locals.isAsBuilt = true;
  res.set({ ...portalHeaders, ETag: variant.etag });
  res.set('Cache-Control', isForEver ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (variants.size > 1) res.vary('Accept-Encoding');
  if (req.fresh) {
    res.status(304).end();
    return;
  }
  res.set({ 'Content-Type': type, 'Content-Length': String(variant.bytes) });
  if (coding !== 'identity') res.set('Content-Encoding', coding);
  if (req.method === 'HEAD') {
    res.end();
    return;
  }
  // Whoever goes away meanwhile misses nothing; a file that is gone ends the answer short of its length.
  pipeline(createReadStream(variant.file), res, () => undefined);
}
