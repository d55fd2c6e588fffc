import { AsyncLocalStorage } from 'node:async_hooks';
import type { Principal } from '../access/principal.js';

/** What is known about the request (or event) that the current code runs for. */
export interface RequestContext {
  requestId: string;
  traceId?: string;
  principal?: Principal;
  /** Patients whose data the request reads or changes (see audit/trail.ts). */
  subjects?: Set<string>;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const currentContext = (): RequestContext | undefined => storage.getStore();

export const runInContext = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);
