import { noSuchRoute } from '@cabinet/kit';
import type { Express, Request } from 'express';
import type { PageParts } from './page-parts.js';

/** `/health/live`, `/health/ready` with the age of what is known of the registry, and `/metrics` for this machine only. */
export function serveHealth(app: Express, { isReady, registry, metrics }: PageParts): void {
  app.get('/health/live', (_req, res) => {
    res.json({ status: 'UP' });
  });
  app.get('/health/ready', (_req, res) => {
    const ready = isReady();
    const { source, ageSeconds } = registry();
    res.status(ready ? 200 : 503).json({ status: ready ? 'UP' : 'DOWN', registry: { source, ageSeconds } });
  });
  app.get('/metrics', (req, res, next) =>
    isFromHere(req) ? metrics.handler(req, res, next) : noSuchRoute(req, res, next),
  );
}

// A proxy on this machine would make everybody look local, but it says that it is one.
function isFromHere(req: Request): boolean {
  const address = req.socket.remoteAddress ?? '';
  const isLocal = address === '::1' || /^(?:::ffff:)?127\./.test(address);
  return isLocal && !Object.keys(req.headers).some((name) => /^(?:x-forwarded|forwarded|via)/.test(name));
}
