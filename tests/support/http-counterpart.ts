import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Given {
  status: number;
  body?: object | string;
  headers?: Record<string, string>;
}

/**
 * What goes wrong with the next request: another answer in place of the right one (with `isDone`, after it was done), no answer
 * without end, or a cut connection, before it is done or after.
 */
export type Spoiled = (Given & { isDone?: boolean }) | 'silent' | 'cut' | 'done-then-silent' | 'done-then-cut';

/** Somebody else's HTTP API, as it is documented, with what can go wrong with it. */
export abstract class HttpCounterpart {
  /** In the order in which they came. */
  readonly received: Received[] = [];
  readonly spoiled: Spoiled[] = [];
  private readonly server = createServer((request, response) => void this.take(request, response));

  /** What it does, and says. */
  protected abstract answer(request: Received): Given | Promise<Given>;

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const received = {
      method: request.method ?? '',
      url: new URL(request.url ?? '', this.url),
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    this.received.push(received);
    const spoiled = this.spoiled.shift();
    if (spoiled === 'silent') return;
    if (spoiled === 'cut') return void request.socket.destroy();
    const isReplaced = typeof spoiled === 'object' && !spoiled.isDone;
    const right = isReplaced ? undefined : await this.answer(received);
    if (spoiled === 'done-then-silent') return;
    if (spoiled === 'done-then-cut') return void request.socket.destroy();
    const { status, body, headers } = (typeof spoiled === 'object' ? spoiled : right) as Given;
    const isText = typeof body === 'string';
    response
      .writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers })
      .end(isText ? body : body && JSON.stringify(body));
  }
}
