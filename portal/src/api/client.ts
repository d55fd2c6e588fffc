import type {
  alertApi,
  appointmentApi,
  authApi,
  gatewayApi,
  notificationApi,
  patientApi,
  practitionerApi,
  recordApi,
  wearableApi,
} from '@cabinet/contracts';
import createClient from 'openapi-fetch';
import { session } from '../session/session.ts';
import { hearClock } from '../time/server-clock.ts';
import { refusalOf, Unreachable } from './problem.ts';

type Paths = alertApi.paths &
  appointmentApi.paths &
  authApi.paths &
  gatewayApi.paths &
  notificationApi.paths &
  patientApi.paths &
  practitionerApi.paths &
  recordApi.paths &
  wearableApi.paths;

/** The whole API, typed by the committed OpenAPI documents. Read its answers by `told`. */
export const api = createClient<Paths>({ baseUrl: location.origin, fetch: askOnce });

/** What anybody may ask, signed in or not. */
export const openApi = createClient<Pick<Paths, OpenPath>>({ baseUrl: location.origin });
type OpenPath =
  | '/api/auth/registrations'
  | '/api/auth/registrations/shown'
  | '/api/auth/invitations/accept'
  | '/api/auth/password/codes'
  | '/api/auth/password/reset'
  | '/api/system/page-failures';

const underWay = new Map<string, Promise<Response>>();

/**
 * What is pressed twice before the page knows that it is under way is one write, with one answer. (What is sent again later is held
 * together by its key, or refused by its version.)
 */
async function askOnce(request: Request): Promise<Response> {
  const isFile = !['application/json', null].includes(request.headers.get('content-type'));
  // What is sent while the page is closed can wait for nothing.
  if (request.method === 'GET' || isFile || request.keepalive) return fetchSignedIn(request);
  const version = request.headers.get('if-match');
  const words = JSON.stringify([request.method, request.url, version, await request.clone().text()]);
  const same = underWay.get(words);
  if (same)
    return same.then(
      (answer) => answer.clone(),
      (error: unknown) => {
        // Whoever has left a search leaves it for themselves alone.
        if (error instanceof DOMException && error.name === 'AbortError') return fetchSignedIn(request);
        throw error;
      },
    );
  const asked = fetchSignedIn(request);
  underWay.set(words, asked);
  const forget = () => void (underWay.get(words) === asked && underWay.delete(words));
  asked.then(forget, forget);
  return asked.then((answer) => answer.clone());
}

/**
 * Asks in the name of who is signed in. When their sign-in has ended, the request waits until they have signed in again over
 * the page: what they had sent is then sent, once.
 */
async function fetchSignedIn(request: Request): Promise<Response> {
  const send = async () => {
    const sent = request.clone();
    sent.headers.set('authorization', `Bearer ${await session.accessToken()}`);
    const askedAt = Date.now();
    const answer = await fetch(sent);
    hearClock(answer, askedAt);
    return answer;
  };
  const answer = await send();
  if (answer.status !== 401) return answer;
  session.noteRefused();
  return send();
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of an answer. @throws Refused, Unreachable */
export async function told<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked.catch((cause: unknown) => {
    throw cause instanceof TypeError ? new Unreachable(cause) : cause;
  });
  if (!response.ok || error !== undefined) throw refusalOf(response, error);
  return data as T;
}

/** `If-Match` for what was read in this version: a change that somebody made since is not overwritten, but answers 412. */
export const ifMatch = ({ version }: { version: number }) => ({ 'If-Match': `"v${version}"` });
