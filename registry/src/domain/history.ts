import type { Change, ChangeReason } from './changes.js';

/** Something that happened, in few words: whole instances would make the memory of it large. */
export interface HistoryEntry {
  at: number;
  app: string;
  instanceId: string;
  reason: ChangeReason;
  status: string;
}

const entriesMax = 1000;

/** The latest events, newest first: who came, who left, and all of them. */
export class History {
  private readonly entries: HistoryEntry[] = [];
  private readonly arrivals: HistoryEntry[] = [];
  private readonly departures: HistoryEntry[] = [];

  note({ at, reason, type, registration: { instance } }: Change): void {
    const entry = { at, reason, app: instance.app, instanceId: instance.instanceId, status: instance.status };
    keep(this.entries, entry);
    if (type === 'DELETED') keep(this.departures, entry);
    else if (reason === 'registered') keep(this.arrivals, entry);
  }

  latest(count: number): HistoryEntry[] {
    return this.entries.slice(-count).reverse();
  }

  registered(): HistoryEntry[] {
    return this.arrivals.slice(-entriesMax).reverse();
  }

  cancelled(): HistoryEntry[] {
    return this.departures.slice(-entriesMax).reverse();
  }

  /** Of each application that none is left of, who left last; the latest first. */
  away(isThere: (app: string) => boolean): HistoryEntry[] {
    const last = new Map<string, HistoryEntry>();
    for (const entry of this.cancelled()) if (!last.has(entry.app) && !isThere(entry.app)) last.set(entry.app, entry);
    return [...last.values()];
  }
}

// Cut in halves, so that forgetting costs next to nothing an event.
function keep(list: HistoryEntry[], entry: HistoryEntry): void {
  list.push(entry);
  if (list.length >= 2 * entriesMax) list.splice(0, entriesMax);
}
