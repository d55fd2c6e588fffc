import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../src/config.js';
import { ownPages } from '../src/route-table.js';
import { rawRequest, sendRaw, statusOf } from './support/raw.js';
import { startSystem } from './support/system.js';

const page = '<!doctype html><title>Cabinet</title>';
const script = `export const greeting = '${'bonjour '.repeat(1_000)}';`;
const scriptPath = '/assets/index-1a2b3c.js';

/** A folder as a build of the portal leaves it. */
function buildPortal(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cabinet-portal-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ['assets', '.vite', 'docs']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'index.html'), page);
  writeFileSync(join(folder, 'docs/index.html'), 'not the docs');
  writeFileSync(join(folder, '.vite/manifest.json'), '{}');
  writeFileSync(join(folder, scriptPath), script);
  writeFileSync(join(folder, `${scriptPath}.br`), brotliCompressSync(script));
  writeFileSync(join(folder, `${scriptPath}.gz`), gzipSync(script));
  writeFileSync(join(folder, `${scriptPath}.map`), 'where it came from');
  writeFileSync(join(folder, 'assets/icon-4d5e6f.svg'), '<svg/>');
  return folder;
}

const startWithPortal = () => startSystem([], {}, { PORTAL_FOLDER: buildPortal() });
const navigation = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'sec-fetch-mode': 'navigate' };
const asOldBrowser = { accept: navigation.accept };

/** Not by fetch, which takes bodies apart and asks for no cached answer as soon as a condition is set. */
async function ask(url: string, headers: Record<string, string> = {}, method = 'GET') {
  const [answer]: IncomingMessage[] = await once(get(url, { headers, method }), 'response');
  const parts: Buffer[] = [];
  for await (const part of answer as IncomingMessage) parts.push(part);
  const { statusCode: status, headers: got } = answer as IncomingMessage;
  return { status, headers: got, body: Buffer.concat(parts) };
}

describe('the portal', () => {
  it('is served at /, asked for again each time, and loads nothing from elsewhere', async () => {
    const { url } = await startWithPortal();
    const { status, body, headers } = await ask(url, navigation);
    expect([status, body.toString()]).toEqual([200, page]);
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-type': 'text/html; charset=utf-8',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = new Map(
      headers['content-security-policy']
        ?.toString()
        .split('; ')
        .map((rule) => [rule.split(' ')[0], rule]),
    );
    expect(policy.get('default-src')).toBe("default-src 'none'");
    expect(policy.get('worker-src')).toBe("worker-src 'self'");
    expect(policy.get('connect-src')).toBe("connect-src 'self'");
    expect(policy.get('frame-ancestors')).toBe("frame-ancestors 'none'");
    expect(policy.get('base-uri')).toBe("base-uri 'none'");
    expect(policy.get('form-action')).toBe("form-action 'self'");
    expect([...policy.values()].join()).not.toMatch(/unsafe|\*|https?:/);
  });

  it('is not sent again to whoever has it', async () => {
    const { url } = await startWithPortal();
    const etags: unknown[] = [];
    for (const coding of ['br', 'gzip', 'identity']) {
      const first = await ask(url + scriptPath, { 'accept-encoding': coding });
      const etag = first.headers.etag as string;
      etags.push(etag);
      const again = await ask(url + scriptPath, { 'accept-encoding': coding, 'if-none-match': `"other", W/${etag}` });
      expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, etag]);
      expect(again.headers.vary).toBe('Accept-Encoding');
      expect(again.headers['cache-control']).toMatch(/immutable/);
    }
    // What is compressed otherwise is another answer.
    expect(new Set(etags).size).toBe(3);
    expect((await ask(url + scriptPath, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('sends files as the build has compressed them, and lets browsers keep those whose names tell their content', async () => {
    const { url } = await startWithPortal();
    const read = { br: brotliDecompressSync, gzip: gunzipSync, identity: (body: Buffer) => body };
    for (const [accepted, coding] of [
      ['gzip, deflate, br', 'br'],
      ['br;q=0.5, gzip', 'gzip'],
      ['br;q=0', 'identity'],
    ] as const) {
      const { status, headers, body } = await ask(url + scriptPath, { 'accept-encoding': accepted });
      expect([status, read[coding](body).toString()]).toEqual([200, script]);
      expect(headers['content-encoding']).toBe(coding === 'identity' ? undefined : coding);
      expect(headers).toMatchObject({
        'content-length': String(body.length),
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'Accept-Encoding',
      });
    }
    const icon = await ask(`${url}/assets/icon-4d5e6f.svg`, { 'accept-encoding': 'br' });
    expect([icon.headers['content-type'], icon.headers['content-encoding']]).toEqual(['image/svg+xml', undefined]);
  });

  it('tells by HEAD what it would send', async () => {
    const { url } = await startWithPortal();
    for (const path of [scriptPath, '/agenda']) {
      const headers = { ...navigation, 'accept-encoding': 'br' };
      const [whole, head] = [await ask(url + path, headers), await ask(url + path, headers, 'HEAD')];
      expect([head.status, head.body.length]).toEqual([200, 0]);
      const ofBoth = ['content-length', 'content-type', 'etag', 'content-encoding', 'cache-control', 'vary'];
      for (const name of ofBoth) expect([name, head.headers[name]]).toEqual([name, whole.headers[name]]);
    }
  });

  it('has its page for its own places, and for nothing else', async () => {
    const { url } = await startWithPortal();
    const isPage = async (path: string, headers: Record<string, string> = navigation) => {
      const { status, body } = await ask(url + path, headers);
      return [path, status, body.toString() === page];
    };
    for (const path of [
      '/agenda/2026-11-23',
      '/signed-in?code=1',
      '/patients/dr.martin',
      '/apiary',
      '/%C3%A9t%C3%A9',
    ]) {
      expect(await isPage(path)).toEqual([path, 200, true]);
    }
    expect(await isPage('/agenda', asOldBrowser)).toEqual(['/agenda', 200, true]);
    for (const path of ['/api/nothing', '/api', '/fhir/Patient', '/.well-known/nothing', '/openapi/nothing.json']) {
      expect(await isPage(path)).toEqual([path, 404, false]);
    }
    for (const path of ['/favicon.ico', '/.env', '/agenda.html']) {
      expect(await isPage(path, asOldBrowser)).toEqual([path, 404, false]);
    }
    expect(await isPage('/', { accept: '*/*' })).toEqual(['/', 200, true]);
    expect(await isPage('/', { accept: 'application/json' })).toEqual(['/', 404, false]);
    for (const headers of [{ accept: 'application/json' }, { ...navigation, 'sec-fetch-mode': 'no-cors' }]) {
      expect(await isPage('/agenda', headers)).toEqual(['/agenda', 404, false]);
    }
    // A page of the portal asks there whether somebody is signed in, and the issuer leads it back.
    const asked = { accept: 'text/html', 'sec-fetch-mode': 'cors' };
    expect(await isPage('/signed-in?error=login_required', asked)).toEqual([
      '/signed-in?error=login_required',
      200,
      true,
    ]);
    expect(await isPage('/agenda', asked)).toEqual(['/agenda', 404, false]);
    expect(await isPage('/signed-in', { accept: '*/*', 'sec-fetch-mode': 'no-cors' })).toEqual([
      '/signed-in',
      404,
      false,
    ]);
    for (const path of ownPages) expect((await isPage(path))[2]).toBe(false);
    expect((await ask(`${url}/docs/index.html`, navigation)).body.toString()).not.toBe('not the docs');
    expect((await fetch(`${url}/agenda`, { method: 'POST', headers: navigation })).status).toBe(404);
  });

  it('tells a page of the build before that its files are gone, and has nobody keep that', async () => {
    const { url } = await startWithPortal();
    for (const headers of [navigation, asOldBrowser, { 'sec-fetch-mode': 'cors', accept: '*/*' }]) {
      const { status, headers: got } = await ask(`${url}/assets/index-0f0f0f.js`, headers);
      expect([status, got['cache-control'], got.etag]).toEqual([404, 'no-store', undefined]);
    }
  });

  it('gives nothing that is not a part of its pages, however it is asked for', async () => {
    const { url, gateway } = await startWithPortal();
    for (const path of ['/.vite/manifest.json', `${scriptPath}.map`, `${scriptPath}.br`, '/assets', '/assets/']) {
      expect([path, (await ask(url + path)).status]).toEqual([path, 404]);
    }
    for (const [target, status] of [
      ['/../package.json', 400],
      ['/assets/../index.html', 400],
      ['/assets/%2e%2e/index.html', 400],
      ['/assets%2findex-1a2b3c.js', 400],
      ['/assets%5cindex-1a2b3c.js', 400],
      ['//assets/index-1a2b3c.js', 400],
      ['/assets/index-1a2b3c.js%00', 400],
      ['/%252e%252e/package.json', 400],
      [`/${'a'.repeat(9_000)}.js`, 414],
      [`/assets/${'a'.repeat(4_000)}.js`, 404],
    ] as const) {
      expect([target, statusOf(await sendRaw(gateway.port, rawRequest(target)))]).toEqual([target, status]);
    }
  });

  it('that is not in its folder is told at the start', () => {
    const env = { REGISTRY_URLS: 'http://127.0.0.1:1/', JWKS_URL: 'http://127.0.0.1:1/', PORTAL_FOLDER: '/nowhere' };
    expect(() => readConfig(env)).toThrow('PORTAL_FOLDER: there is no index.html in this folder');
  });
});
