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
export const collectOnlyForRoom = (): void => setFlagsFromString('--no-memory-reducer');
