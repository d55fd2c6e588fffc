import { storeFaultOf } from '@cabinet/kit/away';
import { DomainError } from '@cabinet/kit/errors';

/**
 * Why an event could not be handled.
 * - `away`: what is needed is away or late; the event waits for it.
 * - `content`: the event itself is refused, by a rule or because it cannot be read.
 * - `schema`: its data is not of the form that this release knows.
 * - `signature`: it is not signed by whom it names, as far as the keys here say.
 * - `defect`: the handler failed in a way that it did not foresee.
 */
export type FailureCause = 'away' | 'content' | 'schema' | 'signature' | 'defect';

export interface Failure {
  cause: FailureCause;
  /** Stable and machine-readable, such as `NEIGHBOUR.UNAVAILABLE`. */
  code: string;
}

/** The code when it is the service's own database that is away. */
export const storageAway = 'STORAGE.UNAVAILABLE';

/** Tells what is only away or late from what lies in the event, or in this release. */
export function failureOf(error: unknown): Failure {
  if (error instanceof DomainError) {
    return { cause: error.kind === 'unavailable' ? 'away' : 'content', code: error.code };
  }
  const fault = storeFaultOf(error);
  if (fault) return { cause: 'away', code: fault === 'away' ? storageAway : 'STORAGE.LOCKED' };
  if (error instanceof Error && /^\$?ZodError$/.test(error.name))
    return { cause: 'schema', code: 'EVENT.NOT_OF_ITS_FORM' };
  return { cause: 'defect', code: 'EVENT.HANDLER_FAILED' };
}
