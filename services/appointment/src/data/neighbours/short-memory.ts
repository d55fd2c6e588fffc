import type { Clock } from '@cabinet/kit/clock';
import { forAll } from '@cabinet/kit/http/request-context';

export interface ShortMemoryOptions {
  freshMs: number;
  clock: Clock;
  entriesMax?: number;
}

interface Entry<T> {
  answer: Promise<T>;
  askedAt: number;
}

/**
 * Remembers answers for a few seconds, and asks once for all who want the same at the same time. An answer's age counts
 * from when it was asked for. A question that failed is not remembered.
 */
export class ShortMemory<T> {
  private readonly entries = new Map<string, Entry<T>>();

  constructor(
    private readonly ask: (key: string) => Promise<T>,
    private readonly options: ShortMemoryOptions,
  ) {}

  get(key: string): Promise<T> {
    const now = this.options.clock.now().getTime();
    const known = this.entries.get(key);
    if (known && now - known.askedAt < this.options.freshMs) return known.answer;
    const entry = { answer: forAll(() => this.ask(key)), askedAt: now };
    this.entries.delete(key);
    this.entries.set(key, entry);
    entry.answer.catch(() => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    });
    this.forgetOldest();
    return entry.answer;
  }

  private forgetOldest(): void {
    const oldest = this.entries.keys().next();
    if (this.entries.size > (this.options.entriesMax ?? 5_000) && !oldest.done) this.entries.delete(oldest.value);
  }
}
