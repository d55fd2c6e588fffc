import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a condition: repeats `look` until it does not throw, and gives back what it returned. */
export async function eventually<T>(look: () => T | Promise<T>, limitMs = 60_000): Promise<T> {
  const until = Date.now() + limitMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > until) throw error;
      await delay(10);
    }
  }
}
