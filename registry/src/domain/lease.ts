import type { Instance, InstanceStatus } from './instance.js';

export interface LeaseTerms {
  /** How often the client means to renew; told on, not enforced. */
  renewalIntervalSeconds: number;
  durationSeconds: number;
}

/** The lease of an instance at one moment; instants are in milliseconds, 0 where it has not happened. */
export interface LeaseFacts extends LeaseTerms {
  registeredAt: number;
  lastRenewedAt: number;
  endedAt: number;
  upSince: number;
}

/** What readers get: an instance with its lease as it was when they asked. */
export interface Registration {
  readonly instance: Instance;
  readonly lease: LeaseFacts;
}

/** The right of an instance to be listed until it has not renewed for its duration. */
export class Lease {
  readonly registeredAt: number;
  private lastRenewedAt: number;
  private validUntil: number;
  private upSince: number;

  constructor(
    public instance: Instance,
    /** What an operator decided, until taken back or the lease ends. */
    public override: InstanceStatus | undefined,
    readonly terms: LeaseTerms,
    now: number,
    /** The lease that this one replaces. */
    previous?: Lease,
  ) {
    this.registeredAt = now;
    this.lastRenewedAt = now;
    this.validUntil = now + terms.durationSeconds * 1000;
    this.upSince = previous?.upSince ?? 0;
    this.noteUp(now);
  }

  /** @param durations how many durations a renewal is worth: one, or two as in Netflix's server. */
  renew(now: number, durations: 1 | 2): void {
    this.lastRenewedAt = now;
    this.validUntil = now + durations * this.terms.durationSeconds * 1000;
  }

  /** Makes up for time in which the registry could not hear renewals. */
  extend(milliseconds: number): void {
    this.validUntil += milliseconds;
  }

  /** Keeps the first moment at which the instance was UP. */
  noteUp(now: number): void {
    if (this.upSince === 0 && this.instance.status === 'UP') this.upSince = now;
  }

  isExpired(now: number): boolean {
    return now > this.validUntil;
  }

  toRegistration(endedAt = 0): Registration {
    const { registeredAt, lastRenewedAt, upSince, instance } = this;
    const { renewalIntervalSeconds, durationSeconds } = this.terms;
    const lease = { renewalIntervalSeconds, durationSeconds, registeredAt, lastRenewedAt, upSince, endedAt };
    return { instance, lease };
  }
}
