import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import type { Logger } from '@cabinet/kit/observe/log';
import { backlog, http1Rules, takeUnreadable } from './server.js';

export interface TlsOptions {
  host: string;
  port: number;
  certFile: string;
  keyFile: string;
  drainMsMax: number;
  /** Takes connections of HTTP/1.1 that are to become WebSockets; browsers ask for those only there. */
  onUpgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) => void;
  log: Logger;
}

/** How often the certificate's files are looked at; mounted secrets are replaced by link, which tells no watcher. */
const lookMs = 1_000;

const idleMsMax = 180_000;

/** With forward secrecy and authenticated encryption alone (RFC 9325, 4.2). */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE+AESGCM',
  'ECDHE+CHACHA20',
].join(':');

/**
 * Listens for HTTP/2, and HTTP/1.1 for those who know no better, over TLS 1.2 at least. A certificate that is replaced on
 * disk serves new connections within seconds; one that cannot be read changes nothing.
 */
export async function listenWithTls(handle: RequestListener, options: TlsOptions): Promise<RunningProcess> {
  const { host, port, certFile, keyFile, log } = options;
  const read = () => ({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
  const server = createSecureServer({
    ...read(),
    allowHTTP1: true,
    http1Options: http1Rules,
    minVersion: 'TLSv1.2',
    ciphers,
    // A stream that is reset costs work as well: who does it too often is cut off.
    streamResetRate: 33,
    streamResetBurst: 1_000,
    settings: { maxConcurrentStreams: 128, maxHeaderListSize: 16 * 1024, enablePush: false },
  });
  // The one of these rules that Node does not take from the options here.
  Object.assign(server, { shouldUpgradeCallback: http1Rules.shouldUpgradeCallback });
  const reload = () => {
    try {
      server.setSecureContext(read());
      log.info('the certificate was read again');
    } catch (error) {
      log.error({ err: error }, 'the new certificate cannot be used, the old one stays');
    }
  };
  watchFile(certFile, { interval: lookMs, persistent: false }, reload);
  // What these two have in common is all that is used of a request (Node's compatibility API).
  const take = (req: Http2ServerRequest, res: Http2ServerResponse) =>
    handle(req as unknown as IncomingMessage, res as unknown as ServerResponse);
  server.on('upgrade', options.onUpgrade);
  server.on('request', take);
  server.on('checkContinue', take);
  server.on('clientError', takeUnreadable);
  // A caller who sends nothing is let go; while a request is under way its own deadline counts.
  server.setTimeout(idleMsMax);
  server.on('sessionError', () => {});
  const sockets = new Set<Socket>();
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog }, resolve);
  });
  const bound = server.address() as AddressInfo;
  const stop = async () => {
    unwatchFile(certFile, reload);
    await drain(server, sockets, options.drainMsMax);
  };
  return { host: bound.address, port: bound.port, stop };
}

/** Tells HTTP/2 callers to go elsewhere (GOAWAY), lets what runs finish, and cuts what takes too long. */
function drain(server: Http2SecureServer, sockets: ReadonlySet<Socket>, drainMsMax: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, drainMsMax);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}
