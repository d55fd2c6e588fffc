import type { Express } from 'express';
import swaggerUi from 'swagger-ui-express';

/** Swagger UI at `/docs`, and the document itself at `/openapi.json`. */
export function serveDocs(app: Express, title: string, openapi: object): void {
  app.get('/openapi.json', (_req, res) => {
    res.json(openapi);
  });
  app.use(
    '/docs',
    swaggerUi.serve,
    swaggerUi.setup(openapi, {
      customSiteTitle: `Cabinet: ${title}`,
      swaggerOptions: { persistAuthorization: true, displayRequestDuration: true },
    }),
  );
}
