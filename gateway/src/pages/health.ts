import { plainAddress } from '@cabinet/kit/http/network';
import { noSuchRoute } from '@cabinet/kit/http/no-such-route';
import type { Express, Request } from 'express';
import { callerOf } from '../limits/caller-address.js';
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

// A proxy that is not trusted makes everybody look as if they called from where it runs, but it says that it is one.
export function isReader(req: Request, { metricsReaders, trustedProxies }: PageParts): boolean {
  const { address } = callerOf(req, trustedProxies);
  const isPassedOn = Object.keys(req.headers).some((name) => /^(?:x-forwarded|forwarded|via)/.test(name));
  const isByTrusted = trustedProxies.has(plainAddress(req.socket.remoteAddress ?? ''));
  return metricsReaders.has(address) && (!isPassedOn || isByTrusted);
}
