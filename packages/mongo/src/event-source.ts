import { type Fact, toToldEvent } from '@cabinet/service/sidecar/facts';
import type { Journal } from './journal.js';

/**
 * Makes a change of a document and the events that tell of it one, by the journal, from where they are published.
 * @typeParam Happened what a fact is made of, such as a record and what happened to it
 */
export class EventSource<Happened extends unknown[]> {
  /** @param name the process that tells */
  constructor(
    readonly name: string,
    private readonly toFact: (...happened: Happened) => Fact,
    private readonly journal: Journal,
  ) {}

  /** As `Journal.change`, with what happened by the change. */
  change(subject: string, version: number, happened: Happened[], make: () => Promise<boolean>): Promise<boolean> {
    const events = happened.map((each) => toToldEvent(this.name, this.toFact(...each)));
    return this.journal.change(subject, version, events, make);
  }
}
