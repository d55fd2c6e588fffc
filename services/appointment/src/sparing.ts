/** For what many changes wake: who wake it together are served together, and it rests as long as it worked. */
export const sparing = { wakeMs: 200, restMs: 200, restsAsLong: true };
