import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { DomainError } from '@cabinet/kit/errors';
import { UpstreamFault } from './faults.js';
import { notePassed } from './passed-parts.js';

export interface BodyReading {
  bytesMax: number;
  /** Called with the length of each part that has come. */
  onPart: (bytes: number) => void;
  /** Called when all have. */
  onWhole: () => void;
  /** Called before a body is passed on as it comes. @throws DomainError when that may not be now. */
  onPassing: () => void;
}

/** A request's body, counted. It can be destroyed without the request, which is still to be answered. */
export class PassingBody extends Readable {
  private bytes = 0;

  constructor(
    private readonly req: IncomingMessage,
    private readonly reading: BodyReading,
  ) {
    super({ highWaterMark: 64 * 1024 });
    req.on('data', this.count).on('end', this.finish).on('error', this.abandon).on('close', this.close);
    req.pause();
    this.on('error', () => {}); // whoever reads is told as well, but nobody may be reading yet
  }

  override _read(): void {
    this.req.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { req } = this;
    req.off('data', this.count).off('end', this.finish).off('error', this.abandon).off('close', this.close);
    req.on('error', () => {}).pause();
    done(error);
  }

  private readonly count = (part: Buffer): void => {
    this.bytes += part.length;
    if (this.bytes > this.reading.bytesMax) {
      this.destroy(tooLarge(this.reading.bytesMax));
      return;
    }
    this.reading.onPart(part.length);
    notePassed(part);
    if (!this.push(part)) this.req.pause();
  };

  private readonly finish = (): void => {
    this.reading.onWhole();
    this.push(null);
  };

  private readonly abandon = (error: Error): void => {
    this.destroy(new UpstreamFault('abandoned', error));
  };

  private readonly close = (): void => {
    if (!this.req.complete) this.destroy(new UpstreamFault('abandoned'));
  };
}

export const tooLarge = (bytesMax: number) =>
  new DomainError('too-large', 'REQUEST.TOO_LARGE', 'The body is too large', {
    detail: `At most ${bytesMax} bytes are accepted here.`,
  });
