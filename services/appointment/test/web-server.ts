import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebServer {
  /** `127.0.0.1:<port>` */
  host: string;
  url: string;
  /** What it was asked, in order. */
  asked: { method: string; path: string; headers: IncomingMessage['headers'] }[];
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  stop(): Promise<void>;
}

/** A web server on loopback that answers as the test says. */
export async function startWebServer(answer: WebServer['answer']): Promise<WebServer> {
  const server = createServer((request, response) => {
    web.asked.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
    web.answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const web: WebServer = {
    host,
    url: `http://${host}`,
    asked: [],
    answer,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return web;
}

/** A published calendar with events of half an hour at these times (RFC 3339). */
export const icsOf = (...starts: string[]): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//test',
    ...starts.flatMap((start, nth) => [
      'BEGIN:VEVENT',
      `UID:${nth}-${start}@example`,
      `DTSTART:${new Date(start).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`,
      'DURATION:PT30M',
      'SUMMARY:Dinner with Claire Petit',
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
    '',
  ].join('\r\n');
