import type { Lines, Logger } from '@cabinet/kit/observe/log';

/** What is told of a request: ids and numbers of our own, never a path, a query or a person. */
export interface AccessEntry {
  request_id: string;
  trace_id: string;
  method: string;
  route: string;
  status: number;
  /** Told to a tenth. */
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
    const { request_id, trace_id, method, route, status, duration_ms, service_name, instance, stale, tries } = entry;
    let line =
      `{"level":"${level}","time":"${this.time()}","service":"gateway","request_id":${quote(request_id)},` +
      `"trace_id":${quote(trace_id)},"method":${quote(method)},"route":${quote(route)},"status":${status},` +
      `"duration_ms":${tenths(duration_ms)}`;
    if (service_name !== undefined) line += `,"service_name":${quote(service_name)}`;
    if (instance !== undefined) line += `,"instance":${quote(instance)}`;
    if (stale) line += ',"stale":true';
    if (tries !== undefined) line += `,"tries":${tries}`;
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

// Two whole numbers are written faster than one with a fraction.
function tenths(value: number): string {
  const all = Math.round(value * 10);
  return `${Math.floor(all / 10)}.${all % 10}`;
}

const plain = /^[\w .,:/-]*$/;
const quote = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text));
