import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Ways to ask the machine's clock, or the database's, for the time of day. */
const secondClocks = [
  /\bnew Date\(\)/,
  /\bDate\.now\b/,
  /\bDateTime\.(?:now|local|utc)\(\)/,
  /\bTemporal\.Now\b/,
  /\.setIssuedAt\(\)/,
  // `now()` of SQL, and no method of that name.
  /(?<![.\w])now\(\)(?!\s*[:{])/,
  /\b(?:current_(?:timestamp|date|time)|localtime(?:stamp)?|(?:clock|statement|transaction)_timestamp)\b/i,
  /'now'/,
];
const asksAnotherClock = (line: string) => secondClocks.some((clock) => clock.test(line));

/** Where the machine's clock, or the database's, is the right one. */
const allowed: Record<string, string> = {
  'packages/kit/src/clock.ts': 'it is the clock that is given',
  'packages/postgres/src/': 'what replicas agree on by the clock of the database that they share',
  'packages/mongo/src/': 'what replicas agree on, where the database has no clock to ask',
  'packages/service/src/sidecar/': 'when an event was told and heard, and no rule',
  'services/appointment/src/data/booking/postgres-agenda-changes.ts': 'how long changes are told again, and no rule',
  'services/appointment/src/migrations/021-agenda-changes.ts': 'how long changes are told again, and no rule',
  'services/notification/src/data/ledger/postgres-due-decisions.ts': 'leases, which replicas share, and no rule',
  'packages/kit/src/registry/': 'shows when a registry answered, and no rule',
};

const files = globSync(['services/*/src/**/*.ts', 'registry/src/**/*.ts', 'packages/*/src/**/*.ts'], { cwd: root })
  .filter((file) => !file.endsWith('.test.ts') && !file.includes('/generated/'))
  .filter((file) => !Object.keys(allowed).some((place) => file.startsWith(place)));

describe('rules and stored facts', () => {
  it('ask no clock but the one that is given', () => {
    expect(files.length).toBeGreaterThan(200);
    const found = files.flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => (asksAnotherClock(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
  });

  it.each([
    'at: new Date(),',
    'const age = Date.now() - at;',
    'setInterval(look, 1, Date.now)',
    'created_at timestamptz not null default now(),',
    'where expires_at < now() - interval',
    'check (birth_date <= current_date)',
    'DateTime.now().setZone(zone)',
  ])('are told from what asks another: %s', (line) => expect(asksAnotherClock(line)).toBe(true));

  it.each([
    'const now = this.clock.now();',
    'new Date(text)',
    'now(): Date;',
    'private now(): number {',
    'performance.now()',
  ])('may say: %s', (line) => expect(asksAnotherClock(line)).toBe(false));
});
