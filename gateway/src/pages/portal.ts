import { join } from 'node:path';
import express, { type Express, type RequestHandler, type Response } from 'express';

// The portal runs nothing but its own files, and talks to nobody but this gateway.
const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The portal's files at `/`. Those in `assets` carry a hash of their content in their names, so they may be kept for ever;
 * everything else is asked for again. Addresses that are the portal's own places, such as `/agenda`, get its page.
 */
export function servePortal(app: Express, folder: string): void {
  const setHeaders = (res: Response, file: string) => {
    const isForEver = file.startsWith(join(folder, 'assets'));
    res.setHeader('Cache-Control', isForEver ? 'public, max-age=31536000, immutable' : 'no-cache');
    res.setHeader('Content-Security-Policy', contentSecurityPolicy);
  };
  app.use(express.static(folder, { setHeaders, redirect: false }));
  app.use(pageOfPortal(folder, setHeaders));
}

/** Only where a browser asks for a page: an address of the API or a file that does not exist stays unknown. */
const pageOfPortal =
  (folder: string, setHeaders: (res: Response, file: string) => void): RequestHandler =>
  (req, res, next) => {
    const isPage = ['GET', 'HEAD'].includes(req.method) && req.accepts(['json', 'html']) === 'html';
    if (!isPage || /^\/(?:api|fhir|openapi|assets)(?:[/.]|$)|\.\w+$/.test(req.path)) return next();
    const file = join(folder, 'index.html');
    setHeaders(res, file);
    res.sendFile(file, { cacheControl: false });
  };
