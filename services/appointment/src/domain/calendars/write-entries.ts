import type { Clock } from '@cabinet/kit/clock';
import { Unavailable } from '@cabinet/kit/errors';
import type { Appointment } from '../booking/appointment.js';
import { type Calendar, isRevoked } from './calendar.js';
import { type CalendarEvent, eventOf } from './event.js';
import type { EventTexts } from './event-texts.js';
import { CalendarFailure, type CalendarFailureCode } from './failures.js';
import { accessOf, type CalendarEntries, type EntryClaim, type Providers } from './ports.js';
import { failureOf, type Running } from './running.js';

/** Appointments that one process writes at the same time. */
const atOnceMax = 8;
const firstPauseMs = 5_000;
const pauseMsMax = 60 * 60_000;

/**
 * Writes our appointments into the calendars that practitioners keep elsewhere. Which are to be written stands in the
 * database; each is written as it is at that moment, as often as it takes, and twice is the same as once.
 */
export class WriteEntries {
  constructor(
    private readonly entries: CalendarEntries,
    private readonly providers: Providers,
    private readonly texts: EventTexts,
    private readonly clock: Clock,
    private readonly running: Running,
  ) {}

  async writeDue(): Promise<void> {
    while (!this.running.signal.aborted) {
      const claims = await this.entries.claim(this.clock.now(), atOnceMax);
      if (claims.length === 0) return;
      await Promise.all(claims.map((claim) => this.write(claim)));
    }
  }

  private async write(claim: EntryClaim): Promise<void> {
    const { calendar, appointment, etag } = claim;
    try {
      const write = this.providers[calendar.kind].write?.bind(this.providers[calendar.kind]);
      if (!write) throw new CalendarFailure('CALENDAR.NOT_WRITABLE');
      const written = await write(accessOf(claim), await this.eventFor(appointment, calendar), etag);
      await this.entries.storeWritten(claim, written.etag);
    } catch (error) {
      if (this.running.signal.aborted) return this.entries.release(claim.claim);
      // A name that cannot be asked for now is asked for later.
      if (error instanceof Unavailable) return this.later(claim, 'CALENDAR.UNREACHABLE');
      const { code, retryAfterMs } = failureOf(error, this.running);
      await this.later(claim, code, retryAfterMs);
    }
  }

  private later(claim: EntryClaim, code: CalendarFailureCode, retryAfterMs = 0): Promise<void> {
    const now = this.clock.now();
    const isRefused = isRevoked({ failure: { code, since: now } });
    const pause = isRefused ? pauseMsMax : Math.min(firstPauseMs * 2 ** claim.tries, pauseMsMax);
    const nextTryAt = new Date(now.getTime() + Math.max(pause * (0.5 + Math.random()), retryAfterMs));
    return this.entries.storeUnwritten(claim, code, now, nextTryAt);
  }

  private async eventFor(appointment: Appointment, calendar: Calendar): Promise<CalendarEvent> {
    // It went to somebody else, with its time.
    const stays = appointment.practitionerId === calendar.practitionerId;
    const event = eventOf(appointment, await this.texts.of(appointment, calendar.showsPatients));
    return stays ? event : { ...event, status: 'CANCELLED' };
  }
}
