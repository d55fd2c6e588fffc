import type { Clock } from '@cabinet/kit/clock';
import { FieldErrors } from '@cabinet/kit/errors';
import type { ChannelName } from '../channel.js';
import { daysAfter, instantOf } from '../time/zoned-time.js';
import type { Decision, Hold, Reason, State } from './decision.js';

/** How many messages that were due on a day something became of. */
export interface Count {
  /** By the clock of the practice. */
  day: string;
  channel: ChannelName;
  state: State;
  /** Why it did not leave, has not yet, or failed; absent of what has left. */
  why?: Reason | Hold | NonNullable<Decision['failure']>['class'];
  count: number;
}

export interface Counts {
  items: Count[];
  /** What is due and has not left, and since when the oldest of it. */
  overdue: { count: number; since?: Date };
}

export interface DecisionCounts {
  /** Of what was due between the two; days are those of the zone. */
  count(from: Date, to: Date, zone: string): Promise<Count[]>;
  overdue(now: Date): Promise<Counts['overdue']>;
}

/** More are not shown together. */
const daysMax = 31;

/** What became of the messages of some days, in numbers: whether they arrive, by what, and why not. Of whom they are is in none of them. */
export class CountDecisions {
  constructor(
    private readonly decisions: DecisionCounts,
    /** IANA, of the practice. */
    private readonly zone: string,
    private readonly clock: Clock,
  ) {}

  /**
   * @param from the first day, and `to` the last, as YYYY-MM-DD
   * @throws InvalidInput (422) for days in the wrong order, or more than 31
   */
  async of(from: string, to: string): Promise<Counts> {
    const errors = new FieldErrors();
    if (to < from) errors.add('lastDay', 'BEFORE_FIRST', 'is before the first day');
    else if (to >= daysAfter(from, daysMax))
      errors.add('lastDay', 'TOO_LONG', `is more than ${daysMax} days from the first`);
    errors.throwIfAny();
    const begins = (day: string) => new Date(instantOf(day, '00:00', this.zone));
    const [items, overdue] = await Promise.all([
      this.decisions.count(begins(from), begins(daysAfter(to, 1)), this.zone),
      this.decisions.overdue(this.clock.now()),
    ]);
    return { items, overdue };
  }
}
