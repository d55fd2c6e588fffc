import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../src/config.js';
import { startSystem } from './support/system.js';

const page = '<!doctype html><title>Cabinet</title>';
const script = `export const greeting = '${'bonjour '.repeat(1_000)}';`;

/** A folder as a build of the portal leaves it. */
function buildPortal(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cabinet-portal-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), page);
  writeFileSync(join(folder, 'assets/index-1a2b3c.js'), script);
  return folder;
}

const startWithPortal = () => startSystem([], {}, { PORTAL_FOLDER: buildPortal() });
const asBrowser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('the portal', () => {
  it('is served at /, asked for again each time, and loads nothing from elsewhere', async () => {
    const { url } = await startWithPortal();
    const answer = await fetch(url, { headers: asBrowser });
    expect([answer.status, await answer.text()]).toEqual([200, page]);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    // Not by fetch, which asks for no cached answer as soon as a condition is set.
    const asked = get(url, { headers: { 'if-none-match': answer.headers.get('etag') as string } });
    const [again] = await once(asked, 'response');
    expect(again.resume().statusCode).toBe(304);
  });

  it('sends files compressed, and lets browsers keep those whose names tell their content', async () => {
    const { url } = await startWithPortal();
    const answer = await fetch(`${url}/assets/index-1a2b3c.js`, { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-type')).toMatch(/javascript/);
    expect(await answer.text()).toBe(script);
    const plain = await fetch(`${url}/assets/index-1a2b3c.js`, { headers: { 'accept-encoding': 'identity' } });
    expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, script]);
  });

  it('has its page for its own places, and for nothing else', async () => {
    const { url } = await startWithPortal();
    const ask = async (path: string, headers: Record<string, string> = asBrowser) => {
      const answer = await fetch(url + path, { headers });
      return [answer.status, (await answer.text()) === page];
    };
    expect(await ask('/agenda/2026-11-23')).toEqual([200, true]);
    expect(await ask('/agenda', { accept: 'application/json' })).toEqual([404, false]);
    for (const path of ['/api/nothing', '/fhir/Patient', '/assets/gone.js', '/favicon.ico', '/.env']) {
      expect([path, ...(await ask(path))]).toEqual([path, 404, false]);
    }
    expect((await fetch(`${url}/agenda`, { method: 'POST', headers: asBrowser })).status).toBe(404);
    expect((await ask('/docs/'))[1]).toBe(false);
  });

  it('that is not in its folder is told at the start', () => {
    const env = { REGISTRY_URLS: 'http://127.0.0.1:1/', JWKS_URL: 'http://127.0.0.1:1/', PORTAL_FOLDER: '/nowhere' };
    expect(() => readConfig(env)).toThrow('PORTAL_FOLDER: there is no index.html in this folder');
  });
});
