import type { ServerResponse } from 'node:http';
import { instanceJson } from '../codecs/json-codec.js';
import type { Change } from '../domain/changes.js';
import type { Registry } from '../domain/registry.js';
import { sendNothing } from '../http/answer.js';
import type { Handler } from '../http/router.js';
import type { Time } from '../time.js';

export interface ChangeFeedOptions {
  registry: Registry;
  time: Time;
  heartbeatMs: number;
}

// How far a reader may fall behind, in bytes kept for it.
const backlogBytesMax = 1024 * 1024;

/** Tells changes to every connected reader as they happen, as Server-Sent Events; the README says the shape. */
export class ChangeFeed {
  private readonly readers = new Map<ServerResponse, { bytesMax: number }>();
  private readonly startedAt: number;
  private readonly unsubscribe: () => void;
  private readonly endHeartbeat: () => void;

  constructor(private readonly options: ChangeFeedOptions) {
    this.startedAt = options.time.now().getTime();
    this.unsubscribe = options.registry.subscribe((change) => this.tell(toEvent(change)));
    this.endHeartbeat = options.time.every(options.heartbeatMs, () => this.tell(': heartbeat\n\n'));
  }

  get readerCount(): number {
    return this.readers.size;
  }

  /** @param isOpen false while the registry does not know yet who is there: then nobody is told */
  connect(isOpen: () => boolean): Handler {
    return ({ req, res }) => {
      if (!isOpen()) return sendNothing(res, 403);
      res.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        // When the feed ends, so does its connection: an idle one would hold up the end of the process.
        Connection: 'close',
        // Otherwise a proxy in between may keep events back.
        'X-Accel-Buffering': 'no',
      });
      if (req.method === 'HEAD') return void res.end();
      const snapshot = this.snapshot();
      this.readers.set(res, { bytesMax: Buffer.byteLength(snapshot) + backlogBytesMax });
      res.on('close', () => this.readers.delete(res));
      res.write(snapshot);
    };
  }

  close(): void {
    this.endHeartbeat();
    this.unsubscribe();
    for (const reader of this.readers.keys()) reader.end();
  }

  private snapshot(): string {
    const { registry } = this.options;
    const instances = Array.from(registry.registrations(), instanceJson);
    const { startedAt } = this;
    const { sequence } = registry;
    const head = JSON.stringify({ sequence, startedAt }).slice(0, -1);
    return `id: ${sequence}\nevent: snapshot\ndata: ${head},"instances":[${instances.join(',')}]}\n\n`;
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
  const head = JSON.stringify({ sequence, type, reason, app, instanceId }).slice(0, -1);
  return `id: ${sequence}\nevent: change\ndata: ${head},"instance":${instanceJson(registration)}}\n\n`;
}
