import type { Lines, Logger } from '@cabinet/kit';

/** What is told of a request: ids and numbers of our own, never a path, a query or a person. */
export interface AccessEntry {
  request_id: string;
  trace_id: string;
  method: string;
  route: string;
  status: number;
  duration_ms: number;
  service_name?: string;
  instance?: string;
  stale?: true;
  tries?: number;
}

/**
 * A line for each request, in the form of the logger's own. The logger would look for secrets, context and errors in each,
 * and leave ten times the garbage; here are always the same few fields, thousands of times a second.
 */
export class AccessLog {
  private second = Number.NaN;
  private untilSecond = '';

  constructor(
    private readonly log: Logger,
    private readonly lines: Lines,
  ) {}

  write(level: 'debug' | 'info' | 'warn', entry: AccessEntry, msg: 'request' | 'request aborted'): void {
    if (!this.log.isLevelEnabled(level)) return;
    let line = `{"level":"${level}","time":"${this.time()}","service":"gateway"`;
    let name: keyof AccessEntry;
    for (name in entry) {
      const value = entry[name];
      if (value !== undefined) line += `,"${name}":${typeof value === 'string' ? quote(value) : value}`;
    }
    this.lines.write(`${line},"msg":"${msg}"}\n`);
  }

  private time(): string {
    const now = Date.now();
    const second = Math.floor(now / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.untilSecond = new Date(now).toISOString().slice(0, 20);
    }
    return `${this.untilSecond}${String(now % 1_000).padStart(3, '0')}Z`;
  }
}

const plain = /^[\w .,:/-]*$/;
const quote = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text));
