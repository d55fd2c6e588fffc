import pg from 'pg';
import { type Home, readJson, writeWhole } from '../home.ts';
import type { Platform } from '../platform.ts';
import { messageOf } from '../problem.ts';
import type { Progress } from '../progress.ts';
import { seed, seededServices } from './index.ts';

/** What became of the demonstration practice in this home; it lies among the data, so that `reset` forgets it with them. */
type Outcome = 'begun' | 'done' | 'declined';

const fileIn = (home: Home): string => home.data('seed.json');
const outcomeIn = (home: Home): Outcome | undefined => readJson<{ seed: Outcome }>(fileIn(home))?.seed;
const note = (home: Home, outcome: Outcome): void => writeWhole(fileIn(home), JSON.stringify({ seed: outcome }), 0o600);

/**
 * Seeds a practice in which nobody is yet, once in its life. One that began without stays without, and a seed that was cut
 * short goes on. What it cannot do it says: the practice runs without.
 * @param wanted false: this practice is never seeded
 */
export async function seedOnce(
  platform: Pick<Platform, 'home' | 'url' | 'services' | 'databaseUrl'>,
  wanted: boolean,
  progress: Progress,
): Promise<void> {
  const { home } = platform;
  if (!wanted) return note(home, 'declined');
  const known = outcomeIn(home);
  if (known === 'done' || known === 'declined') return;
  const nothing = (why: string) => progress.say(`Nothing is seeded: ${why}.`);
  if (seededServices.some((name) => !platform.services.includes(name)))
    return nothing(`that takes ${seededServices.join(', ')}`);
  if (process.env.CABINET_MODE === 'production')
    return nothing('in production there are no logins that everybody knows');
  try {
    if (!known && (await hasPeople(platform))) return note(home, 'declined');
    await seed(platform, progress, () => note(home, 'begun'));
    note(home, 'done');
  } catch (error) {
    progress.say(
      `The demonstration practice is not complete: ${messageOf(error)}\nAlice and Dr Bernard are linked to nobody until it is. ` +
        'All else runs; stop it and start it again, and the demonstration goes on where it ended.',
    );
  }
}

/** Asked of the databases: nobody's password need be known for it. */
async function hasPeople(platform: Pick<Platform, 'databaseUrl'>): Promise<boolean> {
  for (const people of ['practitioner', 'patient']) {
    const client = new pg.Client({ connectionString: platform.databaseUrl(people) });
    await client.connect();
    try {
      const { rowCount } = await client.query(`select 1 from ${people} limit 1`);
      if (rowCount) return true;
    } finally {
      await client.end();
    }
  }
  return false;
}
