import type { Clock } from '@cabinet/kit/clock';

export interface Rate {
  perSecond: number;
  /** How many at once. */
  burst: number;
}

interface Bucket {
  left: number;
  at: number;
}

// More clients than this at a time are not told apart; the longest known is forgotten first.
const clientsMax = 10_000;

/** A bucket of tokens for each client, filled at a steady rate. */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly rate: Rate,
    private readonly clock: Clock,
  ) {}

  /** @returns false when the client has used up what it may. */
  take(client: string): boolean {
    const { perSecond, burst } = this.rate;
    const now = this.clock.now().getTime();
    const bucket = this.buckets.get(client) ?? this.open(client, now);
    bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  }

  /** Takes afterwards what a request turned out to cost. */
  charge(client: string, tokens: number): void {
    const bucket = this.buckets.get(client);
    if (bucket) bucket.left -= tokens;
  }

  private open(client: string, now: number): Bucket {
    const [oldest] = this.buckets.keys();
    if (this.buckets.size >= clientsMax && oldest !== undefined) this.buckets.delete(oldest);
    const bucket = { left: this.rate.burst, at: now };
    this.buckets.set(client, bucket);
    return bucket;
  }
}
