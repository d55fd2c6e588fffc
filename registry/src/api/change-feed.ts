import type { Clock } from '@cabinet/kit/process';
import type { Request, Response } from 'express';
import type { Change } from '../domain/changes.js';
import type { Registry } from '../domain/registry.js';
import { toWireInstance } from './wire.js';

export interface ChangeFeedOptions {
  registry: Registry;
  clock: Clock;
  heartbeatMs: number;
}

// How far a reader may fall behind, in bytes kept for it.
const backlogBytesMax = 1024 * 1024;

/** Tells changes to every connected reader as they happen, as Server-Sent Events; the README says the shape. */
export class ChangeFeed {
  private readonly readers = new Map<Response, { bytesMax: number }>();
  private readonly startedAt: number;
  private readonly unsubscribe: () => void;
  private readonly heartbeat: NodeJS.Timeout;

  constructor(private readonly options: ChangeFeedOptions) {
    this.startedAt = options.clock.now().getTime();
    this.unsubscribe = options.registry.subscribe((change) => this.tell(toEvent(change)));
    this.heartbeat = setInterval(() => this.tell(': heartbeat\n\n'), options.heartbeatMs).unref();
  }

  get readerCount(): number {
    return this.readers.size;
  }

  readonly connect = (_req: Request, res: Response): void => {
    res.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      // When the feed ends, so does its connection: an idle one would hold up the end of the process.
      Connection: 'close',
      // Otherwise a proxy in between may keep events back.
      'X-Accel-Buffering': 'no',
    });
    const snapshot = this.snapshot();
    this.readers.set(res, { bytesMax: Buffer.byteLength(snapshot) + backlogBytesMax });
    res.on('close', () => this.readers.delete(res));
    res.write(snapshot);
  };

  close(): void {
    clearInterval(this.heartbeat);
    this.unsubscribe();
    for (const reader of this.readers.keys()) reader.end();
  }

  private snapshot(): string {
    const { registry } = this.options;
    const data = {
      sequence: registry.sequence,
      startedAt: this.startedAt,
      instances: Array.from(registry.registrations(), toWireInstance),
    };
    return `id: ${data.sequence}\nevent: snapshot\ndata: ${JSON.stringify(data)}\n\n`;
  }

  private tell(event: string): void {
    for (const [reader, { bytesMax }] of this.readers) {
      reader.write(event);
      if (reader.writableLength > bytesMax) reader.destroy();
    }
  }
}

function toEvent({ sequence, type, reason, registration }: Change): string {
  const { app, instanceId } = registration.instance;
  const data = { sequence, type, reason, app, instanceId, instance: toWireInstance(registration) };
  return `id: ${sequence}\nevent: change\ndata: ${JSON.stringify(data)}\n\n`;
}
