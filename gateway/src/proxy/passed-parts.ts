import { collectGarbage } from '@cabinet/kit/memory';

const bytesMax = 8 * 1024 * 1024;

let bytes = 0;

/**
 * Takes note of a part of a body that is passed on. Parts lie outside the engine's heap, and when they have grown to some
 * tens of MiB it marks all that lives, for a third of the time while bodies pass. The objects that hold them are few and
 * young: a collection of what is young takes a millisecond and lets go of them all.
 */
export function notePassed(part: Buffer): void {
  bytes += part.length;
  if (bytes < bytesMax) return;
  bytes = 0;
  setImmediate(collectGarbage, { type: 'minor' });
}
