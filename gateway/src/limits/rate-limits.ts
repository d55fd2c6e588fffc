import { DomainError } from '@cabinet/kit/errors';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Requests a minute; 0 sets no limit. */
export interface RateSettings {
  perAddress: number;
  perUser: number;
  /** For `POST /api/auth/login` and `/refresh` from one address, where passwords could be guessed. */
  signInsPerAddress: number;
  /** For one route, all callers together. */
  perRoute: number;
  /** Reports of failed pages from one address; of all ten times as many. */
  reportsPerAddress: number;
}

const windowSeconds = 60;

export type RatePolicy = 'address' | 'user' | 'sign-in' | 'route' | 'report' | 'reports';

/** What is left of one limit. */
export interface Allowance {
  policy: RatePolicy;
  points: number;
  state: RateLimiterRes;
}

/** Counts one key's requests; also told of what was counted elsewhere. */
export type Limiter = Pick<RateLimiterMemory, 'consume' | 'penalty' | 'points'>;

export type CreateLimiter = (policy: RatePolicy, points: number, windowSeconds: number) => Limiter;

/** How much may come from one address, one user, and to one route. */
export class RateLimits {
  private readonly limiters = new Map<RatePolicy, Limiter>();

  /** @param onCount told each counted request, so that other processes can count it too. */
  constructor(
    settings: RateSettings,
    createLimiter: CreateLimiter = inMemory,
    private readonly onCount: (policy: RatePolicy, key: string) => void = () => {},
  ) {
    const points: Record<RatePolicy, number> = {
      address: settings.perAddress,
      user: settings.perUser,
      'sign-in': settings.signInsPerAddress,
      route: settings.perRoute,
      report: settings.reportsPerAddress,
      reports: 10 * settings.reportsPerAddress,
    };
    for (const policy of Object.keys(points) as RatePolicy[]) {
      if (points[policy] > 0) this.limiters.set(policy, createLimiter(policy, points[policy], windowSeconds));
    }
  }

  limits(policy: RatePolicy): boolean {
    return this.limiters.has(policy);
  }

  /**
   * Counts a request.
   * @returns how much is left; undefined without a limit.
   * @throws DomainError 429 when there were too many.
   */
  async count(policy: RatePolicy, key: string): Promise<Allowance | undefined> {
    const limiter = this.limiters.get(policy);
    if (!limiter) return undefined;
    try {
      const state = await limiter.consume(key);
      this.onCount(policy, key);
      return { policy, points: limiter.points, state };
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw tooMany(policy, Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
    }
  }

  /** Adds what other processes have counted. */
  async add(counts: readonly [policy: RatePolicy, key: string, requests: number][]): Promise<void> {
    for (const [policy, key, requests] of counts) await this.limiters.get(policy)?.penalty(key, requests);
  }
}

const inMemory: CreateLimiter = (policy, points, duration) =>
  new RateLimiterMemory({ keyPrefix: policy, points, duration });

/** The `RateLimit` headers, names and values in turn (draft-ietf-httpapi-ratelimit-headers). */
export const rateHeaders = ({ policy, points, state }: Allowance): string[] => [
  'RateLimit-Policy',
  `"${policy}";q=${points};w=${windowSeconds}`,
  'RateLimit',
  `"${policy}";r=${state.remainingPoints};t=${Math.ceil(state.msBeforeNext / 1000)}`,
];

const tooMany = (policy: RatePolicy, retryAfterSeconds: number) =>
  new DomainError('limit-reached', 'REQUEST.TOO_MANY', 'There were too many requests in the last minute', {
    detail: 'Nothing was changed. Wait before you try again.',
    retryAfterSeconds,
    extensions: { policy },
  });
