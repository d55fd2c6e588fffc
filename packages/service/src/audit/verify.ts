import { type AuditKeys, chainStart, type Head, isGenuine, type SealedEvent } from './chain.js';

/** A head of the chain that was noted outside its database. */
export interface KnownHead extends Head {
  /** Who noted it. */
  by: string;
  at: Date;
}

export type FaultKind = 'changed' | 'missing' | 'unkeyed' | 'key-unknown' | 'rewritten' | 'cut-off';

/** Where a chain is not what was written, and how that shows. */
export interface Fault {
  kind: FaultKind;
  /** The first event concerned. */
  sequence: number;
  /** The last one, where there are several. */
  until?: number;
  /** Who noted outside that the last one was there, and with which hash. */
  by?: string;
  hash?: string;
}

/** The same for the same fault, however the chain goes on. */
export const faultKey = ({ kind, sequence, until, hash }: Fault): string =>
  hash ? `head ${until} ${hash}` : `${kind} ${sequence}`;

export interface ChainVerdict {
  isWhole: boolean;
  /** Events looked at. */
  events: number;
  head: Head;
  /** Heads noted elsewhere that this chain was compared with. */
  compared: number;
  /** In order; of very many the first. */
  faults: Fault[];
  /** How many there are. */
  faulty: number;
}

const faultsMax = 10_000;

/** Walks a chain in order, page after page, and compares it with what others noted of it. */
export class ChainWalk {
  private head: Head = chainStart;
  private events = 0;
  private isKeyed = false;
  /** After a gap nobody can tell what stood before. */
  private isLinked = true;
  private readonly faults: Fault[] = [];
  private faulty = 0;
  private readonly known: KnownHead[];
  private nextKnown = 0;
  private agreed = 0;

  constructor(
    private readonly keys: AuditKeys,
    known: KnownHead[] = [],
  ) {
    this.known = known.toSorted((a, b) => a.sequence - b.sequence);
  }

  take(page: readonly SealedEvent[]): void {
    for (const event of page) this.check(event);
  }

  end(): ChainVerdict {
    const after = this.head.sequence + 1;
    for (const { sequence: until, hash, by } of this.known) {
      if (until >= after) this.found({ kind: 'cut-off', sequence: after, until, by, hash });
    }
    const { events, head, faults, faulty } = this;
    const inOrder = faults.toSorted((a, b) => a.sequence - b.sequence);
    return { isWhole: faulty === 0, events, head, compared: this.known.length, faults: inOrder, faulty };
  }

  private check(event: SealedEvent): void {
    const { sequence } = event;
    const wanted = this.head.sequence + 1;
    if (sequence !== wanted) {
      if (sequence > wanted) this.found({ kind: 'missing', sequence: wanted, until: sequence - 1 });
      else this.found({ kind: 'changed', sequence });
      this.isLinked = false;
    }
    this.checkSeal(event);
    this.isLinked = true;
    this.isKeyed ||= event.keyId !== undefined;
    this.events += 1;
    this.head = { sequence, hash: event.hash };
    this.compare(event);
  }

  private checkSeal(event: SealedEvent): void {
    const kind = this.faultOf(event);
    if (kind) this.found({ kind, sequence: event.sequence });
  }

  private faultOf(event: SealedEvent): FaultKind | undefined {
    // Whoever has no key can make only such.
    if (this.isKeyed && event.keyId === undefined) return 'unkeyed';
    const genuine = isGenuine(event, this.head.hash, this.keys);
    if (genuine === undefined) return 'key-unknown';
    return genuine || !this.isLinked ? undefined : 'changed';
  }

  private compare({ sequence, hash }: SealedEvent): void {
    for (; ; this.nextKnown += 1) {
      const known = this.known[this.nextKnown];
      if (!known || known.sequence > sequence) return;
      if (known.sequence < sequence) continue;
      if (known.hash === hash) this.agreed = sequence;
      else {
        const { by, hash } = known;
        this.found({ kind: 'rewritten', sequence: this.agreed + 1, until: sequence, by, hash });
      }
    }
  }

  private found(fault: Fault): void {
    this.faulty += 1;
    if (this.faults.length < faultsMax) this.faults.push(fault);
  }
}

/** @param known heads that were noted outside the database */
export async function verifyChain(
  pages: AsyncIterable<readonly SealedEvent[]> | Iterable<readonly SealedEvent[]>,
  keys: AuditKeys,
  known: KnownHead[] = [],
): Promise<ChainVerdict> {
  const walk = new ChainWalk(keys, known);
  for await (const page of pages) walk.take(page);
  return walk.end();
}
