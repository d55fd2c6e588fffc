import { connect, type SecureClientSessionOptions } from 'node:http2';

export interface GrpcAnswer {
  /** 0 is OK; undefined when there was none, because the connection was refused. */
  status: number | undefined;
  message: string;
  body: Buffer;
}

const refused = (error: Error): GrpcAnswer => ({ status: undefined, message: error.message, body: Buffer.alloc(0) });

/** Calls a method of a gRPC server of this machine, in plain text or, with options, through TLS. */
export function callGrpc(port: number, path: string, request: Buffer, tls?: SecureClientSessionOptions) {
  return new Promise<GrpcAnswer>((resolve) => {
    const session = connect(`${tls ? 'https' : 'http'}://127.0.0.1:${port}`, tls);
    const end = (answer: GrpcAnswer) => {
      session.destroy();
      resolve(answer);
    };
    session.once('error', (error) => end(refused(error)));
    session.once('close', () => end(refused(new Error('closed'))));
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const parts: Buffer[] = [];
    let outcome: Record<string, unknown> = {};
    stream.on('response', (headers) => Object.assign(outcome, headers));
    stream.on('trailers', (headers) => {
      outcome = { ...outcome, ...headers };
    });
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.once('error', (error) => end(refused(error)));
    stream.once('end', () => {
      if (outcome['grpc-status'] === undefined) return end(refused(new Error('no gRPC answer')));
      const message = decodeURIComponent(String(outcome['grpc-message'] ?? ''));
      end({ status: Number(outcome['grpc-status']), message, body: Buffer.concat(parts).subarray(5) });
    });
    const head = Buffer.alloc(5);
    head.writeUInt32BE(request.length, 1);
    stream.end(Buffer.concat([head, request]));
  });
}

/** A message of protocol buffers, of texts, bytes, messages and small numbers by the numbers of their fields. */
export function message(fields: Record<number, string | Buffer | number>): Buffer {
  return Buffer.concat(
    Object.entries(fields).map(([number, value]) => {
      if (typeof value === 'number') return Buffer.from([Number(number) << 3, value]);
      const content = Buffer.from(value);
      return Buffer.concat([Buffer.from([(Number(number) << 3) | 2]), varint(content.length), content]);
    }),
  );
}

/** The first field of a message, which must be its bytes. */
export function firstField(body: Buffer): Buffer {
  let length = 0;
  let at = 1;
  for (let shift = 0; ; shift += 7) {
    const byte = body.readUInt8(at++);
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) return body.subarray(at, at + length);
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
