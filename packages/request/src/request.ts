import http from 'node:http';
import https from 'node:https';

export interface RequestOptions {
  baseUrl: string;
  /** Below `baseUrl`. */
  uri: string;
  headers?: Record<string, string>;
  /** True sends `body` as JSON and reads the answer as JSON, where it is. */
  json?: boolean;
  body?: unknown;
  /** How long the whole call may take, in milliseconds. */
  timeout?: number;
}

export interface Answer {
  statusCode: number;
  headers: http.IncomingHttpHeaders;
}

export type Callback = (error: Error | null, answer?: Answer, body?: unknown) => void;

/** What answers a registration or a renewal is short; what is longer comes from no registry. */
const bodyBytesMax = 4 * 1024 * 1024;

/** The callback gets an answer of any status, or an error when there was none. */
function send(method: string, options: RequestOptions, callback: Callback): void {
  exchange(method, options).then(
    ({ answer, body }) => process.nextTick(callback, null, answer, body),
    (error) => process.nextTick(callback, error.name === 'AbortError' ? timedOut(options) : error),
  );
}

/** With the code by which the retired package told it. */
const timedOut = ({ timeout }: RequestOptions): Error =>
  Object.assign(new Error(`ETIMEDOUT: no answer within ${timeout} ms`), { code: 'ETIMEDOUT' });

async function exchange(method: string, { baseUrl, uri, headers, json, body, timeout }: RequestOptions) {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}/${uri.replace(/^\/+/, '')}`);
  const content = body === undefined ? undefined : Buffer.from(json ? JSON.stringify(body) : String(body));
  const request = (url.protocol === 'https:' ? https : http).request(url, {
    method,
    headers: {
      ...(json && { accept: 'application/json', 'content-type': 'application/json' }),
      ...(content && { 'content-length': content.length }),
      ...headers,
    },
    signal: timeout === undefined ? undefined : AbortSignal.timeout(timeout),
  });
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  request.on('response', resolve).on('error', reject).end(content);
  const response = await promise;
  const text = await read(response);
  return {
    answer: { statusCode: response.statusCode ?? 0, headers: response.headers },
    body: json ? parsed(text) : text,
  };
}

async function read(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new Error(`the answer is longer than ${bodyBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const calling = (method: string) => (options: RequestOptions, callback: Callback) => send(method, options, callback);

/** The methods by which the client asks; it reads them by their names. */
export default { get: calling('GET'), post: calling('POST'), put: calling('PUT'), delete: calling('DELETE') };
