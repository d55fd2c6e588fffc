import { InvalidInput, invalidField, NotAllowed } from '@cabinet/kit/errors';
import type { Problem } from '@cabinet/kit/http/problem';
import { currentContext } from '@cabinet/kit/http/request-context';
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

/**
 * Asks the named service, or all; one that has no such page is left out, and one that cannot be asked is named, whether it is
 * there or not. @throws InvalidInput (422) when one says so, NotAllowed (403) when those refuse who could be asked
 */
export async function askServices(parts: PageParts, req: Request, { only, path, body }: Question) {
  const asked = only === undefined ? parts.routes.services : [only];
  const answers: Answers = new Map();
  const unavailable: { service: string; code: string }[] = [];
  let invalid: Problem | undefined;
  let forbidden: Problem | undefined;
  await Promise.all(
    asked.map(async (service) => {
      try {
        const answer = await askService(parts, req, { service, path, body });
        const isGiven = answer.status < 300 && answer.body !== undefined;
        if (isGiven) answers.set(service, JSON.parse(String(answer.body)));
        else if (answer.status === 422) invalid = JSON.parse(String(answer.body));
        // What began well and did not come whole is no answer.
        else if (answer.status < 300) unavailable.push({ service, code: 'GATEWAY.BAD_ANSWER' });
        else if (answer.status !== 404) unavailable.push({ service, code: `HTTP.${answer.status}` });
        if (answer.status === 403) forbidden = JSON.parse(String(answer.body));
      } catch (error) {
        unavailable.push({ service, code: (error as { code?: string }).code ?? 'GATEWAY.BAD_ANSWER' });
      }
    }),
  );
  if (invalid) throw new InvalidInput(invalid.fields, invalid.code, invalid.title);
  if (forbidden && answers.size === 0) throw new NotAllowed(forbidden.code, forbidden.title);
  return { answers, unavailable };
}

/** Asks one service on the caller's behalf. @throws DomainError when it cannot be asked */
export async function askService(
  { forwarder }: PageParts,
  req: Request,
  { service, path, body, msMax = partMsMax }: Omit<Question, 'only'> & { service: string; msMax?: number },
) {
  const bytes = body && Buffer.from(JSON.stringify(body));
  const headers = ['authorization', req.get('authorization') ?? '', 'accept', 'application/json'];
  headers.push('x-forwarded-for', req.get('x-forwarded-for') ?? '', 'x-request-id', currentContext()?.requestId ?? '');
  if (bytes) headers.push('content-type', 'application/json', 'content-length', String(bytes.length));
  const attempts = new Attempts(body ? 'POST' : 'GET');
  const limit = setTimeout(() => attempts.end(new UpstreamFault('late')), msMax);
  try {
    return await forwarder.fetch(attempts, service, path, headers, bytes);
  } finally {
    clearTimeout(limit);
  }
}
