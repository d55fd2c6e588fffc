import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../observe/log.js';
import type { EurekaSession, EurekaSessionOptions, ReportedStatus } from './eureka-session.js';

export interface RegistrationOptions {
  /** Registries, tried in turn until one answers, such as `http://127.0.0.1:8761/eureka/`. Empty: the process runs without. */
  urls: string[];
  /** The name of the process; the registry writes it in upper case. */
  app: string;
  /** The address under which others reach this process. */
  host: string;
  port: number;
  version?: string;
  /** Where its sidecar listens on the same host; told in the metadata, for who looks whether it is well. */
  sidecarPort?: number;
  /** Shown to registries that want to know who calls. */
  token?: string;
  /** Asked about once a second: UP while true, DOWN when it was not three times in a row, STARTING until it was for the first time. */
  isReady: () => Promise<boolean>;
  log: Logger;
  /** Default 5,000. */
  renewalMs?: number;
  /** How long the registry waits for a renewal before it forgets the instance; default 15. */
  leaseSeconds?: number;
  /** How often readiness is looked at; default 1,000. */
  checkMs?: number;
  /** Longest wait for one answer of a registry; default 2,000. */
  requestTimeoutMs?: number;
}

export interface RegistrationState {
  /** `off` without addresses; `seeking` until a registry has taken the registration. */
  kind: 'off' | 'seeking' | 'registered' | 'stopped';
  /** The last status that a registry took. */
  reported?: ReportedStatus;
  /** When a registry last answered. */
  heardAt?: Date;
  /** Why the latest call failed; absent when it did not. */
  problem?: string;
}

export interface Registration {
  /** Leaves the registry, so that no new requests are sent here. Call it before the listener closes. Never rejects. */
  stop(): Promise<void>;
  state(): RegistrationState;
}

/**
 * Keeps this process listed in the registry from now on, in the background: it never blocks or fails the start of the process,
 * goes on trying while no registry answers, and registers again when one has forgotten it.
 */
export function registerInRegistry(options: RegistrationOptions): Registration {
  const urls = options.urls.filter((url) => {
    if (URL.canParse(url)) return true;
    options.log.error({ url }, 'not the address of a registry, left out');
    return false;
  });
  if (urls.length === 0) return { stop: async () => {}, state: () => ({ kind: 'off' }) };
  const keeper = new RegistrationKeeper({ ...options, urls });
  return { stop: () => keeper.stop(), state: () => keeper.state() };
}

// One slow look, on a busy machine, would otherwise take a service away that has no other instance.
const failedLooksMax = 2;
const backOffMsMin = 250;
const backOffMsMax = 5_000;

class RegistrationKeeper {
  private readonly session: Promise<EurekaSession>;
  private readonly renewalMs: number;
  private readonly requestTimeoutMs: number;
  private readonly checkMs: number;
  private readonly stopping = new AbortController();
  private readonly loop: Promise<void>;
  private stopped?: Promise<void>;
  private current: RegistrationState = { kind: 'seeking' };
  private wasReady = false;
  private hasTried = false;
  private failures = 0;
  private failedLooks = 0;
  /** By a clock that nobody sets: one that was set back would put the renewal off until the lease has run out. */
  private heardMs = 0;

  constructor(private readonly options: RegistrationOptions) {
    this.renewalMs = options.renewalMs ?? 5_000;
    this.requestTimeoutMs = options.requestTimeoutMs ?? 2_000;
    this.checkMs = options.checkMs ?? 1_000;
    this.session = openSession({
      ...options,
      leaseSeconds: options.leaseSeconds ?? 15,
      renewalSeconds: Math.max(1, Math.round(this.renewalMs / 1000)),
      requestTimeoutMs: this.requestTimeoutMs,
    });
    this.loop = this.keepRegistered();
  }

  state(): RegistrationState {
    return { ...this.current };
  }

  stop(): Promise<void> {
    this.stopped ??= this.leave();
    return this.stopped;
  }

  private async keepRegistered(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const status = await this.statusNow();
      if (signal.aborted) return;
      const waitMs = await this.tell(status);
      await delay(waitMs, undefined, { signal, ref: false }).catch(() => {}); // woken by stop
    }
  }

  /** Does what is due now. @returns after how many milliseconds to look again. */
  private async tell(status: ReportedStatus): Promise<number> {
    try {
      if (this.current.kind !== 'registered' || this.current.reported !== status) await this.register(status);
      else if (this.isRenewalDue()) await this.renew(status);
      this.failures = 0;
      return this.checkMs;
    } catch (error) {
      this.noteFailure(error);
      // Processes that lost the same registry should not all come back at the same moment.
      const backOffMs = Math.min(backOffMsMin * 2 ** this.failures, backOffMsMax, this.renewalMs);
      this.failures += 1;
      return backOffMs * (0.75 + Math.random() / 4);
    }
  }

  private async register(status: ReportedStatus): Promise<void> {
    this.hasTried = true;
    await (await this.session).register(status);
    this.heard('registered', status);
    this.options.log.info({ status }, 'registered');
  }

  private async renew(status: ReportedStatus): Promise<void> {
    const isKnown = await (await this.session).renew();
    if (this.current.problem) this.options.log.info('the registry answers again');
    this.heard(isKnown ? 'registered' : 'seeking', status);
    if (!isKnown && !this.stopping.signal.aborted) await this.register(status);
  }

  private isRenewalDue(): boolean {
    if (this.current.problem !== undefined) return true;
    // Now rather than at the next look, if that would be later than promised.
    return performance.now() - this.heardMs >= this.renewalMs - this.checkMs;
  }

  private heard(kind: 'registered' | 'seeking', reported: ReportedStatus): void {
    this.heardMs = performance.now();
    this.current = { kind, reported, heardAt: new Date() };
  }

  private noteFailure(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    if (!this.current.problem) this.options.log.warn({ problem }, 'the registry cannot be reached, trying on');
    this.current = { ...this.current, problem };
  }

  private async statusNow(): Promise<ReportedStatus> {
    const isReady = await Promise.race([
      Promise.resolve()
        .then(this.options.isReady)
        .catch(() => false),
      delay(this.requestTimeoutMs, false, { ref: false }), // a check that hangs is no yes
    ]);
    this.wasReady ||= isReady;
    this.failedLooks = isReady ? 0 : this.failedLooks + 1;
    if (isReady || (this.wasReady && this.failedLooks <= failedLooksMax)) return 'UP';
    return this.wasReady ? 'DOWN' : 'STARTING';
  }

  private async leave(): Promise<void> {
    this.stopping.abort();
    // A call under way is waited for, or it could list the instance again after it has left.
    const longestCallMs = this.options.urls.length * (this.requestTimeoutMs + 500);
    await Promise.race([this.loop, delay(longestCallMs, undefined, { ref: false })]);
    try {
      const session = await this.session;
      if (this.hasTried) await session.leave().catch(() => session.leave());
      this.options.log.info('left the registry');
    } catch (error) {
      this.options.log.warn({ problem: String(error) }, 'could not leave the registry, its lease will run out');
    }
    this.current = { kind: 'stopped' };
  }
}

// Loaded when needed: the client brings a great many modules, and processes in tests mostly run without a registry.
async function openSession(options: EurekaSessionOptions): Promise<EurekaSession> {
  const { EurekaSession } = await import('./eureka-session.js');
  return new EurekaSession(options);
}
