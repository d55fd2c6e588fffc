import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { placesOn, verifiedChains, verifyAudit } from '../../operations/src/verify-audit.ts';
import { until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { registerPatient, signedInAs } from '../support/practice.ts';

const folder = mkdtempSync(join(tmpdir(), 'cabinet-audit-'));
const heads = join(folder, 'heads.json');
const trails = join(folder, 'trails.json');

/** What the verb prints, and its exit code. */
async function verify(options: { accept?: string } = {}) {
  const printed: string[] = [];
  const print = vi.spyOn(console, 'log').mockImplementation((text) => void printed.push(String(text)));
  try {
    const code = await verifyAudit({ json: true, heads, trails, ...options });
    return { code, verdicts: JSON.parse(printed.join('')) };
  } finally {
    print.mockRestore();
  }
}

beforeAll(async () => {
  writeFileSync(trails, JSON.stringify(placesOn(platform())), { mode: 0o600 });
  await registerPatient(await signedInAs('secretary'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('each service and auth note each other’s heads, through their sidecars', async () => {
  await until(async () => {
    const { auth, patient } = await verifiedChains(platform());
    return Boolean(auth?.compared && patient?.compared);
  }, 150_000);
}, 160_000);

it('verify-audit finds the trails of a practice whole, and keeps how far they go for the next time', async () => {
  // Copies that other tests put back contradict what was noted since.
  const before = await verify({ accept: 'copies that tests put back' });
  for (const { faults } of Object.values(before.verdicts) as { faults: { kind: string }[] }[]) {
    expect(faults.filter(({ kind }) => kind !== 'cut-off' && kind !== 'rewritten')).toEqual([]);
  }
  const first = await verify();
  expect(first.code).toBe(0);
  expect(Object.keys(first.verdicts).sort()).toEqual([...platform().services].sort());
  expect(statSync(heads).mode & 0o77).toBe(0);
  const again = await verify();
  expect(again.code).toBe(0);
  const known = JSON.parse(readFileSync(heads, 'utf8')).heads.patient;
  expect(known.at(-1)).toMatchObject(again.verdicts.patient.head);
});

it('an end that it saw and that is there no more is told until somebody accepts it', async () => {
  const kept = JSON.parse(readFileSync(heads, 'utf8'));
  kept.heads.patient.push({ sequence: 9_000_000, hash: 'ab'.repeat(32), at: new Date().toISOString() });
  writeFileSync(heads, JSON.stringify(kept));
  const { code, verdicts } = await verify();
  expect([code, verdicts.patient.faults]).toEqual([
    1,
    [expect.objectContaining({ kind: 'cut-off', until: 9_000_000, by: heads })],
  ]);
  expect((await verify({ accept: 'made by a test' })).code).toBe(0);
  const { patient } = (await verify()).verdicts;
  expect([patient.isWhole, patient.faults]).toEqual([true, []]);
});
