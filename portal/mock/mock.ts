import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { accountAnswers } from './answers/account.ts';
import { administrationAnswers } from './answers/administration.ts';
import { alertAnswers } from './answers/alerts.ts';
import { appointmentAnswers } from './answers/appointments.ts';
import { calendarAnswers } from './answers/calendars.ts';
import { dataRightsAnswers } from './answers/data-rights.ts';
import { delegationAnswers } from './answers/delegations.ts';
import { familyAnswers } from './answers/family.ts';
import { grantAnswers } from './answers/grants.ts';
import { importAnswers } from './answers/imports.ts';
import { messageFigureAnswers } from './answers/message-figures.ts';
import { messageRuleAnswers } from './answers/message-rules.ts';
import { messageAnswers } from './answers/messages.ts';
import { peopleAnswers } from './answers/people.ts';
import { practitionerAnswers } from './answers/practitioners.ts';
import { pushAnswers } from './answers/push.ts';
import { readingAnswers } from './answers/readings.ts';
import { recordEntryAnswers } from './answers/record-entries.ts';
import { recordAnswers } from './answers/records.ts';
import { registrationAnswers, strangerAnswers } from './answers/registrations.ts';
import { resourceAnswers } from './answers/resources.ts';
import { scheduleAnswers } from './answers/schedules.ts';
import { seriesAnswers } from './answers/series.ts';
import { unreachableAnswers } from './answers/unreachable.ts';
import { userAnswers } from './answers/users.ts';
import { waitingAnswers } from './answers/waiting-list.ts';
import { webhookAnswers } from './answers/webhooks.ts';
import { type Fault, Faults, Offline } from './faults.ts';
import { Issuer } from './issuer.ts';
import { lives, tellLive } from './live.ts';
import { type Asked, type Handler, Refused } from './operation.ts';
import { choosePersonPage, faultsPage } from './pages.ts';
import { type Person, people } from './people.ts';
import { Repeats } from './repeats.ts';

const handlers: readonly Handler[] = [
  ...accountAnswers,
  ...administrationAnswers,
  ...alertAnswers,
  // In front of those of one appointment, whose address takes any word.
  ...seriesAnswers,
  ...appointmentAnswers,
  ...calendarAnswers,
  ...dataRightsAnswers,
  ...delegationAnswers,
  ...familyAnswers,
  ...importAnswers,
  ...grantAnswers,
  // In front of those of one message, whose address takes any word.
  ...messageFigureAnswers,
  ...messageAnswers,
  ...messageRuleAnswers,
  ...peopleAnswers,
  ...practitionerAnswers,
  ...pushAnswers,
  ...readingAnswers,
  ...recordEntryAnswers,
  ...recordAnswers,
  ...registrationAnswers,
  ...strangerAnswers,
  ...resourceAnswers,
  ...scheduleAnswers,
  ...unreachableAnswers,
  ...userAnswers,
  ...waitingAnswers,
  ...webhookAnswers,
];

type Route = [RegExp, (req: IncomingMessage, res: ServerResponse, url: URL) => Promise<void>];

export type Hearer = (name: string, asked: Asked) => void;

/**
 * The API of the practice as far as screens need it, without the practice: typed by the services' contracts, with people of
 * the demonstration, states in memory, and faults on purpose (`/mock`). What it does not know it answers with 501.
 * @param onAsked hears of each operation that is done, by its name, before it is answered; of one that was refused on purpose, or that
 * repeats another under its key, nothing
 * @returns false for what is none of it
 */
export function createMock(onAsked: Hearer = () => undefined): (...request: Parameters<RequestListener>) => boolean {
  const [faults, issuer, repeats] = [new Faults(), new Issuer(), new Repeats()];
  const routes: Route[] = [
    [/^\/mock(?:\/|$)/, (req, res, url) => answerFaults(req, res, url, faults, issuer)],
    [/^\/api\/(?:oidc|auth\/logout)\//, (req, res, url) => answerIssuer(req, res, url, faults, issuer)],
    ...lives.map(
      (live): Route => [
        live.pattern,
        async (req, res, { searchParams }) => {
          await faults.meet(live.name);
          whoAsks(req, issuer);
          tellLive(req, res, searchParams, live);
        },
      ],
    ),
    [/^\/api\//, (req, res, url) => answerOperation(req, res, url, { faults, issuer, repeats, onAsked })],
  ];
  return (req, res) => {
    const url = new URL(req.url ?? '/', `http://${req.headers.host ?? 'localhost'}`);
    const [, answer] = routes.find(([pattern]) => pattern.test(url.pathname)) ?? [];
    if (!answer) return false;
    answer(req, res, url).catch((error: unknown) => {
      if (error instanceof Offline) res.destroy();
      else if (error instanceof Refused) refuse(res, error);
      else refuse(res, new Refused(500, 'INTERNAL', String(error)));
    });
    return true;
  };
}

async function answerOperation(
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
  { faults, issuer, repeats, onAsked }: { faults: Faults; issuer: Issuer; repeats: Repeats; onAsked: Hearer },
): Promise<void> {
  const handler = handlers.find(({ method, pattern }) => {
    return method === req.method?.toLowerCase() && pattern.test(url.pathname);
  });
  const name = handler?.name ?? `${req.method} ${url.pathname}`;
  const isCut = await faults.meet(name);
  const who = handler && strangerAnswers.includes(handler) ? stranger : whoAsks(req, issuer);
  if (!handler) throw new Refused(501, 'MOCK.NOT_MADE', `The mock does not know ${name} yet`);
  if (name === 'POST /api/auth/lock') issuer.endSessionOf(who.id);
  const sent = await text(req);
  const isJson = !req.headers['content-type']?.startsWith('text/csv');
  const asked: Asked = {
    who,
    path: { ...handler.pattern.exec(url.pathname)?.groups },
    query: url.searchParams,
    language: req.headers['accept-language']?.startsWith('fr') ? 'fr' : 'en',
    body: isJson ? (sent ? JSON.parse(sent) : undefined) : sent,
    version: () => versionOf(req),
  };
  const {
    status = 200,
    headers,
    body,
  } = repeats.once([who.id, name, req.headers['idempotency-key']], () => {
    onAsked(name, asked);
    return handler.answer(asked);
  });
  if (isCut) throw new Offline();
  const usual = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', Date: new Date().toUTCString() };
  res.writeHead(status, { ...usual, ...headers });
  res.end(body === undefined ? undefined : JSON.stringify(body));
}

const stranger: Person = { id: '', email: '', roles: [] };

function whoAsks(req: IncomingMessage, issuer: Issuer) {
  const who = issuer.whoShows(req.headers.authorization);
  if (!who) throw new Refused(401, 'ACCESS.TOKEN_ENDED', 'What the access token stood for has ended');
  return who;
}

function versionOf(req: IncomingMessage): number {
  const version = /^"v(\d+)"$/.exec(req.headers['if-match'] ?? '')?.[1];
  if (!version) throw new Refused(428, 'REQUEST.IF_MATCH_MISSING', 'If-Match is missing');
  return Number(version);
}

function refuse(res: ServerResponse, { status, code, message: title, more }: Refused): void {
  const { retryAfter, ...extensions } = more;
  const problem = { type: `urn:cabinet:problem:${code}`, title, status, code, fields: [], requestId: randomUUID() };
  res.writeHead(status, {
    'Content-Type': 'application/problem+json',
    ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
  });
  res.end(JSON.stringify({ ...problem, ...extensions }));
}

const ofSigningIn = [
  'GET /api/oidc/.well-known/openid-configuration',
  'GET /api/oidc/auth',
  'POST /api/oidc/token',
  'POST /api/auth/logout/issuer',
];

/** By which a browser is known again. */
const cookie = 'mock-person';

async function answerIssuer(
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
  faults: Faults,
  issuer: Issuer,
): Promise<void> {
  const { origin, searchParams: asked, pathname } = url;
  await faults.meet(`${req.method} ${pathname}`, false);
  const known = new RegExp(`${cookie}=([^;]+)`).exec(req.headers.cookie ?? '')?.[1];
  const json = (status: number, body: object) =>
    res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  const lead = (address: string) => res.writeHead(303, { Location: address }).end();
  if (pathname.endsWith('/openid-configuration')) json(200, issuer.configuration(origin));
  else if (pathname.endsWith('/token')) {
    const tokens = issuer.exchange(origin, new URLSearchParams(await text(req)));
    json(tokens ? 200 : 400, tokens ?? { error: 'invalid_grant' });
  } else if (pathname.endsWith('/session/end')) {
    lead('/');
  } else if (pathname.endsWith('/logout/issuer')) {
    issuer.endSessionOf(people.find(({ email }) => email === known)?.id);
    res.setHeader('Set-Cookie', `${cookie}=; Path=/api; Max-Age=0`);
    res.setHeader('Clear-Site-Data', '"cache", "storage"');
    json(200, {});
  } else {
    const chosen = asked.get('chosen') ?? undefined;
    if (chosen) res.setHeader('Set-Cookie', `${cookie}=${chosen}; Path=/api; HttpOnly; SameSite=Lax`);
    const back = issuer.authorize(origin, asked, { chosen, known });
    if (back) lead(back);
    else res.writeHead(200, { 'Content-Type': 'text/html' }).end(choosePersonPage(asked.toString()));
  }
}

async function answerFaults(
  req: IncomingMessage,
  res: ServerResponse,
  { pathname }: URL,
  faults: Faults,
  issuer: Issuer,
): Promise<void> {
  if (req.method === 'GET') {
    const names = [...[...handlers, ...lives].map(({ name }) => name), ...ofSigningIn];
    res.writeHead(200, { 'Content-Type': 'text/html' }).end(faultsPage(names, faults.all));
    return;
  }
  const sent = new URLSearchParams(await text(req));
  if (pathname.endsWith('/faults')) {
    faults.want({
      operation: sent.get('operation') ?? '*',
      answers: (sent.get('answers') || undefined) as Fault['answers'],
      delayMs: Number(sent.get('delayMs')) || undefined,
      times: Number(sent.get('times')) || undefined,
    });
  } else if (pathname.endsWith('/clear')) faults.clear();
  else if (pathname.endsWith('/end-sessions')) issuer.endSessions();
  res.writeHead(303, { Location: '/mock' }).end();
}
