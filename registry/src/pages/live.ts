import type { ServerResponse } from 'node:http';
import type { Registry } from '../domain/registry.js';
import type { Handler } from '../http/router.js';
import type { Time } from '../time.js';

// However much happens, a page is not renewed more often; and when nothing does, for the times on it.
const restMs = 1_000;
const idleMs = 10_000;
const readersMax = 100;

/** Tells open pages (Server-Sent Events) that there is something new. */
export class LivePages {
  private readonly readers = new Set<ServerResponse>();
  private readonly ends: (() => void)[];
  private isTold = true;

  constructor(registry: Registry, time: Time) {
    this.ends = [
      registry.subscribe(() => {
        this.isTold = false;
      }),
      time.every(restMs, () => this.isTold || this.tell()),
      time.every(idleMs, () => this.tell()),
    ];
  }

  readonly connect: Handler = ({ req, res }) => {
    if (this.readers.size >= readersMax) return void res.writeHead(503).end();
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', Connection: 'close' });
    if (req.method === 'HEAD') return void res.end();
    res.flushHeaders();
    this.readers.add(res);
    res.on('close', () => this.readers.delete(res));
  };

  stop(): void {
    for (const end of this.ends) end();
    for (const reader of this.readers) reader.end();
  }

  private tell(): void {
    this.isTold = true;
    for (const reader of this.readers) reader.write('data: renew\n\n');
  }
}
