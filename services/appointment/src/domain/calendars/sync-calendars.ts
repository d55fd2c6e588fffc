import type { Clock } from '@cabinet/kit/clock';
import type { Interval } from '../time/intervals.js';
import { day } from '../time/time.js';
import { type Calendar, isRevoked } from './calendar.js';
import { CalendarFailure } from './failures.js';
import { accessOf, type CalendarReading, type Calendars, type Providers, type SyncClaim } from './ports.js';
import type { PushChannels } from './push-channels.js';
import { failureOf, type Running } from './running.js';
import type { SettleTentative } from './settle-tentative.js';

export interface SyncRhythm {
  /** How often each calendar is read, in milliseconds. */
  pollMs: number;
  /** How far ahead the times of a calendar are laid out, in days. */
  horizonDays: number;
}

/** Calendars that one process reads at the same time. */
const atOnceMax = 4;
const failingPollMsMax = 60 * 60_000;
/** Who was let in no more is asked rarely: each try may count as an attack there. */
const revokedPollMs = 6 * 60 * 60_000;
/** What lies ahead is laid out anew when the end of it has come so much nearer. */
const relayDays = 7;

/** Reads the calendars that others keep, each when it is due. Replicas share the work; nobody reads one that another reads. */
export class SyncCalendars {
  constructor(
    private readonly calendars: Calendars,
    private readonly providers: Providers,
    private readonly tentative: SettleTentative,
    private readonly channels: PushChannels,
    private readonly rhythm: SyncRhythm,
    private readonly clock: Clock,
    private readonly running: Running,
  ) {}

  /** Reads all that are due now. */
  async syncDue(): Promise<void> {
    while (!this.running.signal.aborted) {
      const claims = await this.calendars.claimDue(this.clock.now(), atOnceMax);
      if (claims.length === 0) return;
      await Promise.all(claims.map((claim) => this.sync(claim)));
    }
  }

  /** Reads one now, unless somebody is at it. */
  async syncNow(id: string): Promise<void> {
    const claim = await this.calendars.claim(id, this.clock.now());
    if (claim) await this.sync(claim);
  }

  private async sync(claim: SyncClaim): Promise<void> {
    const { calendar } = claim;
    const now = this.clock.now();
    try {
      const window = this.windowAt(now);
      const reading = await this.read(claim, window);
      const read = {
        at: now,
        knownUntil: new Date(window.end),
        nextSyncAt: new Date(now.getTime() + this.rhythm.pollMs),
      };
      const isStored = await this.calendars.storeReading(claim, reading, read);
      if (!isStored) return;
      await this.tentative.settle(calendar.practitionerId);
      await this.listen(claim);
    } catch (error) {
      if (this.running.signal.aborted) return this.calendars.release(claim.claim);
      const failure = failureOf(error, this.running);
      await this.calendars.storeFailure(claim, failure.code, now, this.nextAfter(failure, calendar, now));
    }
  }

  private read(claim: SyncClaim, window: Interval): Promise<CalendarReading | undefined> {
    const { calendar, bookmark } = claim;
    const enough = window.end - relayDays * day;
    const isLaidOut = calendar.knownUntil !== undefined && calendar.knownUntil.getTime() >= enough;
    return this.providers[calendar.kind].read(accessOf(claim), {
      window,
      zone: calendar.zone,
      bookmark: isLaidOut ? bookmark : undefined,
      known: () => this.calendars.knownTags(calendar.id),
      begun: () => this.calendars.noteBegun(claim),
    });
  }

  // Whoever does not tell us is asked from time to time, as everybody is.
  private async listen(claim: SyncClaim): Promise<void> {
    try {
      await this.channels.keep(claim, this.providers[claim.calendar.kind]);
    } catch (error) {
      if (!(error instanceof CalendarFailure)) throw error;
    }
  }

  private windowAt(now: Date): Interval {
    const today = Math.floor(now.getTime() / day) * day;
    return { start: today - 2 * day, end: today + this.rhythm.horizonDays * day };
  }

  private nextAfter(failure: CalendarFailure, calendar: Calendar, now: Date): Date {
    const isRefused = isRevoked({ failure: { code: failure.code, since: now } });
    const failingMs = calendar.failure ? now.getTime() - calendar.failure.since.getTime() : 0;
    const pauseMs = isRefused
      ? revokedPollMs
      : Math.min(Math.max(this.rhythm.pollMs, failingMs / 2), Math.max(failingPollMsMax, this.rhythm.pollMs));
    return new Date(now.getTime() + Math.max(pauseMs, failure.retryAfterMs ?? 0));
  }
}
