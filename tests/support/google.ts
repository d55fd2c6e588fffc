import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface StoredEvent {
  id: string;
  iCalUID: string;
  status: string;
  etag: string;
  /** When it was changed last, as a count of changes. */
  change: number;
  [field: string]: unknown;
}

/**
 * Google's sign-in and Calendar API v3 as they are documented, for one person with one calendar: tokens and their refresh,
 * paging, sync tokens, entity tags, channels, and the answers 401, 403 (rate limits), 409, 410 and 412.
 * https://developers.google.com/workspace/calendar/api/v3/reference
 */
export class FakeGoogle {
  readonly clientId = 'cabinet-client';
  readonly clientSecret = 'cabinet-secret';
  readonly calendarId = 'bernard@practice.example';
  readonly events = new Map<string, StoredEvent>();
  /** Channels that were asked for, newest last. */
  readonly channels: { id: string; token: string; address: string }[] = [];
  /** Method and path, with the query, of all API requests. */
  readonly asked: string[] = [];
  /** Answers for the next API requests, in place of the right ones. */
  readonly spoiled: { status: number; body?: object; headers?: Record<string, string>; isDone?: boolean }[] = [];
  /** Events of one page. */
  pageSize = 2;
  private readonly codes = new Map<string, { challenge: string; redirectUri: string }>();
  private readonly refreshTokens = new Set<string>();
  private accessTokens = new Set<string>();
  private changes = 0;
  /** Sync tokens of before are no longer known. */
  private oldestChange = 0;
  private readonly server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The person allows what the address asks for. @returns what Google sends them back with */
  consent(address: string): { state: string; code: string } {
    const query = new URL(address).searchParams;
    if (query.get('client_id') !== this.clientId || query.get('access_type') !== 'offline') throw new Error('not ours');
    const code = randomUUID();
    const redirectUri = query.get('redirect_uri') ?? '';
    this.codes.set(code, { challenge: query.get('code_challenge') ?? '', redirectUri });
    return { state: query.get('state') ?? '', code };
  }

  /** Access tokens end before their time; refresh tokens go on. */
  endAccessTokens(): void {
    this.accessTokens = new Set();
  }

  /** The person withdraws what they allowed. */
  revoke(): void {
    this.refreshTokens.clear();
    this.endAccessTokens();
  }

  forgetSyncTokens(): void {
    this.oldestChange = this.changes + 1;
    this.changes += 1;
  }

  put(id: string, fields: object): StoredEvent {
    this.changes += 1;
    const etag = `"${this.changes}"`;
    const stored = {
      status: 'confirmed',
      iCalUID: `${id}@google.com`,
      ...this.events.get(id),
      ...fields,
      id,
      etag,
      change: this.changes,
    };
    this.events.set(id, stored);
    return stored;
  }

  remove(id: string): void {
    this.put(id, { status: 'cancelled' });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url ?? '', this.url);
    const send = (status: number, body?: object, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body && JSON.stringify(body));
    if (url.pathname === '/token') return void this.giveTokens(new URLSearchParams(text), send);
    this.asked.push(`${request.method} ${url.pathname}${url.search}`);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (!this.accessTokens.has(token)) return void send(401, errorOf(401, 'authError'));
    const spoiled = this.spoiled.shift();
    if (spoiled && !spoiled.isDone) return void send(spoiled.status, spoiled.body, spoiled.headers);
    const give: typeof send = spoiled ? () => send(spoiled.status, spoiled.body, spoiled.headers) : send;
    const [, , , , id = '', part, event] = url.pathname.split('/').map(decodeURIComponent);
    if (id !== this.calendarId && id !== 'primary') return void give(404, errorOf(404, 'notFound'));
    if (part === undefined) return void give(200, { kind: 'calendar#calendar', id: this.calendarId });
    if (event === 'watch') return void this.watch(JSON.parse(text), give);
    if (event === undefined && request.method === 'GET') return void this.list(url.searchParams, give);
    if (event === undefined) return void this.insert(JSON.parse(text), give);
    this.ofEvent(event, request, text, give);
  }

  private giveTokens(form: URLSearchParams, send: Send): void {
    if (form.get('client_id') !== this.clientId || form.get('client_secret') !== this.clientSecret) {
      return void send(401, { error: 'invalid_client' });
    }
    const refresh = form.get('refresh_token') ?? `refresh-${randomUUID()}`;
    if (form.get('grant_type') === 'authorization_code') {
      const code = this.codes.get(form.get('code') ?? '');
      this.codes.delete(form.get('code') ?? '');
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      const isOurs = code?.challenge === challenge && code.redirectUri === form.get('redirect_uri');
      if (!isOurs) return void send(400, { error: 'invalid_grant' });
      this.refreshTokens.add(refresh);
    }
    if (!this.refreshTokens.has(refresh)) return void send(400, { error: 'invalid_grant' });
    const access = `access-${randomUUID()}`;
    this.accessTokens.add(access);
    const isNew = form.get('grant_type') === 'authorization_code';
    send(200, {
      access_token: access,
      expires_in: 3599,
      token_type: 'Bearer',
      ...(isNew && { refresh_token: refresh }),
    });
  }

  private watch({ id, token, address }: { id: string; token: string; address: string }, send: Send): void {
    if (!address.startsWith('https:')) return void send(400, errorOf(400, 'channelUrlNotHttps'));
    this.channels.push({ id, token, address });
    send(200, { kind: 'api#channel', id, resourceId: 'resource', expiration: String(Date.now() + 7 * 86_400_000) });
  }

  private list(query: URLSearchParams, send: Send): void {
    const since = query.get('syncToken');
    if (since && (query.has('timeMin') || query.has('timeMax'))) return void send(400, errorOf(400, 'badRequest'));
    if (since && Number(since) < this.oldestChange) return void send(410, errorOf(410, 'fullSyncRequired'));
    const found = [...this.events.values()]
      .filter(({ status, change }) => (since ? change > Number(since) : status !== 'cancelled'))
      .sort((a, b) => a.change - b.change);
    const from = Number(query.get('pageToken') ?? 0);
    const items = found.slice(from, from + this.pageSize);
    const isLast = from + this.pageSize >= found.length;
    send(200, {
      kind: 'calendar#events',
      items,
      ...(isLast ? { nextSyncToken: String(this.changes) } : { nextPageToken: String(from + this.pageSize) }),
    });
  }

  private insert(event: StoredEvent, send: Send): void {
    if (!/^[a-v0-9]{5,1024}$/.test(event.id)) return void send(400, errorOf(400, 'invalid'));
    if (this.events.has(event.id)) return void send(409, errorOf(409, 'duplicate'));
    send(200, this.put(event.id, event));
  }

  private ofEvent(id: string, { method, headers }: IncomingMessage, text: string, send: Send): void {
    const stored = this.events.get(id);
    if (!stored) return void send(404, errorOf(404, 'notFound'));
    if (method === 'GET') return void send(200, stored);
    const tag = headers['if-match'];
    if (tag && tag !== stored.etag) return void send(412, errorOf(412, 'conditionNotMet'));
    if (method === 'PUT') return void send(200, this.put(id, JSON.parse(text)));
    if (stored.status === 'cancelled') return void send(410, errorOf(410, 'deleted'));
    this.remove(id);
    send(204);
  }
}

type Send = (status: number, body?: object, headers?: Record<string, string>) => unknown;

const errorOf = (code: number, reason: string): object => ({ error: { code, errors: [{ domain: 'global', reason }] } });

/** Google refuses for a while. */
export const rateLimited = { status: 403, body: errorOf(403, 'rateLimitExceeded') };
