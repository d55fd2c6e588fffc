import { createHash } from 'node:crypto';

/** One access to personal or medical data: who, in which role, did what to whom, when, from where, with what outcome. */
export interface AuditEvent {
  at: Date;
  /** User id, or the app-id of a service. */
  actor: string;
  roles: string[];
  /** Method and route pattern, without ids: `GET /api/patients/:patientId`. */
  action: string;
  /** The people concerned: patients, practitioners or users. */
  subjects: string[];
  /** HTTP status of the answer. */
  outcome: number;
  requestId: string;
  /** Where the request came from, as far as the gateway says. */
  address?: string;
}

/** An event in its place in the chain. */
export interface SealedEvent extends AuditEvent {
  /** 1 for the first, one more for each. */
  sequence: number;
  /** SHA-256 over the previous hash and this event, in hexadecimal. */
  hash: string;
}

/** What stands before the first event. */
export const chainStart = '0'.repeat(64);

/** Chains an event to its predecessor, so that neither can be changed or taken out unnoticed. */
export function seal(event: AuditEvent, sequence: number, previousHash: string): SealedEvent {
  return { ...event, sequence, hash: hashOf(event, sequence, previousHash) };
}

function hashOf(event: AuditEvent, sequence: number, previousHash: string): string {
  const { at, actor, roles, action, subjects, outcome, requestId, address } = event;
  const content = [sequence, at.toISOString(), actor, roles, action, subjects, outcome, requestId, address ?? null];
  return createHash('sha256').update(previousHash).update(JSON.stringify(content)).digest('hex');
}

export interface ChainVerdict {
  isWhole: boolean;
  /** Events looked at. */
  events: number;
  /** The first place at which the chain is broken: something before or at it was changed, taken out or put in. */
  brokenAt?: number;
  /** Hash of the last event; kept elsewhere, it shows later whether the end was cut off. */
  head: string;
}

/** Walks the chain in order. */
export async function verifyChain(events: AsyncIterable<SealedEvent> | Iterable<SealedEvent>): Promise<ChainVerdict> {
  let [count, head] = [0, chainStart];
  for await (const event of events) {
    const isNext = event.sequence === count + 1 && event.hash === hashOf(event, event.sequence, head);
    if (!isNext) return { isWhole: false, events: count, brokenAt: count + 1, head };
    [count, head] = [count + 1, event.hash];
  }
  return { isWhole: true, events: count, head };
}
