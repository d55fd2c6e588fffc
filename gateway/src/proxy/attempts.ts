import type { DomainError } from '@cabinet/kit/errors';
import { isSafe } from '@cabinet/kit/http/effect';
import type { Upstream } from '../instances/upstream.js';
import type { UpstreamFault } from './faults.js';
import type { UpstreamCall } from './upstream-call.js';

/** The tries of one request at the instances of a service, and what they share. */
export class Attempts {
  tries = 0;
  instanceId?: string;
  /** Instances that have failed this request. */
  avoided?: Set<Upstream>;
  call?: UpstreamCall;
  /** One that the service honours. */
  hasIdempotencyKey = false;
  /** What to tell of a try that may have taken effect, though no answer says so; later tries cannot take that back. */
  doubt?: DomainError;
  private over?: UpstreamFault;

  constructor(readonly method: string) {}

  /** Has the same effect when it arrives twice. */
  get isHarmlessTwice(): boolean {
    return this.hasIdempotencyKey || isSafe(this.method);
  }

  noteDoubt(refusal: DomainError): void {
    if (!isSafe(this.method)) this.doubt = refusal;
  }

  avoid(upstream: Upstream): void {
    this.avoided ??= new Set();
    this.avoided.add(upstream);
  }

  /** @throws UpstreamFault when the caller has gone or the time is over, so that no further try makes sense. */
  assertGoingOn(): void {
    if (this.over) throw this.over;
  }

  end(fault: UpstreamFault): void {
    this.over ??= fault;
    this.call?.stop(fault);
  }
}
