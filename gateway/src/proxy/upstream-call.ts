import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { DomainError } from '@cabinet/kit/errors';
import { type Dispatcher, errors } from 'undici';
import type { Upstream } from '../instances/upstream.js';
import type { Verdict } from '../resilience.js';
import type { RequestBody } from './body.js';
import { UpstreamFault } from './faults.js';
import { answerHeaders } from './headers.js';
import { notePassed } from './passed-parts.js';

export interface UpstreamRequest {
  method: string;
  path: string;
  /** Names and values in turn. */
  headers: string[];
  body: RequestBody;
  /** The answer may stay silent for long and go on for minutes, as event streams do. */
  isStream: boolean;
  /** The answer is kept beside being relayed, if it is not too large. */
  isCopied?: boolean;
}

/** Held of an answer while nobody takes it; then its connection is paused. */
const heldBytesMax = 64 * 1024;
const copiedBytesMax = 256 * 1024;
/** An answer of at most this size is written in one piece with its head. */
const onePieceBytesMax = 16 * 1024;

/**
 * One try: a request sent to one instance, and its answer. `answered` resolves when the head of the answer is there; the
 * body is held, or waits in the connection, until it is relayed or dropped. Small answers are whole by then.
 */
export class UpstreamCall implements Dispatcher.DispatchHandler, Verdict {
  status = 0;
  headers: IncomingHttpHeaders = {};
  mayRepeat: Verdict['mayRepeat'] = 'no';
  readonly answered: Promise<this>;
  private resolve!: (call: this) => void;
  private reject!: (fault: UpstreamFault) => void;
  private controller?: Dispatcher.DispatchController;
  private client?: ServerResponse;
  private held: Buffer[] = [];
  private heldBytes = 0;
  private isRead = false;
  private copied?: Buffer[];
  private copiedBytes = 0;
  private endRelay?: (fault?: UpstreamFault) => void;
  private stoppedBy?: UpstreamFault;
  private isOver = false;
  private isUnderWay = true;
  private failure?: UpstreamFault;

  constructor(
    readonly upstream: Upstream,
    request: UpstreamRequest,
  ) {
    this.answered = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    upstream.inFlight += 1;
    const { method, path, body, isStream } = request;
    if (request.isCopied) this.copied = [];
    const headers = upstream.addedHeaders.length > 0 ? [...request.headers, ...upstream.addedHeaders] : request.headers;
    const options: Dispatcher.DispatchOptions = {
      method: method as Dispatcher.HttpMethod,
      path,
      headers,
      body: sent(body),
    };
    (isStream ? upstream.streamPool : upstream.pool).dispatch(options, this);
  }

  /** An answer that says "not now" and is not the service's own word: it comes from something in front of the service. */
  get blamesService(): boolean {
    return this.status >= 502 && this.status <= 504 && !/^application\/problem\+json/i.test(this.contentType);
  }

  /** It goes on for as long as somebody listens. */
  get isEventStream(): boolean {
    return this.contentType.startsWith('text/event-stream');
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

  /**
   * Writes the answer to the caller, as fast as the caller takes it.
   * @param added headers of the gateway's own, names and values in turn.
   * @returns the last piece, in Latin-1, to be written with the end; a promise only when the whole answer is not yet there.
   * @throws UpstreamFault when it breaks off: at once before the head is written, else by the promise.
   */
  relayTo(client: ServerResponse, added: readonly string[]): string | undefined | Promise<undefined> {
    if (this.failure) throw this.failure;
    const headers = answerHeaders(this.headers, added);
    if (this.isOver && this.heldBytes > 0 && this.headers['content-length'] === undefined) {
      headers.push('Content-Length', String(this.heldBytes));
    }
    this.writeHead(client, headers);
    if (this.isOver && this.heldBytes <= onePieceBytesMax) return this.onePiece();
    if (this.isEventStream) client.flushHeaders();
    this.client = client;
    const isSlow = this.writeHeld(client);
    if (this.isOver) return;
    return new Promise<undefined>((resolve, reject) => {
      this.endRelay = (fault) => (fault ? reject(fault) : resolve(undefined));
      if (isSlow) this.waitFor(client);
      else this.controller?.resume();
    });
  }

  /** Resolves when the whole answer has come, for an answer that is read here and not relayed. */
  async whole(): Promise<Buffer | undefined> {
    if (this.failure) throw this.failure;
    if (!this.isOver) {
      await new Promise<void>((resolve, reject) => {
        this.isRead = true;
        this.endRelay = (fault) => (fault ? reject(fault) : resolve());
        this.controller?.resume();
      });
    }
    return this.body;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.stoppedBy) controller.abort(this.stoppedBy);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
    // Whoever listens has their answer, and says nothing of how busy the instance is.
    if (this.isEventStream) this.leave();
    this.resolve(this);
  }

  onResponseData(controller: Dispatcher.DispatchController, part: Buffer): void {
    if (this.copied) this.copy(part);
    if (this.client) {
      notePassed(part);
      if (!this.client.write(part)) this.waitFor(this.client);
      return;
    }
    if (this.isRead) return;
    this.held.push(part);
    this.heldBytes += part.length;
    if (this.heldBytes > heldBytesMax) controller.pause();
  }

  onResponseEnd(): void {
    this.over();
    this.endRelay?.();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.fail(this.stoppedBy ?? this.faultOf(error));
  }

  /** The whole body, if it was to be copied, was not too large, and has come to its end. */
  get body(): Buffer | undefined {
    return this.copied && this.isOver && !this.failure ? Buffer.concat(this.copied) : undefined;
  }

  private copy(part: Buffer): void {
    this.copiedBytes += part.length;
    if (this.copiedBytes > copiedBytesMax) this.copied = undefined;
    else this.copied?.push(part);
  }

  private writeHead(client: ServerResponse, headers: string[]): void {
    try {
      client.writeHead(this.status, headers);
    } catch (error) {
      const fault = new UpstreamFault('broken', error); // characters that no header may have
      this.stop(fault);
      throw fault;
    }
  }

  // Head and body as one string are one write to the socket; Latin-1 has a character for every byte.
  private onePiece(): string | undefined {
    if (this.heldBytes === 0) return undefined;
    return (this.held.length === 1 ? (this.held[0] as Buffer) : Buffer.concat(this.held)).toString('latin1');
  }

  /** @returns true when the caller is slower than the answer. */
  private writeHeld(client: ServerResponse): boolean {
    let isTaken = true;
    for (const part of this.held) isTaken = client.write(part);
    this.held = [];
    return !isTaken;
  }

  private waitFor(client: ServerResponse): void {
    this.controller?.pause();
    client.once('drain', () => this.controller?.resume());
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
    this.reject(fault);
    this.endRelay?.(fault);
  }

  private over(): void {
    this.leave();
    this.isOver = true;
  }

  private leave(): void {
    if (this.isUnderWay) this.upstream.inFlight -= 1;
    this.isUnderWay = false;
  }
}

function sent(body: RequestBody): Dispatcher.DispatchOptions['body'] {
  switch (body.kind) {
    case 'none':
      return null;
    case 'kept':
      return body.bytes;
    case 'passing':
      return body.parts;
  }
}
