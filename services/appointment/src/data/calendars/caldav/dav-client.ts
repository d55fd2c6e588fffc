import { CalendarFailure } from '../../../domain/calendars/failures.js';
import { assertAnswered } from '../egress/answers.js';
import type { EgressClient, Reply } from '../egress/egress-client.js';
import type { ProviderPolicies } from '../egress/provider-policies.js';
import { assertMaySignIn } from '../egress/public-addresses.js';
import type { IsolatedReader } from '../ics/isolated-reader.js';
import { davBody, type MultiStatus, readMultiStatus } from './dav-xml.js';

export interface DavUser {
  username: string;
  password: string;
}

export interface Question {
  method: string;
  url: URL;
  body?: string;
  headers?: Record<string, string>;
}

/** What is this short costs nothing, whatever is in it; most answers are. In characters. */
const readHereMax = 64 * 1024;

/** Asks WebDAV servers (RFC 4918) on somebody's behalf. */
export class DavClient {
  constructor(
    private readonly egress: EgressClient,
    private readonly policies: ProviderPolicies,
    private readonly reader: IsolatedReader,
  ) {}

  /** @throws CalendarFailure when nobody answers, or we are not let in; other statuses are the caller's to understand */
  async ask({ username, password }: DavUser, { method, url, body, headers }: Question): Promise<Reply> {
    assertMaySignIn(url);
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    return this.policies.call(url.host, async () => {
      const reply = await this.egress.send({
        method,
        url,
        body,
        headers: { 'content-type': 'application/xml; charset=utf-8', ...headers, authorization },
      });
      if (reply.status === 401 || reply.status === 429 || reply.status >= 500) assertAnswered(reply);
      return reply;
    });
  }

  /** @throws CalendarFailure for everything but a multi-status answer */
  async askMany(user: DavUser, question: Question): Promise<MultiStatus> {
    const reply = await this.ask(user, question);
    assertAnswered(reply);
    if (reply.status !== 207) throw new CalendarFailure('CALENDAR.UNREADABLE');
    return this.multiStatusOf(reply);
  }

  /** @throws CalendarFailure for what is no multi-status answer */
  async multiStatusOf({ body }: Reply): Promise<MultiStatus> {
    return body.length <= readHereMax ? readMultiStatus(body) : this.reader.read('multistatus', body);
  }
}

export const propfind = (url: URL, depth: '0' | '1', wanted: object): Question => ({
  method: 'PROPFIND',
  url,
  body: davBody('d:propfind', wanted),
  headers: { depth },
});

/** With the slash that a collection's address ends with. */
export const collectionAt = (url: URL): URL => (url.pathname.endsWith('/') ? url : new URL(`${url.pathname}/`, url));
