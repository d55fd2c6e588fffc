import { identifyCaller, readBodies, requireRole } from '@cabinet/kit';
import type { Express, Request } from 'express';
import { Errand } from '../proxy/errand.js';
import { UpstreamFault } from '../proxy/faults.js';
import { routedServices } from '../routes.js';
import type { PageParts } from './page-parts.js';

/** What a service that keeps dead letters answers, and what to ask it for. */
type Answers = Map<string, Record<string, unknown>>;

const partMsMax = 5_000;
const bodyBytesMax = 16 * 1024;

/**
 * `GET /api/system/dead-letters`, for admins: the events that services could not handle, of all services and by reason;
 * `POST .../replay` and `.../drop` let those of a reason, or one, go again or go away. A service that cannot be asked is named
 * among `unavailable`, and never counted as one that keeps none.
 */
export function serveDeadLetters(app: Express, parts: PageParts): void {
  const path = '/api/system/dead-letters';
  app.use(path, identifyCaller(parts.verifier), (req, _res, next) => {
    requireRole(req, ['admin']);
    next();
  });
  app.get(path, async (req, res) => {
    const { service, ...filter } = req.query as Record<string, string>;
    const query = new URLSearchParams(filter).toString();
    const { answers, unavailable } = await askAll(parts, req, service, 'GET', query ? `?${query}` : '');
    res.json({ reasons: listOf(answers, 'reasons'), items: listOf(answers, 'items'), unavailable });
  });
  app.post(
    [`${path}/replay`, `${path}/drop`],
    readBodies({ jsonBytesMax: bodyBytesMax, valuesMax: 20 }),
    async (req, res) => {
      const { service, ...filter } = (req.body ?? {}) as Record<string, string>;
      const { answers, unavailable } = await askAll(parts, req, service, 'POST', req.path.slice(path.length), filter);
      const counts = [...answers].map(([name, { count }]) => [name, count]);
      res.status(req.path.endsWith('replay') ? 202 : 200).json({ counts: Object.fromEntries(counts), unavailable });
    },
  );
}

const listOf = (answers: Answers, list: string) =>
  [...answers].flatMap(([service, answer]) => {
    const items = Array.isArray(answer[list]) ? (answer[list] as object[]) : [];
    return items.map((item) => ({ service, ...item }));
  });

/** Asks the named service, or every one that is there; one without dead letters of its own says that there is no such page. */
async function askAll(
  { forwarder, upstreams }: PageParts,
  req: Request,
  only: string | undefined,
  method: string,
  rest: string,
  body?: object,
) {
  const present = routedServices.filter((service) => upstreams.of(service).length > 0);
  const asked = only === undefined ? present : [only].filter((service) => routedServices.includes(service));
  const answers: Answers = new Map();
  const unavailable: { service: string; code: string }[] = [];
  const bytes = body && Buffer.from(JSON.stringify(body));
  const headers = ['authorization', req.get('authorization') ?? '', 'accept', 'application/json'];
  if (bytes) headers.push('content-type', 'application/json', 'content-length', String(bytes.length));
  await Promise.all(
    asked.map(async (service) => {
      const errand = new Errand(method);
      const limit = setTimeout(() => errand.end(new UpstreamFault('late')), partMsMax);
      try {
        const answer = await forwarder.fetch(errand, service, `/system/dead-letters${rest}`, headers, bytes);
        const isGiven = answer.status < 300 && answer.body !== undefined;
        if (isGiven) answers.set(service, JSON.parse(String(answer.body)));
        else if (answer.status !== 404) unavailable.push({ service, code: `HTTP.${answer.status}` });
      } catch (error) {
        unavailable.push({ service, code: (error as { code?: string }).code ?? 'GATEWAY.BAD_ANSWER' });
      } finally {
        clearTimeout(limit);
      }
    }),
  );
  return { answers, unavailable };
}
