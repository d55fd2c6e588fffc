import { type Express, type RequestHandler, Router } from 'express';

/** Swagger UI at `/docs`, and the document itself at `/openapi.json`. */
export function serveDocs(app: Express, title: string, openapi: object): void {
  app.get('/openapi.json', (_req, res) => {
    res.json(openapi);
  });
  let page: Promise<RequestHandler> | undefined;
  app.use('/docs', async (req, res, next) => {
    page ??= docsPage(title, openapi);
    (await page)(req, res, next);
  });
}

// Loaded when somebody first looks: most instances of a service never show their documentation.
async function docsPage(title: string, openapi: object): Promise<RequestHandler> {
  const { default: swaggerUi } = await import('swagger-ui-express');
  const router = Router();
  const settings = {
    customSiteTitle: `Cabinet: ${title}`,
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true },
  };
  router.use(swaggerUi.serve, swaggerUi.setup(openapi, settings));
  return router;
}
