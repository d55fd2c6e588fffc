import { type Figure, toTable } from '../figures.ts';
import { measureBackTest } from './back-test.ts';
import { measureLatency } from './latency.ts';
import { measureManyPatients } from './many-patients.ts';
import { Stand } from './stand.ts';

type Say = (text: string) => void;

/** How soon a reading rings and up to how many of them, how fast a rule is tried on what was, and what each patient costs. */
export async function measureAlerts(say: Say): Promise<Figure[]> {
  say('bring up what takes readings and what watches over them ...');
  await using stand = await Stand.start();
  const figures: Figure[] = [];
  const measured = (...found: Figure[]) => {
    figures.push(...found);
    say(toTable(found));
  };
  // First, while nobody else was heard of.
  say('back-test ...');
  measured(...(await measureBackTest(stand)));
  say('from reading to alert ...');
  measured(...(await measureLatency(stand, say)));
  say('patients ...');
  figures.push(...(await measureManyPatients(stand, say)));
  return figures;
}
