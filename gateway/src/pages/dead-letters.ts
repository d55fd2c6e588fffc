import { identifyCaller, requireRole } from '@cabinet/kit/access/authenticate';
import { InvalidInput, invalidField } from '@cabinet/kit/errors';
import { readBodies, tidyAddress } from '@cabinet/kit/http/body';
import { anyFilter, oneFilter } from '@cabinet/kit/http/dead-letter-filter';
import type { Problem } from '@cabinet/kit/http/problem';
import type { Express, Request } from 'express';
import { Attempts } from '../proxy/attempts.js';
import { UpstreamFault } from '../proxy/faults.js';
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
    const { answers, unavailable } = await askAll(parts, req, service, 'GET', query ? `?${query}` : '');
    res.json({ reasons: listOf(answers, 'reasons'), items: listOf(answers, 'items'), unavailable });
  });
  const read = readBodies({ jsonBytesMax: bodyBytesMax, valuesMax: 20 });
  app.post(`${path}/replay`, read, async (req, res) => {
    const { service, rest } = addressee(services, req.body);
    const { answers, unavailable } = await askAll(parts, req, service, 'POST', '/replay', oneFilter(rest));
    // What is not signed by whom it names stays, whatever is asked: else nobody would know why nothing went again.
    res.status(202).json({ counts: by(answers, 'count'), notGenuine: by(answers, 'notGenuine'), unavailable });
  });
  app.post(`${path}/drop`, read, async (req, res) => {
    const { service, rest } = addressee(services, req.body);
    const { answers, unavailable } = await askAll(parts, req, service, 'POST', '/drop', oneFilter(rest));
    res.json({ counts: by(answers, 'count'), unavailable });
  });
}

/** The service that is meant, if one alone is, and the rest of what was said. @throws InvalidInput (422) */
function addressee(services: readonly string[], said: unknown): { service?: string; rest: unknown } {
  if (said === null || typeof said !== 'object' || !('service' in said)) return { rest: said };
  const { service, ...rest } = said;
  const known = services.find((name) => name === service);
  if (!known) throw invalidField('service', 'INVALID', `is not one of ${services.join(', ')}`);
  return { service: known, rest };
}

const by = (answers: Answers, count: string) =>
  Object.fromEntries([...answers].map(([service, answer]) => [service, answer[count]]));

const listOf = (answers: Answers, list: string) =>
  [...answers].flatMap(([service, answer]) => {
    const items = Array.isArray(answer[list]) ? (answer[list] as object[]) : [];
    return items.map((item) => ({ service, ...item }));
  });

/** Asks the named service, or every one that is there; one without dead letters of its own says that there is no such page. */
async function askAll(
  { routes, forwarder, upstreams }: PageParts,
  req: Request,
  only: string | undefined,
  method: string,
  rest: string,
  body?: object,
) {
  const present = routes.services.filter((service) => upstreams.of(service).length > 0);
  const asked = only === undefined ? present : [only];
  const answers: Answers = new Map();
  const unavailable: { service: string; code: string }[] = [];
  let refused: Problem | undefined;
  const bytes = body && Buffer.from(JSON.stringify(body));
  const headers = ['authorization', req.get('authorization') ?? '', 'accept', 'application/json'];
  if (bytes) headers.push('content-type', 'application/json', 'content-length', String(bytes.length));
  await Promise.all(
    asked.map(async (service) => {
      const attempts = new Attempts(method);
      const limit = setTimeout(() => attempts.end(new UpstreamFault('late')), partMsMax);
      try {
        const answer = await forwarder.fetch(attempts, service, `/system/dead-letters${rest}`, headers, bytes);
        const isGiven = answer.status < 300 && answer.body !== undefined;
        if (isGiven) answers.set(service, JSON.parse(String(answer.body)));
        else if (answer.status === 422) refused = JSON.parse(String(answer.body));
        else if (answer.status !== 404) unavailable.push({ service, code: `HTTP.${answer.status}` });
      } catch (error) {
        unavailable.push({ service, code: (error as { code?: string }).code ?? 'GATEWAY.BAD_ANSWER' });
      } finally {
        clearTimeout(limit);
      }
    }),
  );
  if (refused) throw new InvalidInput(refused.fields, refused.code, refused.title);
  return { answers, unavailable };
}
