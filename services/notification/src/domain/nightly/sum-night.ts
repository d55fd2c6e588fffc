import type { Clock } from '@cabinet/kit/clock';
import type { Neighbours, VisitNow } from '../neighbours.js';
import type { NightlySum } from '../ports.js';
import { dateIn, day, daysAfter, instantOf } from '../time/zoned-time.js';

export interface NightlyBooks {
  /** The last day that was summed up; undefined: none was. */
  lastDay(): Promise<string | undefined>;
  /** Sums up what was due between the two, and stores it with how many decisions were missing. */
  sum(its: { day: string; from: Date; to: Date; missing: number; now: Date }): Promise<NightlySum>;
  /** Plans what is not known of these visits. @returns how many were not known as they are */
  heal(visits: readonly VisitNow[]): Promise<number>;
  /** Forgets what was put into texts before then, of which a hash stays, and receipts from before then that nobody waits for. */
  forget(before: { texts: Date; receipts: Date }): Promise<void>;
}

/** How far ahead visits are compared, in days: no reminder leaves earlier. */
const aheadDays = 61;
/** For so long a message can be written anew as it was. */
const textDays = 30;
/** Of so many days on which nobody ran it is said afterwards what became of what was due. */
const lateDays = 31;
/** For so long what a provider said is kept for an answer that has not come yet. */
const receiptDays = 2;
/** By the clock of the practice. */
const hourOfSum = '03:00';

/**
 * Every night: what was to be decided the day before is sent, delivered, suppressed, failed or held, or there is an alarm; and whatever
 * an appointment should send, and nobody here knows of, is planned.
 */
export class SumNight {
  constructor(
    private readonly books: NightlyBooks,
    private readonly neighbours: Pick<Neighbours, 'bookedVisits'>,
    private readonly zone: string,
    private readonly clock: Clock,
    private readonly told: (sums: readonly NightlySum[], missing: number) => void,
  ) {}

  /** Does what is due by now, once for each day, whichever replica comes first, and also of days on which none ran. */
  async run(): Promise<void> {
    const now = this.clock.now();
    const today = dateIn(now.getTime(), this.zone);
    const isNight = instantOf(today, hourOfSum, this.zone) <= now.getTime();
    const yesterday = daysAfter(today, isNight ? -1 : -2);
    const last = await this.books.lastDay();
    if (last !== undefined && last >= yesterday) return;
    const missing = await this.heal(now);
    const first = last === undefined ? yesterday : maxOf(daysAfter(last, 1), daysAfter(yesterday, 1 - lateDays));
    const sums: NightlySum[] = [];
    for (let each = first; each <= yesterday; each = daysAfter(each, 1)) {
      const [from, to] = ['00:00', '24:00'].map((time) => new Date(instantOf(each, time, this.zone))) as [Date, Date];
      // What was found to be missing is missing as of now.
      sums.push(await this.books.sum({ day: each, from, to, missing: each === yesterday ? missing : 0, now }));
    }
    this.told(sums, missing);
    const before = (days: number) => new Date(now.getTime() - days * day);
    await this.books.forget({ texts: before(textDays), receipts: before(receiptDays) });
  }

  /** @throws Unavailable when the appointment service cannot be asked: then the night is summed up later */
  async heal(now = this.clock.now()): Promise<number> {
    let missing = 0;
    for await (const visits of this.neighbours.bookedVisits(now, new Date(now.getTime() + aheadDays * day))) {
      missing += await this.books.heal(visits);
    }
    return missing;
  }
}

/** The later of two ISO dates. */
const maxOf = (a: string, b: string): string => (a > b ? a : b);
