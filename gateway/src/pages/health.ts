import { plainAddress } from '@cabinet/kit/http/network';
import { noSuchRoute } from '@cabinet/kit/http/no-such-route';
import type { Express, Request } from 'express';
import type { PageParts } from './page-parts.js';

/** `/health/live`, `/health/ready` with the age of what is known of the registry, and `/metrics` for those who may read it. */
export function serveHealth(app: Express, parts: PageParts): void {
  const { isReady, registry, metrics, metricsOfAll } = parts;
  app.get('/health/live', (_req, res) => {
    res.json({ status: 'UP' });
  });
  app.get('/health/ready', (_req, res) => {
    const ready = isReady();
    const { source, ageSeconds } = registry();
    res.status(ready ? 200 : 503).json({ status: ready ? 'UP' : 'DOWN', registry: { source, ageSeconds } });
  });
  app.get('/metrics', async (req, res, next) => {
    if (!isReader(req, parts)) return noSuchRoute(req, res, next);
    if (!metricsOfAll) return metrics.handler(req, res, next);
    res.type(metrics.registry.contentType).send(await metricsOfAll());
  });
}

/** What a proxy passed on is nobody's own connection, trusted or not: it may have come from anywhere. */
export function isReader(req: Request, { metricsReaders }: PageParts): boolean {
  const isPassedOn = Object.keys(req.headers).some((name) => /^(?:x-forwarded|x-real-ip|forwarded|via)/.test(name));
  return !isPassedOn && metricsReaders.has(plainAddress(req.socket.remoteAddress ?? ''));
}
