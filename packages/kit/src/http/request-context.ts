import { AsyncLocalStorage } from 'node:async_hooks';
import type { Principal } from '../access/principal.js';
import { newId } from '../ids.js';
import type { Operation } from './operations.js';

/** What is known about the request (or event) that the current code runs for. */
export interface RequestContext {
  requestId: string;
  traceId?: string;
  principal?: Principal;
  /** What the request is for, such as `GET /api/patients/:id`; never its own path, which holds ids. */
  action?: string;
  /** The operation of the OpenAPI document that it is a request for. */
  operation?: Operation;
  access?: AccessNoted;
  /** People whose data the request reads or changes, for the audit trail. */
  subjects?: Set<string>;
  /** Why data is seen, by a code of HL7's PurposeOfUse, where it is not what people of the caller's role usually do. */
  purpose?: string;
  /** The person for whom the caller acts; null: for several. */
  onBehalfOf?: string | null;
  /** Aborted when the caller of a request that only reads has gone: what serves it then ends. Writes run to their end. */
  signal?: AbortSignal;
  /** What the audit trail would say of the request by now, and of these people. */
  auditEvent?: (subjects: string[]) => object;
  auditNotes?: AuditNotes;
  /** Set for a request with an Idempotency-Key. */
  claim?: HeldClaim;
}

/** Notes for the audit trail that are stored with what a request changes, until its answer. */
export interface AuditNotes {
  ids: string[];
  /** How many of its subjects stand in earlier ones, and in all of them. */
  before: number;
  noted: number;
}

/** What the access table said of a request; absent in both: nothing yet, or no. */
export interface AccessNoted {
  /** What the caller is to what they ask for: `self`, `care`. */
  relation?: string;
  /** Why they may: `treatment`. */
  purpose?: string;
  /** True when what is at hand is kept from a minor's guardians, and so is that it was asked for. */
  isKeptFromGuardians?: boolean;
  /** True when that is kept from them which practitioner it was for, if it is refused. */
  readonly isRefusalKeptFromGuardians?: boolean;
}

/** What a request creates or changes. */
export interface Effect {
  /** The id to give to what it creates: the same however often a request with an Idempotency-Key is begun. */
  id: string;
  /** True when a process has died in the middle of the same request: the thing may be there already. */
  wasBegun: boolean;
  /** True when what the same request changes is stored, and its answer was lost. */
  wasStored: boolean;
}

export interface IdempotencyKey {
  /** Who sent it: keys of two callers never meet. */
  caller: string;
  /** Method and address with its query, which may say what the body does not (`?acceptDuplicate=true`). */
  operation: string;
  key: string;
}

/** A key while its first request runs. A later claim to the same key has another id, so the two cannot be mistaken. */
export interface HeldClaim extends IdempotencyKey {
  id: string;
  effect: Effect;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const currentContext = (): RequestContext | undefined => storage.getStore();

export const runInContext = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);

/** Thrown into work whose caller has gone; nobody hears of it. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned';

  constructor() {
    super('Nobody waits for this any more');
  }
}

/** To be asked in loops that may take long. @throws Abandoned when nobody waits for their result any more */
export const stopIfAbandoned = (): void => currentContext()?.signal?.throwIfAborted();

/** Work whose result others may be waiting for, too: it goes on when the caller who began it has gone. */
export const forAll = <T>(work: () => T): T => forAllOf(currentContext(), work);

/** Work for several requests, in the name of one that waits for it; it goes on when that one's caller has gone. */
export const forAllOf = <T>(context: RequestContext | undefined, work: () => T): T =>
  context ? runInContext(context.signal ? { ...context, signal: undefined } : context, work) : storage.exit(work);

/** What the request at hand creates, so that it is created once even if a process dies between storing and answering. */
export const effectOfRequest = (): Effect =>
  currentContext()?.claim?.effect ?? { id: newId(), wasBegun: false, wasStored: false };

/** What the request at hand stored before its process died, if it did: to be answered, and not to be done again. */
export async function storedBefore<T>(find: (id: string) => Promise<T | undefined>): Promise<T | undefined> {
  const { id, wasBegun } = effectOfRequest();
  return wasBegun ? find(id) : undefined;
}

/**
 * True when the request at hand repeats one whose change is stored and whose answer was lost: the thing is to be answered as
 * it is now, whatever its version (RFC 9110, section 13.1.1). To be asked once the caller is known to have access.
 */
export const wasStoredBefore = (): boolean => currentContext()?.claim?.effect.wasStored ?? false;
