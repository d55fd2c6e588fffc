import { connect } from 'node:net';

export interface Load {
  port: number;
  /** Whole requests, taken in turn. */
  requests: Buffer[];
  /** How many to send in all. */
  count: number;
  connections: number;
}

export interface Outcome {
  perSecond: number;
  /** Bytes of one answer, headers included. */
  bytes: number;
}

export const requestOf = (method: string, path: string, headers: Record<string, string> = {}, body = ''): Buffer => {
  const all = { Host: '127.0.0.1', ...headers, ...(body ? { 'Content-Length': String(Buffer.byteLength(body)) } : {}) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
};

/**
 * Sends requests over kept connections, each when the one before is answered, and counts the answers. It looks at their
 * length and status alone, so that the client costs as little as can be beside the server that is measured.
 */
export async function measure({ port, requests, count, connections }: Load): Promise<Outcome> {
  let sent = 0;
  let bytes = 0;
  const next = (): Buffer | undefined => (sent < count ? requests[sent++ % requests.length] : undefined);
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, () => drive(port, next, (length) => (bytes += length))));
  const seconds = (performance.now() - began) / 1000;
  return { perSecond: count / seconds, bytes: bytes / count };
}

// Read into one buffer again and again: long answers would otherwise cost the client more than the server.
const readBytes = 1024 ** 2;

/** Sends one request after the other over a connection of its own until there are no more. */
function drive(port: number, next: () => Buffer | undefined, onAnswer: (bytes: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let reader = new AnswerReader();
    const send = () => {
      const request = next();
      if (request) return void socket.write(request);
      resolve();
      socket.destroy();
    };
    const take = (length: number, buffer: Uint8Array) => {
      try {
        if (!reader.take(Buffer.from(buffer.buffer, buffer.byteOffset, length))) return true;
      } catch (error) {
        reject(error);
        return false;
      }
      onAnswer(reader.bytes);
      reader = new AnswerReader();
      send();
      return true;
    };
    const onread = { buffer: Buffer.alloc(readBytes), callback: take };
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread }, send);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed a connection')));
  });
}

const chunkedEnd = Buffer.from('\r\n0\r\n\r\n');

/** Knows when an answer is whole. */
class AnswerReader {
  bytes = 0;
  private head = '';
  /** Of headers and body together, when they were told. */
  private length?: number;
  private isChunked = false;
  private tail = Buffer.alloc(0);

  /** @returns true with the last part. */
  take(part: Buffer): boolean {
    this.bytes += part.length;
    if (this.length === undefined && !this.isChunked) this.readHead(part);
    if (this.length !== undefined) return this.bytes >= this.length;
    if (!this.isChunked) return false;
    this.tail = Buffer.concat([this.tail, part]).subarray(-chunkedEnd.length);
    return this.tail.equals(chunkedEnd);
  }

  private readHead(part: Buffer): void {
    this.head += part.toString('latin1', 0, 4096);
    const end = this.head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.head.slice(0, end);
    if (!/^HTTP\/1\.1 2/.test(head)) throw new Error(`the server answered ${head.slice(0, 30)}`);
    this.isChunked = /\r\ntransfer-encoding: *chunked/i.test(head);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (!this.isChunked) this.length = end + 4 + length;
  }
}
