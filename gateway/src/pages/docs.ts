import { readFileSync } from 'node:fs';
import { NotFound } from '@cabinet/kit/errors';
import { type Docs, sendDocs, servePageFiles } from '@cabinet/kit/http/docs';
import { html } from '@cabinet/kit/pages/html';
import type { Express, Request, Response } from 'express';
import { frameFor } from './frame.js';
import { asServedHere, mergeDocuments, type OpenApiDocument } from './openapi.js';
import { createOpenApiReader } from './openapi-reader.js';
import type { PageParts } from './page-parts.js';

/**
 * The API of all services that are running now at `/docs`, of each at `/docs/<service>`; their documents at
 * `/openapi/<service>.json`, each fetched from an instance, and all in one at `/openapi.json`. The gateway's own
 * operations are among them.
 */
export function serveDocs(app: Express, parts: PageParts): void {
  const own: OpenApiDocument = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));
  const { services } = parts.routes;
  const read = createOpenApiReader(parts);
  const running = () => services.filter((service) => parts.upstreams.of(service).length > 0).sort();
  const assertKnown = (name: string) => {
    if (name === gateway || services.includes(name)) return;
    throw new NotFound('GATEWAY.NO_SUCH_SERVICE', 'There is no service of this name');
  };

  app.get('/openapi/:service.json', async (req, res) => {
    const { service } = req.params;
    assertKnown(service);
    res.json(service === gateway ? own : asServedHere(await read(service)));
  });

  app.get('/openapi.json', async (_req, res) => {
    const documents = new Map([[gateway, own]]);
    const missing = services.filter((service) => !running().includes(service));
    await Promise.all(
      running().map(async (service) => {
        try {
          documents.set(service, await read(service));
        } catch (error) {
          parts.log.warn({ err: error, service }, 'no API document to be had');
          missing.push(service);
        }
      }),
    );
    res.json(mergeDocuments(documents, missing.sort()));
  });

  servePageFiles(app);
  const show = (req: Request, res: Response, shown: Pick<Docs, 'title' | 'document' | 'path'>) => {
    const each = [gateway, ...running()].map((name) => ({ name, path: `/docs/${name}` }));
    sendDocs(res, { frame: frameFor(req, parts), intro, others: [{ name: 'all', path: '/docs' }, ...each], ...shown });
  };
  app.get('/docs', (req, res) => {
    show(req, res, { title: 'API of the practice', document: '/openapi.json', path: '/docs' });
  });
  app.get('/docs/:service', (req, res) => {
    const { service } = req.params;
    assertKnown(service);
    show(req, res, { title: `API of ${service}`, document: `/openapi/${service}.json`, path: `/docs/${service}` });
  });
}

const gateway = 'gateway';

const intro = html`To read and to try out. What needs a sign-in works after <code>POST /api/auth/login</code>: this page
then sends the token along until it is left.`;
