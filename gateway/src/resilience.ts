import {
  BrokenCircuitError,
  BulkheadPolicy,
  BulkheadRejectedError,
  bulkhead,
  CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  DelegateBackoff,
  ExponentialBackoff,
  handleWhen,
  type RetryPolicy,
  retry,
  SamplingBreaker,
} from 'cockatiel';
import { RetryBudget } from './retry-budget.js';

export interface ResilienceSettings {
  /** The breaker opens when more than this part of the calls of the last ten seconds failed, and at least five were made. */
  failureShareMax: number;
  /** First time until an open breaker lets one request through to see; doubles while that fails. */
  openMs: number;
  openMsMax: number;
  /** Tries after the first. */
  retriesMax: number;
  /** First wait before a retry, in milliseconds; later ones are longer, all are random. */
  retryDelayMs: number;
  /** Requests to one service that may wait for the head of its answer; a service that hangs cannot take more than these. */
  underWayMax: number;
}

export const usualResilience: ResilienceSettings = {
  failureShareMax: 0.5,
  openMs: 1_000,
  openMsMax: 15_000,
  retriesMax: 2,
  retryDelayMs: 20,
  underWayMax: 1_000,
};

/** How one try ended, as far as retry and breaker are concerned; errors and answers both say it. */
export interface Verdict {
  /** Counts against the service. */
  blamesService: boolean;
  /** `freely`: the service would notice nothing of the try that failed, so another one costs it nothing. */
  mayRepeat: 'no' | 'within-budget' | 'freely';
  /** Nothing is known about the service, because the caller went away. */
  wasAbandoned?: boolean;
}

/** Thrown without a try while the service is being spared. */
export class CircuitOpen extends Error {
  constructor(readonly retryAfterSeconds: number) {
    super('the circuit breaker is open');
  }
}

/** Thrown without a try while `underWayMax` requests wait for the service. */
export class ServiceBusy extends Error {
  constructor() {
    super('too many requests wait for the service');
  }
}

export type BreakerState = 'closed' | 'open' | 'half-open';

/**
 * Retry, circuit breaker and bulkhead of one service. The breaker is inside the retry, so that an open breaker ends the tries
 * at once; the bulkhead is innermost, so that what waits between two tries takes no place.
 * While it is half open one request probes and all others are refused.
 */
export class ServicePolicy {
  readonly budget = new RetryBudget();
  private readonly breaker: CircuitBreakerPolicy;
  private readonly retry: RetryPolicy;
  private readonly bulkhead: BulkheadPolicy;
  private probeAt = 0;

  constructor(
    private readonly settings: ResilienceSettings,
    onState: (state: BreakerState) => void,
  ) {
    const spare = new DelegateBackoff<{ attempt: number }>(({ attempt }) => {
      const openMs = Math.min(settings.openMs * 2 ** (attempt - 1), settings.openMsMax);
      this.probeAt = Date.now() + openMs;
      return openMs;
    });
    this.breaker = circuitBreaker(handleWhen(isVerdictAnd(this.isFailure)).orWhenResult(isVerdictAnd(this.isFailure)), {
      halfOpenAfter: spare,
      breaker: new SamplingBreaker({ threshold: settings.failureShareMax, duration: 10_000, minimumRps: 0.5 }),
    });
    this.bulkhead = bulkhead(settings.underWayMax);
    this.breaker.onStateChange((state) => onState(nameOf(state)));
    this.retry = retry(handleWhen(isVerdictAnd(this.takeRepeat)).orWhenResult(isVerdictAnd(this.takeRepeat)), {
      maxAttempts: settings.retriesMax,
      backoff: new ExponentialBackoff({ initialDelay: settings.retryDelayMs, maxDelay: 500 }),
    });
  }

  /** Further requests that could be made now before the service counts as busy. */
  get placesLeft(): number {
    return this.bulkhead.executionSlots;
  }

  get state(): BreakerState {
    return nameOf(this.breaker.state);
  }

  /**
   * Makes up to `retriesMax + 1` tries. `attempt` is told whether another could follow.
   * @throws CircuitOpen, ServiceBusy, or what the last try threw.
   */
  async run<T extends Verdict>(attempt: (isLast: boolean) => Promise<T>): Promise<T> {
    this.budget.noteRequest();
    const first = this.tryOnce(attempt, this.settings.retriesMax === 0);
    try {
      const answer = await first;
      if (answer.mayRepeat === 'no') return answer;
    } catch (error) {
      if (!isVerdictAnd(({ mayRepeat }) => mayRepeat !== 'no')(error)) throw this.named(error);
    }
    return this.goOn(first, attempt);
  }

  // Only after a first try that failed: nearly all go well, and a policy for what may follow costs as much as the rest.
  private async goOn<T extends Verdict>(first: Promise<T>, attempt: (isLast: boolean) => Promise<T>): Promise<T> {
    try {
      return await this.retry.execute(({ attempt: triesBefore }) =>
        triesBefore === 0 ? first : this.tryOnce(attempt, triesBefore >= this.settings.retriesMax),
      );
    } catch (error) {
      throw this.named(error);
    }
  }

  private tryOnce<T extends Verdict>(attempt: (isLast: boolean) => Promise<T>, isLast: boolean): Promise<T> {
    if (this.breaker.state === CircuitState.HalfOpen) return Promise.reject(new CircuitOpen(1));
    return this.breaker.execute(() => this.bulkhead.execute(() => attempt(isLast)));
  }

  private named(error: unknown): unknown {
    if (error instanceof BulkheadRejectedError) return new ServiceBusy();
    if (!(error instanceof BrokenCircuitError)) return error;
    return new CircuitOpen(Math.max(1, Math.ceil((this.probeAt - Date.now()) / 1000)));
  }

  // A probe whose caller went away has shown nothing, so the breaker opens again.
  private readonly isFailure = (verdict: Verdict): boolean =>
    verdict.blamesService || (verdict.wasAbandoned === true && this.breaker.state === CircuitState.HalfOpen);

  private readonly takeRepeat = ({ mayRepeat }: Verdict): boolean =>
    mayRepeat === 'freely' || (mayRepeat === 'within-budget' && this.budget.takeRetry());
}

/** The policies of all services, made when a service is first called; only services of the routes table are. */
export class Resilience {
  private readonly policies = new Map<string, ServicePolicy>();

  constructor(
    private readonly settings: ResilienceSettings,
    private readonly onState: (service: string, state: BreakerState) => void,
  ) {}

  of(service: string): ServicePolicy {
    let policy = this.policies.get(service);
    if (!policy) {
      policy = new ServicePolicy(this.settings, (state) => this.onState(service, state));
      this.policies.set(service, policy);
    }
    return policy;
  }
}

const isVerdictAnd =
  (claim: (verdict: Verdict) => boolean) =>
  (thrownOrAnswered: unknown): boolean =>
    typeof thrownOrAnswered === 'object' &&
    thrownOrAnswered !== null &&
    'blamesService' in thrownOrAnswered &&
    claim(thrownOrAnswered as Verdict);

function nameOf(state: CircuitState): BreakerState {
  if (state === CircuitState.Closed) return 'closed';
  return state === CircuitState.HalfOpen ? 'half-open' : 'open';
}
