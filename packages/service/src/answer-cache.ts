import type { Clock } from '@cabinet/kit/clock';
import { forAll } from '@cabinet/kit/http/request-context';
import { LRUCache } from 'lru-cache';

export interface AnswerCacheOptions {
  freshMs: number;
  clock: Clock;
  entriesMax?: number;
}

/**
 * Caches answers for a few seconds, and asks once for all who want the same at the same time. An answer's age counts
 * from when it was asked for. A question that failed is not cached.
 */
export class AnswerCache<T> {
  private readonly answers: LRUCache<string, Promise<T>>;

  constructor(
    private readonly ask: (key: string) => Promise<T>,
    { freshMs, clock, entriesMax = 5_000 }: AnswerCacheOptions,
  ) {
    const perf = { now: () => clock.now().getTime() };
    // To the library an answer of just this age is still fresh.
    this.answers = new LRUCache({ max: entriesMax, ttl: freshMs - 1, ttlResolution: 0, perf });
  }

  get(key: string): Promise<T> {
    const known = this.answers.get(key);
    if (known) return known;
    const answer = forAll(() => this.ask(key));
    this.answers.set(key, answer);
    answer.catch(() => {
      if (this.answers.peek(key) === answer) this.answers.delete(key);
    });
    return answer;
  }
}
