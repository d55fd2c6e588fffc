import { createServer, type IncomingMessage, type RequestListener, request, type ServerResponse } from 'node:http';
import { duplexPair } from 'node:stream';
import type { Exchange } from '../proxy/exchange.js';
import { answerHeaders, requestHeaders } from '../proxy/headers.js';

/**
 * Express speaks HTTP/1.1 alone, so a page that is asked for by HTTP/2 is asked of it again, over a connection that exists
 * only in memory.
 */
export function overHttp2(pages: RequestListener): (exchange: Exchange) => void {
  const server = createServer(pages);
  return (exchange) => {
    const { req, res, method } = exchange;
    const asked = request({
      method,
      path: req.url ?? '/',
      headers: ['Host', 'pages', 'Connection', 'close', ...requestHeaders(req, exchange)],
      createConnection: () => {
        const [near, far] = duplexPair();
        server.emit('connection', far);
        return near;
      },
    });
    asked.on('response', (answer: IncomingMessage) => {
      res.writeHead(answer.statusCode ?? 500, answerHeaders(answer.headers, exchange.addedHeaders()));
      answer.pipe(res as ServerResponse);
    });
    asked.on('error', () => res.destroy());
    res.once('close', () => asked.destroy());
    req.pipe(asked);
  };
}
