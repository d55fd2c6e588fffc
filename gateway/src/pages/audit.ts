import { identifyCaller, requireRole } from '@cabinet/kit/access/authenticate';
import { tidyAddress } from '@cabinet/kit/http/body';
import type { Express } from 'express';
import { addressee } from './ask-services.js';
import { latestFirst } from './latest-first.js';
import type { PageParts } from './page-parts.js';

/**
 * `GET /api/system/audit`, for admins: who saw or changed whose data, of all services (or of one, `service`), latest first, by
 * `subject`, `actor`, `action`, `from` and `to`. A service that cannot be asked is named among `unavailable`.
 */
export function serveAudit(app: Express, parts: PageParts): void {
  app.get('/api/system/audit', identifyCaller(parts.verifier), tidyAddress, async (req, res) => {
    requireRole(req, ['admin']);
    const { service: only, rest } = addressee(parts.routes.services, req.query);
    const query = rest as Record<string, string>;
    res.set('Cache-Control', 'no-store').json(await latestFirst(parts, req, { only, path: '/system/audit', query }));
  });
}
