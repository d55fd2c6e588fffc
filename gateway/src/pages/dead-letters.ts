import { identifyCaller, requireRole } from '@cabinet/kit/access/authenticate';
import { readBodies, tidyAddress } from '@cabinet/kit/http/body';
import { anyFilter, oneFilter } from '@cabinet/kit/http/dead-letter-filter';
import type { Express } from 'express';
import { type Answers, addressee, askServices } from './ask-services.js';
import type { PageParts } from './page-parts.js';

/** Where each service has its own. */
const own = '/system/dead-letters';
const bodyBytesMax = 16 * 1024;

/**
 * `GET /api/system/dead-letters`, for admins: the events that services could not handle, of all services and by reason;
 * `POST .../replay` and `.../drop` let those of a reason, or one, go again or go away. A service that cannot be asked is named
 * among `unavailable`, and never counted as one that keeps none.
 */
export function serveDeadLetters(app: Express, parts: PageParts): void {
  const path = '/api/system/dead-letters';
  const { services } = parts.routes;
  app.use(path, (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  app.use(path, identifyCaller(parts.verifier), tidyAddress, (req, _res, next) => {
    requireRole(req, ['admin']);
    next();
  });
  app.get(path, async (req, res) => {
    const { service, rest } = addressee(services, req.query);
    const query = new URLSearchParams({ ...anyFilter(rest) }).toString();
    const { answers, unavailable } = await askServices(parts, req, {
      only: service,
      path: `${own}${query ? `?${query}` : ''}`,
    });
    res.json({ reasons: listOf(answers, 'reasons'), items: listOf(answers, 'items'), unavailable });
  });
  const read = readBodies({ jsonBytesMax: bodyBytesMax, valuesMax: 20 });
  app.post(`${path}/replay`, read, async (req, res) => {
    const { service, rest } = addressee(services, req.body);
    const { answers, unavailable } = await askServices(parts, req, {
      only: service,
      path: `${own}/replay`,
      body: oneFilter(rest),
    });
    // What is not signed by whom it names stays, whatever is asked: else nobody would know why nothing went again.
    const more = [...answers].flatMap(([service, answer]) => (answer.more === true ? [service] : []));
    res.status(202).json({ counts: by(answers, 'count'), notGenuine: by(answers, 'notGenuine'), more, unavailable });
  });
  app.post(`${path}/drop`, read, async (req, res) => {
    const { service, rest } = addressee(services, req.body);
    const { answers, unavailable } = await askServices(parts, req, {
      only: service,
      path: `${own}/drop`,
      body: oneFilter(rest),
    });
    res.json({ counts: by(answers, 'count'), unavailable });
  });
}

const by = (answers: Answers, count: string) =>
  Object.fromEntries([...answers].map(([service, answer]) => [service, answer[count]]));

const listOf = (answers: Answers, list: string) =>
  [...answers].flatMap(([service, answer]) => {
    const items = Array.isArray(answer[list]) ? (answer[list] as object[]) : [];
    return items.map((item) => ({ service, ...item }));
  });
