import { setTimeout as delay } from 'node:timers/promises';

/** Waits until a number that grows has stopped growing. */
export async function untilStill(read: () => number): Promise<void> {
  for (let before = -1, sameFor = 0; sameFor < 10; ) {
    const now = read();
    sameFor = now > 0 && now === before ? sameFor + 1 : 0;
    before = now;
    await delay(20);
  }
}
