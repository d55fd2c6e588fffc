import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { GatewayStand } from '../support/gateway.ts';

const get = (...lines: string[]) => `${['GET /api/patients/1 HTTP/1.1', ...lines].join('\r\n')}\r\n\r\n`;
const post = (head: string[], body = '') =>
  `${['POST /api/patients HTTP/1.1', 'Host: a', ...head].join('\r\n')}\r\n\r\n${body}`;
const smuggled = 'GET /api/patients/smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
const chunked = 'Transfer-Encoding: chunked';

/** Messages that two readers could take for different ones (RFC 9112, sections 2.2, 3, 5, 6, 7 and 11), by what is wrong. */
const malformed: Record<string, string> = {
  // Two framings (6.1, 6.3)
  'length and chunks': post(['Content-Length: 4', chunked], `0\r\n\r\n${smuggled}`),
  'chunks and length': post([chunked, 'Content-Length: 4'], `0\r\n\r\n${smuggled}`),
  'two lengths': post(['Content-Length: 4', 'Content-Length: 60'], `abcd${smuggled}`),
  'two equal lengths in one field': post(['Content-Length: 4, 5'], `abcd${smuggled}`),
  'a length with a sign': post(['Content-Length: +4'], 'abcd'),
  'a negative length': post(['Content-Length: -4'], 'abcd'),
  'a hexadecimal length': post(['Content-Length: 0x4'], 'abcd'),
  'a length with a fraction': post(['Content-Length: 4.0'], 'abcd'),
  'a length that overflows': post(['Content-Length: 18446744073709551620'], 'abcd'),
  'a length with a space inside': post(['Content-Length: 1 0'], '0123456789'),
  'an empty length': post(['Content-Length:'], smuggled),
  'an unknown coding': post(['Transfer-Encoding: xchunked'], `0\r\n\r\n${smuggled}`),
  'chunked not last': post(['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${smuggled}`),
  'two codings in two fields': post([chunked, 'Transfer-Encoding: cow'], `0\r\n\r\n${smuggled}`),
  'a coding behind a control character': post(['Transfer-Encoding: \x0bchunked'], `0\r\n\r\n${smuggled}`),
  'a quoted coding': post(['Transfer-Encoding: "chunked"'], `0\r\n\r\n${smuggled}`),
  'a coding in HTTP/1.0 with a length': `POST /api/patients HTTP/1.0\r\nHost: a\r\nContent-Length: 4\r\n${chunked}\r\n\r\n0\r\n\r\n`,
  // Field names (5.1)
  'a space before the colon': post(['Content-Length : 4'], 'abcd'),
  'a tab before the colon': post(['Transfer-Encoding\t: chunked'], '0\r\n\r\n'),
  'a space before the name': `POST /api/patients HTTP/1.1\r\n Host: a\r\n${chunked}\r\n\r\n0\r\n\r\n`,
  'a field without a name': get('Host: a', ': nothing'),
  'a field without a colon': get('Host: a', 'nothing'),
  'a control character in a name': get('Host: a', 'X\x01Y: 1'),
  'a bracket in a name': get('Host: a', 'X[Y]: 1'),
  'a non-ASCII name': get('Host: a', 'X\xe9: 1'),
  // Field values (5.5, 5.2)
  'a folded value': get('Host: a', 'X-A: 1', ' 2'),
  'a folded coding': post(['Transfer-Encoding:', ' chunked'], `0\r\n\r\n${smuggled}`),
  'a NUL in a value': get('Host: a', 'X-A: \x00'),
  'a bare CR in a value': get('Host: a', 'X-A: 1\rX-B: 2'),
  'a bare CR for a line end': 'GET /api/patients/1 HTTP/1.1\rHost: a\r\r',
  // Host (3.2)
  'no Host': get(),
  // Request line (3, 2.2, 2.3)
  'no version': 'GET /api/patients/1\r\nHost: a\r\n\r\n',
  'an unknown version': 'GET /api/patients/1 HTTP/1.9\r\nHost: a\r\n\r\n',
  'a version of two digits': 'GET /api/patients/1 HTTP/11.1\r\nHost: a\r\n\r\n',
  'a version in lower case': 'GET /api/patients/1 http/1.1\r\nHost: a\r\n\r\n',
  'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'a space in the target': 'GET /api/patients/1 2 HTTP/1.1\r\nHost: a\r\n\r\n',
  'a tab for a space': 'GET\t/api/patients/1\tHTTP/1.1\r\nHost: a\r\n\r\n',
  'a control character in the target': 'GET /api/patients/\x01 HTTP/1.1\r\nHost: a\r\n\r\n',
  'an unknown method': 'GETX /api/patients/1 HTTP/1.1\r\nHost: a\r\n\r\n',
  'a tunnel': 'CONNECT 127.0.0.1:5432 HTTP/1.1\r\nHost: a\r\n\r\n',
  'nothing but a line': 'nonsense\r\n\r\n',
  'a TLS greeting': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  // Chunks (7.1)
  'a chunk size that is no number': post([chunked], 'zz\r\nabcd\r\n0\r\n\r\n'),
  'a negative chunk size': post([chunked], '-4\r\nabcd\r\n0\r\n\r\n'),
  'a chunk size with 0x': post([chunked], '0x4\r\nabcd\r\n0\r\n\r\n'),
  'a chunk size that overflows': post([chunked], 'ffffffffffffffff4\r\nabcd\r\n0\r\n\r\n'),
  'a chunk longer than its size': post([chunked], `4\r\nabcdefgh\r\n0\r\n\r\n${smuggled}`),
  'a chunk size that a bare LF ends': post([chunked], `4\nabcd\r\n0\r\n\r\n`),
  'a NUL in a chunk extension': post([chunked], '4;a=\x00\r\nabcd\r\n0\r\n\r\n'),
};

/** @returns all that came until the other side closed. */
async function send(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const parts: Buffer[] = [];
  socket.on('data', (part) => parts.push(part)).on('error', () => {});
  // Half closed, so that what is waited for in vain ends as well.
  socket.end(text, 'latin1');
  await once(socket, 'close');
  return Buffer.concat(parts).toString('latin1');
}

describe('a message that could be read in two ways', () => {
  it('is refused or closed on, and what is hidden in it reaches no service', async () => {
    const stand = await GatewayStand.start();
    await stand.addInstance('patient');
    expect(Object.keys(malformed).length).toBeGreaterThanOrEqual(40);
    for (const [name, text] of Object.entries(malformed)) {
      const withToken = text.replace('Host: a\r\n', `Host: a\r\nAuthorization: ${stand.authorization}\r\n`);
      const answer = await send(stand.port, withToken);
      const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
      // What is understood and not to be had has statuses of its own: methods, codings, versions (RFC 9110, 15.5.6 and 15.6).
      const refusals = [400, 405, 408, 501, 505];
      expect([name, statuses.filter((status) => !refusals.includes(status))]).toEqual([name, []]);
      expect([name, answer.includes('"pid"')]).toEqual([name, false]);
    }
    // The instance counts what it has seen, be it only the head of a request that was then given up.
    expect(await (await stand.ask('/api/patients/1')).json()).toMatchObject({ seen: 1 });
  });
});
