import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ApiClient } from '../api-client.ts';
import { Platform } from '../platform.ts';
import { Problem } from '../problem.ts';
import { Progress, ProgressDisplay } from '../progress.ts';
import { seededPassword } from '../seed/index.ts';
import { stopSignals } from '../stop-signals.ts';
import { Simulation } from './simulation.ts';

const liveEveryMs = 60_000;
/** A sign-in lasts ten minutes. */
const signInMs = 5 * 60_000;

interface Options {
  patients: number;
  days: number;
  seed: number;
  live: boolean;
  json: boolean;
  url?: string;
}

/**
 * Lets patients of a practice measure at home: pairs devices with them, and sends what these measured in the days until now, as
 * devices do. With `--live` it goes on until it is stopped.
 * @returns the exit code
 */
export async function simulate(args: string[]): Promise<number> {
  const options = readOptions(args);
  const gateway = options.url ?? runningGateway();
  const stopped = stopSignals();
  const desk = deskOf(gateway);
  const began = performance.now();
  // What a program reads has nothing else between.
  const display = options.json ? () => undefined : new ProgressDisplay().show;
  const progress = new Progress(display);
  const patientIds = await patientsOf(await desk(), options.patients);
  const simulation = new Simulation({ gateway, desk, patientIds, ...options, now: new Date() });
  await progress.step(`simulate ${options.days} days of ${patientIds.length} people`, async (note) => {
    await simulation.sendPast((people) => note(`${people} of ${patientIds.length} people`), stopped.signal);
    return said(simulation);
  });
  while (options.live && !stopped.signal.aborted) {
    await delay(liveEveryMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    if (!stopped.signal.aborted) await simulation.sendSince(new Date(), stopped.signal);
    progress.say(`${new Date().toISOString()} ${said(simulation)}`);
  }
  const { people, devices, tally } = simulation;
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  if (options.json) console.log(JSON.stringify({ seed: options.seed, people, devices, ...tally, seconds }, null, 2));
  else for (const [why, times] of Object.entries(tally.refusals)) progress.say(`  refused: ${why}, ${times} times`);
  return 0;
}

const said = ({ tally, devices }: Simulation): string =>
  `${devices} devices: ${tally.stored} readings stored, ${tally.known} known, ${tally.corrected} corrected, ${tally.refused} refused` +
  (tally.waits > 0 ? `; waited ${tally.waits} times` : '');

function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      patients: { type: 'string', default: '20' },
      days: { type: 'string', default: '30' },
      seed: { type: 'string', default: '1' },
      live: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      url: { type: 'string' },
    },
  });
  const { live, json, url } = values;
  return {
    patients: whole('--patients', values.patients, 1, 100_000),
    days: whole('--days', values.days, 1, 3_660),
    seed: whole('--seed', values.seed, 0, 1_000_000_000),
    ...{ live, json, url },
  };
}

function whole(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Problem(`${option} takes a whole number from ${least} to ${most}.`);
}

function runningGateway(): string {
  const platform = Platform.running();
  if (!platform?.isReady)
    throw new Problem('Cabinet is not running: npm run up starts it, --url names another gateway.');
  if (!platform.services.includes('wearable'))
    throw new Problem('wearable is not among what runs: readings are sent to it.');
  return platform.url('gateway');
}

/** The secretary of the demonstration, or whom CABINET_EMAIL names. */
function deskOf(gateway: string): () => Promise<ApiClient> {
  let current: Promise<ApiClient> | undefined;
  let since = 0;
  return () => {
    if (!current || performance.now() - since > signInMs) {
      since = performance.now();
      const { CABINET_EMAIL = 'secretary@cabinet.test', CABINET_PASSWORD = seededPassword } = process.env;
      current = ApiClient.signIn(gateway, CABINET_EMAIL, CABINET_PASSWORD);
    }
    return current;
  };
}

/** Those who stand first in the list. */
async function patientsOf(desk: ApiClient, count: number): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const limit = Math.min(200, count - found.length);
    const query = new URLSearchParams({ active: 'true', limit: String(limit), ...(cursor && { cursor }) });
    const { items, nextCursor } = await desk.get(`/api/patients?${query}`);
    found.push(...items.map(({ id }: { id: string }) => id));
    cursor = nextCursor ?? undefined;
  } while (cursor && found.length < count);
  if (found.length < count)
    throw new Problem(`the practice has ${found.length} patients: --patients ${found.length} takes all.`);
  return found;
}
