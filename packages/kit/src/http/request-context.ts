import { AsyncLocalStorage } from 'node:async_hooks';
import type { Principal } from '../access/principal.js';
import { newId } from '../ids.js';

/** What is known about the request (or event) that the current code runs for. */
export interface RequestContext {
  requestId: string;
  traceId?: string;
  principal?: Principal;
  /** What the request is for, such as `GET /api/patients/:id`; never its own path, which holds ids. */
  action?: string;
  /** People whose data the request reads or changes, for the audit trail. */
  subjects?: Set<string>;
  /** Aborted when the caller of a request that only reads has gone: what serves it then ends. Writes run to their end. */
  signal?: AbortSignal;
  /** Set for a request with an Idempotency-Key. */
  effect?: Effect;
}

/** What a request creates. */
export interface Effect {
  /** The id to give to it: the same however often a request with an Idempotency-Key is begun. */
  id: string;
  /** True when a process has died in the middle of the same request: the thing may be there already. */
  wasBegun: boolean;
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
export function forAll<T>(work: () => T): T {
  const context = currentContext();
  return context?.signal ? runInContext({ ...context, signal: undefined }, work) : work();
}

/** What the request at hand creates, so that it is created once even if a process dies between storing and answering. */
export const effectOfRequest = (): Effect => currentContext()?.effect ?? { id: newId(), wasBegun: false };

/** What the request at hand stored before its process died, if it did: to be answered, and not to be done again. */
export async function storedBefore<T>(find: (id: string) => Promise<T | undefined>): Promise<T | undefined> {
  const { id, wasBegun } = effectOfRequest();
  return wasBegun ? find(id) : undefined;
}
