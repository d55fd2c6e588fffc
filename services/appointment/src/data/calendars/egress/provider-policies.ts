import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  decorrelatedJitterGenerator,
  type FailureReason,
  handleWhen,
  type IPolicy,
  retry,
  wrap,
} from 'cockatiel';
import { CalendarFailure, type CalendarFailureCode } from '../../../domain/calendars/failures.js';

export interface ProviderPolicySettings {
  /** Tries after the first. */
  retriesMax: number;
  /** First wait before a further try, in milliseconds; later ones are longer, all are random. */
  retryDelayMs: number;
  /** Whoever asks us to wait longer than this is asked again at the next sync only. */
  waitMsMax: number;
  /** So many failures one after the other, and a provider is left alone for a moment. */
  failuresMax: number;
  sparedMs: number;
}

const usualSettings: ProviderPolicySettings = {
  retriesMax: 2,
  retryDelayMs: 300,
  waitMsMax: 5_000,
  failuresMax: 8,
  sparedMs: 30_000,
};

/** What says something about the provider, and not about one calendar or one answer. */
const blamesProvider: readonly CalendarFailureCode[] = [
  'CALENDAR.UNREACHABLE',
  'CALENDAR.TIMED_OUT',
  'CALENDAR.SERVER_ERROR',
  'CALENDAR.RATE_LIMITED',
];

const providersMax = 500;

/** Retry and circuit breaker of each provider. All that we send can be sent twice: reads, and writes of a known state. */
export class ProviderPolicies {
  private readonly policies = new Map<string, IPolicy>();

  private readonly settings: ProviderPolicySettings;

  constructor(settings: Partial<ProviderPolicySettings> = {}) {
    this.settings = { ...usualSettings, ...settings };
  }

  /** @throws CalendarFailure of the last try, or CALENDAR.SPARED without one */
  async call<T>(provider: string, attempt: () => Promise<T>): Promise<T> {
    try {
      return await this.policyOf(provider).execute(attempt);
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw new CalendarFailure('CALENDAR.SPARED', this.settings.sparedMs);
      throw error;
    }
  }

  private policyOf(provider: string): IPolicy {
    const known = this.policies.get(provider);
    if (known) return known;
    const [oldest] = this.policies.keys();
    if (oldest !== undefined && this.policies.size >= providersMax) this.policies.delete(oldest);
    const policy = this.build();
    this.policies.set(provider, policy);
    return policy;
  }

  // The breaker is inside the retry, so that an open one ends the tries at once.
  private build(): IPolicy {
    const { retriesMax, retryDelayMs, waitMsMax, failuresMax, sparedMs } = this.settings;
    const jitter = {
      generator: decorrelatedJitterGenerator,
      initialDelay: retryDelayMs,
      maxDelay: waitMsMax,
      exponent: 2,
    };
    const backoff = new DelegateBackoff<{ result: FailureReason<unknown> }, [number, number]>(({ result }, state) => {
      const [delay, next] = decorrelatedJitterGenerator(state, jitter);
      return { delay: Math.max(delay, askedToWait(result)), state: next };
    });
    const again = handleWhen((error) => isOfProvider(error) && (error.retryAfterMs ?? 0) <= waitMsMax);
    return wrap(
      retry(again, { maxAttempts: retriesMax, backoff }),
      circuitBreaker(handleWhen(isOfProvider), {
        halfOpenAfter: sparedMs,
        breaker: new ConsecutiveBreaker(failuresMax),
      }),
    );
  }
}

const isOfProvider = (error: unknown): error is CalendarFailure =>
  error instanceof CalendarFailure && blamesProvider.includes(error.code);

const askedToWait = (result: FailureReason<unknown>): number =>
  'error' in result && result.error instanceof CalendarFailure ? (result.error.retryAfterMs ?? 0) : 0;
