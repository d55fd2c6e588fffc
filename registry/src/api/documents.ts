import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Clock } from '@cabinet/kit/clock';
import type { Codec } from '../codecs/codec.js';
import { jsonCodec } from '../codecs/json-codec.js';
import type { Detail } from '../codecs/wire.js';
import { xmlCodec } from '../codecs/xml-codec.js';
import { acceptsGzip } from '../http/answer.js';

const compress = promisify(gzip);

/** JSON when the client names it, else XML: also for any media type, as Eureka does. */
export const codecFor = (req: IncomingMessage): Codec => (req.headers.accept?.includes('json') ? jsonCodec : xmlCodec);

export const detailFor = (req: IncomingMessage): Detail =>
  req.headers['x-eureka-accept'] === 'compact' ? 'compact' : 'full';

/** A body as it goes out; compressed once, when the first client wants it so. */
export class Document {
  private readonly plain: Buffer;
  private zipped?: Promise<Buffer>;

  constructor(
    private readonly mediaType: string,
    text: string,
  ) {
    this.plain = Buffer.from(text);
  }

  get bytes(): number {
    return this.plain.length;
  }

  async send(req: IncomingMessage, res: ServerResponse, status = 200): Promise<void> {
    res.statusCode = status;
    if (!acceptsGzip(req)) return this.write(res, this.plain, {});
    this.zipped ??= compress(this.plain, { level: 1 });
    this.write(res, await this.zipped, { 'Content-Encoding': 'gzip' });
  }

  private write(res: ServerResponse, body: Buffer, headers: Record<string, string>): void {
    const { mediaType } = this;
    const always = { 'Content-Type': mediaType, 'Content-Length': body.length, Vary: 'Accept, Accept-Encoding' };
    res.writeHead(res.statusCode, { ...always, ...headers }).end(body);
  }
}

interface Kept {
  document: Document;
  sequence: number;
  at: number;
}

// Renewals change nothing in a list but the time of the latest one; that may be so much older than it is.
const ageMsMax = 5_000;

// A list of five thousand instances takes tens of milliseconds to write: it is kept for a quarter of a second even though
// something changed, or a few clients could keep the process from all else. What is short is always new.
const bytesPerMs = 20_000;

/** Keeps the lists that everybody asks for until something changes, so that a crowd of clients costs hardly more than one. */
export class DocumentCache {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly source: { readonly sequence: number },
    private readonly clock: Clock,
  ) {}

  /** @param name of the document: few exist, so nothing is ever taken out. */
  get(name: string, codec: Codec, write: () => string): Document {
    const now = this.clock.now().getTime();
    const { sequence } = this.source;
    const found = this.kept.get(name);
    if (found && now - found.at <= maxAgeOf(found, sequence)) return found.document;
    const document = new Document(codec.mediaType, write());
    this.kept.set(name, { document, sequence, at: now });
    return document;
  }
}

const maxAgeOf = (kept: Kept, sequence: number): number =>
  kept.sequence === sequence ? ageMsMax : Math.floor(kept.document.bytes / bytesPerMs) - 1;
