import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { DomainError } from '@cabinet/kit';
import { type Dispatcher, errors } from 'undici';
import type { Upstream } from '../instances/upstreams.js';
import type { Verdict } from '../resilience.js';
import type { RequestBody } from './body.js';
import { UpstreamFault } from './faults.js';
import { answerHeaders } from './headers.js';

export interface UpstreamRequest {
  method: string;
  path: string;
  headers: Record<string, string | string[]>;
  body: RequestBody;
  /** The answer may stay silent for long, as event streams do. */
  isStream: boolean;
}

/**
 * One try: a request sent to one instance, and its answer. `answered` resolves when the head of the answer is there; the
 * body stays in the connection until it is relayed or dropped.
 */
export class UpstreamCall implements Dispatcher.DispatchHandler, Verdict {
  status = 0;
  headers: IncomingHttpHeaders = {};
  mayRepeat: Verdict['mayRepeat'] = 'no';
  readonly answered: Promise<this>;
  private readonly settle = Promise.withResolvers<this>();
  private controller?: Dispatcher.DispatchController;
  private client?: ServerResponse;
  private readonly relayed = Promise.withResolvers<void>();
  private stoppedBy?: UpstreamFault;
  private isOver = false;
  private failure?: UpstreamFault;

  constructor(
    readonly upstream: Upstream,
    request: UpstreamRequest,
  ) {
    this.answered = this.settle.promise;
    upstream.inFlight += 1;
    upstream.pool.dispatch(
      {
        method: request.method,
        path: request.path,
        headers: request.headers,
        body: bodyOf(request.body),
        ...(request.isStream ? { bodyTimeout: 0 } : {}),
      },
      this,
    );
  }

  /** An answer that says "not now" and is not the service's own word: it comes from something in front of the service. */
  get blamesService(): boolean {
    return this.status >= 502 && this.status <= 504 && !/^application\/problem\+json/i.test(this.contentType);
  }

  private get contentType(): string {
    return String(this.headers['content-type'] ?? '');
  }

  /** Ends the try; `answered`, if still open, rejects with the fault at once. */
  stop(fault: UpstreamFault): void {
    if (this.isOver) return;
    this.stoppedBy = fault;
    if (this.controller) this.controller.abort(fault);
    else this.fail(fault);
  }

  /** Writes the answer to the caller, as fast as the caller takes it. Rejects with an UpstreamFault when it breaks off. */
  relayTo(client: ServerResponse, requestId: string, closes: boolean): Promise<void> {
    const headers = answerHeaders(this.headers, requestId);
    if (closes) headers.push('Connection', 'close');
    try {
      client.writeHead(this.status, headers);
    } catch (error) {
      const fault = new UpstreamFault('broken', error); // characters that no header may have
      this.stop(fault);
      return Promise.reject(fault);
    }
    if (this.contentType.startsWith('text/event-stream')) client.flushHeaders();
    this.client = client;
    if (this.failure) this.relayed.reject(this.failure);
    else if (this.isOver) this.relayed.resolve();
    else this.controller?.resume();
    return this.relayed.promise;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.stoppedBy) controller.abort(this.stoppedBy);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
    controller.pause();
    this.settle.resolve(this);
  }

  onResponseData(controller: Dispatcher.DispatchController, part: Buffer): void {
    if (this.client?.write(part)) return;
    controller.pause();
    this.client?.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    this.over();
    this.relayed.resolve();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.fail(this.stoppedBy ?? this.faultOf(error));
  }

  private faultOf(error: Error): UpstreamFault {
    if (error instanceof UpstreamFault) return error;
    if (error instanceof DomainError) return new UpstreamFault('refused', error);
    if (error instanceof errors.InvalidArgumentError || error instanceof errors.NotSupportedError) {
      return new UpstreamFault(
        'refused',
        new DomainError('malformed', 'REQUEST.MALFORMED', 'The request is not valid'),
      );
    }
    // Without a start the request was never given to a connection.
    return new UpstreamFault(this.controller ? 'broken' : 'unsent', error);
  }

  private fail(fault: UpstreamFault): void {
    if (this.isOver) return;
    this.failure = fault;
    this.over();
    this.settle.reject(fault);
    this.relayed.promise.catch(() => {}); // nobody may be relaying; whoever does sees it
    this.relayed.reject(fault);
  }

  private over(): void {
    if (!this.isOver) this.upstream.inFlight -= 1;
    this.isOver = true;
  }
}

function bodyOf(body: RequestBody): Dispatcher.DispatchOptions['body'] {
  if (body.kind === 'none') return null;
  if (body.kind === 'kept') return body.bytes;
  // undici takes any async iterable; its types name only streams. A stream it would destroy, and the caller's connection with it.
  return body.parts as unknown as Dispatcher.DispatchOptions['body'];
}
