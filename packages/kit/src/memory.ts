import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/**
 * Collects garbage now, where we know better than the engine when.
 *
 * @see https://nodejs.org/api/cli.html#--expose-gc its options are those of V8's gc extension
 */
export const collectGarbage = runInNewContext('gc') as (options: {
  type: 'minor' | 'major';
  execution?: 'sync';
  flavor?: 'last-resort';
}) => void;

/** From now on the engine collects when it needs room, and not because there is nothing else to do. */
const collectOnlyForRoom = (): void => setFlagsFromString('--no-memory-reducer');

/**
 * Gives memory back whenever the process comes to rest, first after its start: loading modules, or a rush of requests,
 * leaves about as much garbage as the process then lives on, and the engine would keep the room for it.
 *
 * @param once only after the start. A collection at rest finds none of the objects that requests are made of, and throws
 * away, with their shapes, the machine code for them: the next ten thousand requests then cost half as much again.
 */
export function releaseMemoryAtRest(once: boolean): void {
  let last = performance.eventLoopUtilization();
  let hasWorked = true;
  const look = () => {
    const { utilization } = performance.eventLoopUtilization(last);
    last = performance.eventLoopUtilization();
    const isAtRest = utilization < restingUtilizationMax;
    if (isAtRest && hasWorked) collectGarbage({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    hasWorked = !isAtRest;
    if (!once) return;
    clearInterval(looking);
    collectOnlyForRoom();
  };
  const looking = setInterval(look, 3_000).unref();
}

/** Probes, leases and polling alone take about a fiftieth of the time. */
const restingUtilizationMax = 0.1;
