import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { Home } from './home.ts';
import { reset } from './reset.ts';
import { secret } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'cabinet-reset-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('removes the data and keeps what opens a backup of it', async () => {
  const home = new Home(folder);
  home.create();
  const key = secret(home, 'auth-key-secret');
  writeFileSync(home.data('one'), 'data');
  const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  expect(await reset(home, true)).toBe(0);
  expect(said.mock.calls.join()).toContain('secrets are kept');
  expect(existsSync(home.data('one'))).toBe(false);
  expect(secret(home, 'auth-key-secret')).toBe(key);
});
