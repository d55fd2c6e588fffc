import type { Clock } from '@cabinet/kit/clock';
import { lapsing } from './erase-record.js';
import type { Records } from './ports.js';

const atOnce = 100;

/** Erases what was kept of the records of erased patients once its time is over. */
export class EndRetention {
  constructor(
    private readonly records: Records,
    private readonly clock: Clock,
  ) {}

  /** What another process changes at the same moment is done by that one, or next time. */
  async round(): Promise<void> {
    const now = this.clock.now();
    for (const record of await this.records.keptUntil(now, atOnce)) {
      const change = lapsing(record, now);
      if (change) await this.records.save(change.record, change.told);
    }
  }
}
