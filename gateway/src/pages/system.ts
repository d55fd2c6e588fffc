import { identifyCaller, requireRole } from '@cabinet/kit/access/authenticate';
import type { Express } from 'express';
import type { PageParts } from './page-parts.js';

/** `GET /api/system`, for admins: which instances are known, how their services fare, and how old that knowledge is. */
export function serveSystem(app: Express, { routes, upstreams, resilience, registry, verifier }: PageParts): void {
  app.get('/api/system', identifyCaller(verifier), (req, res) => {
    requireRole(req, ['admin']);
    const names = new Set([...routes.services, ...upstreams.services()]);
    res.json({
      registry: registry(),
      services: [...names].sort().map((name) => {
        const policy = resilience.of(name);
        return {
          name,
          breaker: policy.state,
          retriesLeft: policy.budget.left,
          placesLeft: policy.placesLeft,
          instances: upstreams.of(name).map((upstream) => ({
            id: upstream.instance.id,
            origin: upstream.instance.origin,
            inFlight: upstream.inFlight,
            isSkipped: upstreams.isSkipped(upstream),
            ejections: upstream.ejections,
            zone: upstream.instance.zone,
            version: upstream.instance.version,
          })),
        };
      }),
    });
  });
}
