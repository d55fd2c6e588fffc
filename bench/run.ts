import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { workTree } from '../dev/cache.mjs';
import { startPlatform } from '../dev/src/background.ts';
import type { Platform } from '../dev/src/platform.ts';
import { Problem } from '../dev/src/problem.ts';
import { measureAccess } from './access.ts';
import { measureAlerts } from './alerts/run.ts';
import { measureAppointments } from './appointments/run.ts';
import { measureAudit } from './audit/run.ts';
import { measureBooking } from './booking.ts';
import { type Figure, toTable, within } from './figures.ts';
import { measureGateway } from './gateway/gateway.ts';
import { measureMemory, measureMemoryAtRest } from './memory.ts';
import { workMixed } from './mixed.ts';
import { measureNotification } from './notification/run.ts';
import { measurePortal } from './portal/run.ts';
import { preparePractice } from './practice.ts';
import { measureReadings } from './readings/run.ts';
import { measureRegistry } from './registry/run.ts';
import { atRest } from './rest.ts';
import { measureSignIn } from './sign-in/run.ts';
import { measureSlotSearch } from './slots.ts';
import { measureStream } from './stream/run.ts';

const readySecondsMax = 30;
/** As many as a large practice makes in a day. */
const mixedRequests = 40_000;

/** What can be measured alone; everything else is measured on one platform. */
const alone: Record<string, (say: (text: string) => void) => Promise<Figure[]>> = {
  access: measureAccess,
  alerts: measureAlerts,
  appointments: measureAppointments,
  audit: measureAudit,
  gateway: measureGateway,
  notification: measureNotification,
  portal: measurePortal,
  readings: measureReadings,
  registry: measureRegistry,
  'sign-in': measureSignIn,
  stream: measureStream,
};

/** Measures one thing that needs no platform. @returns the exit code: 0 when every figure holds */
export async function runBenchOf(name: string, json: boolean): Promise<number> {
  const measureIt = alone[name];
  if (!measureIt) throw new Problem(`there is no benchmark "${name}", only: ${Object.keys(alone).join(', ')}.`);
  return show(await measureIt(say), json);
}

/**
 * Measures a platform of its own, seeded and warm. Figures depend on the machine and what else it does; each stands
 * beside a peer or limit of the same run.
 * @returns the exit code: 0 when every figure holds
 */
export async function runBench(json: boolean): Promise<number> {
  const home = join(workTree, '.cabinet/bench');
  const start = () => startPlatform({ home, ports: 'free' });
  rmSync(home, { recursive: true, force: true });
  say('bring up and seed ...');
  const first = await start();
  await atRest(first);
  await first.down();
  say('bring up, warm ...');
  const began = performance.now();
  const platform = await start();
  const seconds = (performance.now() - began) / 1_000;
  try {
    const figures = [within('warm start to ready', 's', seconds, readySecondsMax), ...(await measure(platform, say))];
    return show(figures, json);
  } finally {
    await platform.down();
  }
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

function show(figures: Figure[], json: boolean): number {
  console.log(json ? JSON.stringify(figures, null, 2) : toTable(figures));
  return figures.every(({ holds }) => holds) ? 0 : 1;
}

async function measure(platform: Platform, say: (text: string) => void): Promise<Figure[]> {
  const idle = await measureMemoryAtRest(platform);
  const practice = await preparePractice(platform);
  say('slot search ...');
  const slots = await measureSlotSearch(practice);
  say('booking ...');
  const booking = await measureBooking(platform, practice);
  say('mixed work ...');
  await workMixed(practice, mixedRequests);
  const busy = measureMemory(platform).map((each) => ({ ...each, name: `${each.name}, under load` }));
  await atRest(platform);
  const after = (await measureMemoryAtRest(platform)).map((each) => ({
    ...each,
    name: `${each.name}, after the load`,
  }));
  // What a process may have for a moment is bounded by the whole.
  return [...idle, ...busy.slice(0, 1), ...after, ...slots, booking];
}
