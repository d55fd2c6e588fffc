import { NotFound } from '@cabinet/kit/errors';
import type { Express, RequestHandler } from 'express';
import swaggerUi from 'swagger-ui-express';
import { keepSignedIn, signInAfterLogin } from './docs-login.js';
import { asServedHere, mergeDocuments, type OpenApiDocument } from './openapi.js';
import { createOpenApiReader } from './openapi-reader.js';
import type { PageParts } from './page-parts.js';

/**
 * One Swagger UI for all services that are running now, at `/docs`; their documents at `/openapi/<service>.json`, each
 * fetched from an instance, and all in one at `/openapi.json`.
 */
export function serveDocs(app: Express, parts: PageParts): void {
  const { services } = parts.routes;
  const read = createOpenApiReader(parts);
  const running = () => services.filter((service) => parts.upstreams.of(service).length > 0).sort();

  app.get('/openapi/:service.json', async (req, res) => {
    const { service } = req.params;
    if (!services.includes(service)) {
      throw new NotFound('GATEWAY.NO_SUCH_SERVICE', 'There is no service of this name');
    }
    res.json(asServedHere(await read(service)));
  });

  app.get('/openapi.json', async (_req, res) => {
    const documents = new Map<string, OpenApiDocument>();
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

  app.get(
    '/docs',
    toFolder,
    swaggerUi.setup(undefined, { explorer: true, customSiteTitle: 'Cabinet API', customCss: ' ' }),
  );
  app.get('/docs/swagger-ui-init.js', (req, res, next) => initScript(running())(req, res, next));
  app.use('/docs', ...swaggerUi.serve);
}

// The page names its files relative to itself.
const toFolder: RequestHandler = (req, res, next) => {
  if (req.path.endsWith('/')) next();
  else res.redirect(308, '/docs/');
};

/** Made for each reader, because the list of services is the one of now. */
function initScript(services: readonly string[]): RequestHandler {
  const [script] = swaggerUi.serveFiles(undefined, {
    explorer: true,
    swaggerOptions: {
      urls: [
        { name: 'all services', url: '/openapi.json' },
        ...services.map((name) => ({ name, url: `/openapi/${name}.json` })),
      ],
      displayRequestDuration: true,
      docExpansion: 'list',
      filter: true,
      responseInterceptor: signInAfterLogin,
      requestInterceptor: keepSignedIn,
    },
  });
  return script as RequestHandler;
}
