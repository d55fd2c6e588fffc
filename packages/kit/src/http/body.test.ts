import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { InvalidInput } from '../errors.js';
import { listen, type RunningProcess } from '../lifecycle.js';
import { createLogger } from '../observe/log.js';
import { createMetrics } from '../observe/metrics.js';
import { createHttpApp } from './app.js';
import { Operations } from './operations.js';

const openapi = {
  paths: {
    '/api/things': { get: {}, post: { requestBody: { content: { 'application/json': { schema: ref('Thing') } } } } },
    '/api/things/{id}': { get: {}, patch: {}, put: {} },
    '/api/things/search': { post: {} },
  },
  components: {
    schemas: {
      Thing: {
        properties: {
          contacts: { type: 'array', maxItems: 10, items: ref('Contact') },
          address: { allOf: [ref('Address')], nullable: true },
        },
      },
      Contact: { properties: { telecom: { type: 'array', maxItems: 2, items: { type: 'string' } } } },
      Address: { properties: { line: { type: 'array', maxItems: 4, items: { type: 'string' } } } },
    },
  },
};

function ref(name: string) {
  return { $ref: `#/components/schemas/${name}` };
}

let running: RunningProcess;

beforeAll(async () => {
  const app = createHttpApp({
    service: 'test',
    log: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    verifier: { verify: () => ({ id: 'u', roles: ['secretary'] }) },
    isReady: async () => true,
    errorCodes: [],
    openapi,
    body: { secrets: ['password'] },
    routes(routes) {
      for (const path of ['/api/things', '/api/things/search'])
        routes.post(path, (req, res) => void res.json(req.body));
      routes.get('/api/things{/:id}', (req, res) => void res.json({ ...req.params, ...req.query }));
      routes.patch('/api/things/:id', (req, res) => void res.json(req.body));
      routes.put('/api/things/:id', (req, res) => void res.json(req.body));
    },
  });
  running = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => running?.stop());

async function send(
  method: string,
  path: string,
  body?: string | Buffer,
  type = 'application/json',
  headers: Record<string, string> = {},
) {
  const response = await fetch(`http://127.0.0.1:${running.port}${path}`, {
    method,
    body: body as RequestInit['body'],
    headers: body === undefined ? headers : { 'content-type': type, ...headers },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

const post = (body: unknown) => send('POST', '/api/things', JSON.stringify(body));

const id = '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11';

describe('what comes in at the door', () => {
  it('names each field once, of which another reader could take the other one', async () => {
    const { status, body } = await send('POST', '/api/things', '{"contacts":[{"use":"home","use":"work"}]}');
    expect([status, body.code]).toEqual([422, 'REQUEST.REPEATED_FIELD']);
    expect(body.fields).toEqual([{ path: 'contacts[0].use', code: 'REPEATED', message: 'is given more than once' }]);
  });

  it('is tidied: texts have one form, ids small letters, and blank is empty', async () => {
    const { body } = await post({
      name: ' Le\u200bfe\u0300vre\u00a0',
      note: ' \u00a0',
      ids: [id.toUpperCase()],
      n: 1,
      no: null,
    });
    expect(body).toEqual({ name: 'Lefèvre', note: '', ids: [id], n: 1, no: null });
  });

  it('is left as it is where it is a secret', async () => {
    const password = ` e\u0301\u200b${id.toUpperCase()} `;
    expect((await post({ password, nested: [{ password }] })).body).toEqual({ password, nested: [{ password }] });
  });

  it('is tidied in addresses, too', async () => {
    const path = `/api/things/${id.toUpperCase()}?by=${id.toUpperCase()}&q=%20Le%E2%80%8Bf%C3%A8vre%20&r=B`;
    expect((await send('GET', path)).body).toEqual({ id, by: id, q: 'Lefèvre', r: 'B' });
    expect((await send('GET', `/api/things/%30${id.slice(1).toUpperCase()}`)).body).toEqual({ id });
    expect((await send('GET', '/api/things/A%2FB?q=A+b%2Bc')).body).toEqual({ id: 'A/B', q: 'A b+c' });
  });

  it.each([
    ['a byte of Latin-1', '/api/things?q=Martin%ff'],
    ['half a character', '/api/things?q=%C3&by=a'],
    ['a lone surrogate', '/api/things?q=a%ED%A0%80b'],
    ['an overlong slash', '/api/things?q=%c0%af'],
    ['one in the name of a value', '/api/things?%ff=1'],
    ['one in the path', '/api/things/%ff'],
  ])('is refused with bytes in an address that are not UTF-8: %s', async (_, path) => {
    const { status, body } = await send('GET', path);
    expect([status, body.code]).toEqual([400, 'REQUEST.MALFORMED_PATH']);
  });

  it.each([
    ['GET', '/api/things/a', '0\r\n\r\n', '200'],
    ['DELETE', '/api/things/a', '0\r\n\r\n', '405'],
    ['GET', '/api/things/a', '1\r\n{\r\n0\r\n\r\n', '415'],
    ['POST', '/api/things', '2\r\n{}\r\n0\r\n\r\n', '415'],
  ])('is what it turns out to be where a body is announced before it is known: %s %s %j', async (...sent) => {
    const [method, path, body, expected] = sent;
    const socket = connect(running.port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    const answered = new Promise((resolve, reject) => {
      socket.once('data', (answer) => resolve(answer.toString().split(' ')[1])).once('error', reject);
    });
    await new Promise<void>((sentHead) => {
      socket.write(`${method} ${path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`, () => sentHead());
    });
    socket.write(body);
    expect(await answered).toBe(expected);
  });

  it('is refused with an address that is not ASCII', async () => {
    const status = await new Promise((resolve, reject) => {
      const target = `/api/things?q=${Buffer.from('é').toString('latin1')}`;
      const socket = connect(running.port, '127.0.0.1', () => {
        socket.end(Buffer.from(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, 'latin1'));
      });
      socket.once('data', (answer) => resolve(answer.toString().split(' ')[1])).once('error', reject);
    });
    expect(status).toBe('400');
  });

  it('is refused with a control character, wherever it stands', async () => {
    const { status, body } = await post({ a: ['x\u0000'], 'b\u001b': 1 });
    expect([status, body.code, body.fields.map(({ path }: { path: string }) => path)]).toEqual([
      422,
      'REQUEST.CONTROL_CHARACTER',
      ['a[0]', 'b\u001b'],
    ]);
    expect((await send('GET', '/api/things?q=%00')).body.code).toBe('REQUEST.CONTROL_CHARACTER');
  });

  it.each(Object.getOwnPropertyNames(Object.prototype))('has no field of the name %s', async (name) => {
    const { status, body } = await send('POST', '/api/things', `{"a":[{"b":{${JSON.stringify(name)}:1}}]}`);
    expect([status, body.code, body.fields]).toEqual([
      422,
      'REQUEST.INVALID',
      [{ path: `a[0].b.${name}`, code: 'UNKNOWN_FIELD', message: 'is not a known field' }],
    ]);
    expect((await send('GET', `/api/things?${name}=1`)).body.fields).toEqual([expect.objectContaining({ path: name })]);
  });

  it('is refused when it has more values than anybody has to say', async () => {
    const many = Array.from({ length: 5_001 }, () => 1);
    const { status, body } = await post({ contacts: many });
    expect([status, body.code]).toEqual([422, 'REQUEST.TOO_MANY_VALUES']);
  });

  it.each<[string, object, string]>([
    ['a list', { contacts: Array(11).fill({}) }, 'contacts'],
    ['a list within a list', { contacts: [{}, { telecom: ['1', '2', '3'] }] }, 'contacts[1].telecom'],
    ['a list in what may be null', { address: { line: Array(5).fill('x') } }, 'address.line'],
  ])('is refused when %s is longer than the model says', async (_, thing, path) => {
    const { status, body } = await post(thing);
    expect([status, body.fields]).toEqual([422, [expect.objectContaining({ path, code: 'TOO_MANY' })]]);
  });
});

describe('a value of another JSON type', () => {
  const schema = {
    type: 'object',
    properties: {
      minutes: { type: 'integer', nullable: true },
      price: { type: 'number' },
      active: { type: 'boolean' },
      gender: { type: 'string', enum: ['male', 'female'], nullable: true },
      name: { type: 'string', nullable: true },
      line: { type: 'array', items: { type: 'string' } },
      address: { allOf: [ref('Address')], nullable: true },
    },
  };
  const operations = new Operations({
    paths: { '/api/things': { post: { requestBody: { content: { 'application/json': { schema } } } } } },
    components: { schemas: { Address: { type: 'object', properties: {} } } },
  });
  const given = (body: object) => () => operations.assertBounds('POST', '/api/things', body);

  it.each([
    { minutes: '30' },
    { minutes: [30] },
    { minutes: 'null' },
    { price: '1.5' },
    { active: 'true' },
    { active: 1 },
    { gender: ['male'] },
    { gender: [['male']] },
    { gender: 'null' },
    { name: ['null'] },
    { name: 7 },
    { line: 'Rue' },
    { address: 'null' },
    { address: ['null'] },
  ])('is not taken for what it might mean: %j', (body) => {
    expect(given(body)).toThrow(
      expect.objectContaining({
        code: 'REQUEST.INVALID',
        fields: [expect.objectContaining({ path: Object.keys(body)[0], code: 'INVALID' })],
      }),
    );
  });

  it('is not what the model says, nor null, which is left to validation', () => {
    const address = {};
    expect(
      given({ minutes: 30, price: 1.5, active: true, gender: 'male', name: 'null', line: ['Rue'], address }),
    ).not.toThrow();
    expect(given({ minutes: null, gender: null, name: null, line: null, address: null })).not.toThrow();
  });
});

describe('what is wrong in more places than anybody reads', () => {
  const looks = { count: 0 };
  const counted = (count: number) =>
    Array.from({ length: count }, () => ({
      get telecom() {
        looks.count += 1;
        return ['1', '2', '3'];
      },
    }));
  const assert = (contacts: unknown) => () => new Operations(openapi).assertBounds('POST', '/api/things', { contacts });

  it('is looked at no further than that', () => {
    expect(assert(counted(11))).toThrow(InvalidInput);
    expect(looks.count).toBe(0);
  });

  it('is refused with the first hundred of them', async () => {
    const many = {
      paths: {
        '/api/things': { post: { requestBody: { content: { 'application/json': { schema: ref('Things') } } } } },
      },
      components: {
        schemas: {
          Things: { properties: { things: { type: 'array', maxItems: 1_000, items: ref('Thing') } } },
          Thing: {
            type: 'object',
            properties: { a: { type: 'string' } },
            required: ['a'],
            additionalProperties: false,
          },
        },
      },
    };
    const faultsOf = (things: unknown[]) => {
      try {
        new Operations(many).assertBounds('POST', '/api/things', { things });
        return [];
      } catch (error) {
        return (error as InvalidInput).fields.map(({ code }) => code);
      }
    };
    expect(faultsOf(Array(1_000).fill({}))).toEqual(Array(100).fill('REQUIRED'));
    expect(faultsOf(Array(1_000).fill({ a: '', b: 1 }))).toEqual(Array(100).fill('UNKNOWN_FIELD'));
    expect(faultsOf(Array(1_000).fill({ a: {} }))).toEqual(Array(100).fill('INVALID'));
    expect(faultsOf(Array(1_000).fill('x'))).toEqual(Array(100).fill('INVALID'));
    expect(faultsOf(Array(1_000).fill({ a: '' }))).toEqual([]);
    expect(faultsOf(Array(100).fill({}))).toEqual([]);
  });
});

describe('a parameter of the query', () => {
  it('is taken once, and refused by its name when it comes again, in whatever way it is written', async () => {
    expect((await send('GET', '/api/things/a?limit=5&q=b')).body).toMatchObject({ limit: '5', q: 'b' });
    for (const query of ['limit=5&limit=5', 'limit=5&q=b&limit=', 'limit&limit', 'limit=5&%6Cimit=6']) {
      const { status, body } = await send('GET', `/api/things/a?${query}`);
      expect([query, status, body.code]).toEqual([query, 422, 'REQUEST.REPEATED_PARAMETER']);
      expect(body.fields).toEqual([{ path: 'limit', code: 'REPEATED', message: 'is given more than once' }]);
    }
  });
});

describe('a body that is far larger than what was sent of it', () => {
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('is given up at the limit, %s', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(64 * 1024 * 1024, ' '));
    expect(bomb.length).toBeLessThan(256 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    const { status } = await send('POST', '/api/things', bomb, 'application/json', { 'content-encoding': encoding });
    expect(status).toBe(413);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });
});

describe('an answer', () => {
  it('is not sniffed, loads nothing and stands in no frame, whatever it says', async () => {
    for (const path of [
      '/api/things/a',
      '/api/things/a?a=1&a=2',
      '/nothing',
      '/health/live',
      '/metrics',
      '/openapi.json',
    ]) {
      const { headers } = await fetch(`http://127.0.0.1:${running.port}${path}`, {
        headers: { authorization: 'Bearer a.b.c' },
      });
      const said = [headers.get('x-content-type-options'), headers.get('content-security-policy')];
      expect([path, ...said]).toEqual([path, 'nosniff', "default-src 'none'; frame-ancestors 'none'"]);
    }
    const page = await fetch(`http://127.0.0.1:${running.port}/docs`);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  });
});

describe('a body that is not what its Content-Encoding says', () => {
  const text = '{"a":"é"}'.repeat(50);
  it.each<[string, string, Buffer]>([
    ['gzip', 'none of it', Buffer.from(text)],
    ['deflate', 'none of it', Buffer.from(text)],
    ['br', 'none of it', Buffer.from(text)],
    ['gzip', 'cut', gzipSync(text).subarray(0, -9)],
    ['deflate', 'cut', deflateSync(text).subarray(0, -5)],
    ['br', 'cut', brotliCompressSync(text).subarray(0, -5)],
    ['gzip', 'damaged', gzipSync(text).fill(0xff, 12, 20)],
  ])('is malformed: %s, %s', async (encoding, _, bytes) => {
    const { status, body } = await send('POST', '/api/things', bytes, 'application/json', {
      'content-encoding': encoding,
    });
    expect([status, body.code]).toEqual([400, 'REQUEST.MALFORMED']);
  });

  it('is not read in an encoding that is not known', async () => {
    const { status } = await send('POST', '/api/things', Buffer.from(text), 'application/json', {
      'content-encoding': 'lzw',
    });
    expect(status).toBe(415);
  });

  it('is read when it is', async () => {
    const bytes = gzipSync('{"a":"é"}');
    const { body } = await send('POST', '/api/things', bytes, 'application/json', { 'content-encoding': 'gzip' });
    expect(body).toEqual({ a: 'é' });
  });
});

describe('JSON', () => {
  it.each([
    ['a Latin-1 é', Buffer.from('{"a":"\xe9"}', 'latin1')],
    ['a lone surrogate in UTF-8', Buffer.from('7b2261223a22eda080227d', 'hex')],
    ['an overlong slash', Buffer.from('7b2261223a22c0af227d', 'hex')],
  ])('with %s is malformed: it is UTF-8', async (_, bytes) => {
    const { status, body } = await send('POST', '/api/things', bytes);
    expect([status, body.code]).toEqual([400, 'REQUEST.MALFORMED_JSON']);
  });

  it.each(['utf-7', 'utf-16', 'iso-8859-1', '"utf-16le"', 'us-ascii'])('is not taken in %s', async (charset) => {
    const { status, body } = await send('POST', '/api/things', '{}', `application/json; charset=${charset}`);
    expect([status, body.code]).toEqual([415, 'REQUEST.UNSUPPORTED_ENCODING']);
  });

  it.each(['utf-8', 'UTF-8', '"utf-8"'])('is taken in %s', async (charset) => {
    expect((await send('POST', '/api/things', '{"a":"é"}', `application/json; charset=${charset}`)).body).toEqual({
      a: 'é',
    });
  });

  it('is what PATCH takes, and it says so to who sends a merge patch', async () => {
    const { status, headers } = await send('PATCH', `/api/things/${id}`, '{}', 'application/merge-patch+json');
    expect([status, headers.get('accept-patch')]).toEqual([415, 'application/json']);
  });
});
