import { InvalidInput, invalidField } from '@cabinet/kit/errors';
import type { Problem } from '@cabinet/kit/http/problem';
import type { Request } from 'express';
import { Attempts } from '../proxy/attempts.js';
import { UpstreamFault } from '../proxy/faults.js';
import type { PageParts } from './page-parts.js';

/** What each service answered. */
export type Answers = Map<string, Record<string, unknown>>;

interface Question {
  /** The one service that is asked. */
  only?: string;
  path: string;
  /** Posted, when there is one. */
  body?: object;
}

const partMsMax = 5_000;

/** The service that is meant, if one alone is, and the rest of what was said. @throws InvalidInput (422) */
export function addressee(services: readonly string[], said: unknown): { service?: string; rest: unknown } {
  if (said === null || typeof said !== 'object' || !('service' in said)) return { rest: said };
  const { service, ...rest } = said;
  const known = services.find((name) => name === service);
  if (!known) throw invalidField('service', 'INVALID', `is not one of ${services.join(', ')}`);
  return { service: known, rest };
}

/** Asks the named service, or every one that is there; one that has no such page is left out, and one that cannot be asked is named. */
export async function askServices(
  { routes, forwarder, upstreams }: PageParts,
  req: Request,
  { only, path, body }: Question,
) {
  const method = body ? 'POST' : 'GET';
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
        const answer = await forwarder.fetch(attempts, service, path, headers, bytes);
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
