import { apiHeaders } from '@cabinet/kit/http/api-headers';
import { noSuchRoute } from '@cabinet/kit/http/no-such-route';
import { problemExit } from '@cabinet/kit/http/problem';
import compression from 'compression';
import express, { type Express, type Response } from 'express';
import { serveAccesses } from './accesses.js';
import { serveAudit } from './audit.js';
import { serveDeadLetters } from './dead-letters.js';
import { serveDocs } from './docs.js';
import { serveExport } from './export.js';
import { serveHealth } from './health.js';
import { homePage } from './home-page.js';
import { notFoundPage } from './not-found.js';
import { servePageFailures } from './page-failures.js';
import type { PageParts } from './page-parts.js';
import { isAsBuilt, servePortal } from './portal.js';
import { serveStatus } from './status.js';
import { serveSystem } from './system.js';

/** The gateway's own pages; requests for services never come here. */
export function createPages(parts: PageParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use((_req, res, next) => {
    res.set({ ...apiHeaders, 'X-Frame-Options': 'DENY', 'Referrer-Policy': 'no-referrer' });
    next();
  });
  app.use(compression({ filter: (req, res) => !isAsBuilt(res as Response) && compression.filter(req, res) }));
  serveHealth(app, parts);
  serveStatus(app, parts);
  serveSystem(app, parts);
  serveDeadLetters(app, parts);
  serveAudit(app, parts);
  servePageFailures(app, parts);
  serveAccesses(app, parts);
  serveExport(app, parts);
  serveDocs(app, parts);
  if (parts.portalFolder) servePortal(app, parts.portalFolder);
  else app.get('/', homePage(parts));
  app.use(noSuchRoute);
  app.use(notFoundPage(parts));
  app.use(problemExit(parts.log));
  return app;
}
