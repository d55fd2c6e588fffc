const buckets = 60;

/** How many renewals came in the last sixty seconds. */
export class RenewalRate {
  private readonly counts = new Uint32Array(buckets);
  private second = 0;
  private total = 0;

  note(now: number): void {
    this.moveTo(now);
    this.counts[this.second % buckets] = (this.counts[this.second % buckets] ?? 0) + 1;
    this.total += 1;
  }

  lastMinute(now: number): number {
    this.moveTo(now);
    return this.total;
  }

  private moveTo(now: number): void {
    const second = Math.floor(now / 1000);
    if (second - this.second >= buckets) {
      this.counts.fill(0);
      this.total = 0;
      this.second = second;
    }
    while (this.second < second) {
      this.second += 1;
      this.total -= this.counts[this.second % buckets] ?? 0;
      this.counts[this.second % buckets] = 0;
    }
  }
}
