import { createHash, randomBytes } from 'node:crypto';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { Conflict, InvalidInput } from '@cabinet/kit/errors';
import { errorCodes } from '../error-codes.js';
import { minute } from '../time/time.js';
import { assertMayKeepCalendars, assertMaySeeAgenda } from './access.js';
import type { Calendar } from './calendar.js';
import { CalendarFailure } from './failures.js';
import type { KeepCalendars, NewCalendar } from './keep-calendars.js';

/** What lets us into somebody's calendars at Google until they withdraw it. */
export interface CalendarOwner {
  refreshToken: string;
}

export interface SignInAtGoogle {
  /** Where a person is asked whether we may. */
  addressFor(state: string, verifier: string): string;
  /** @throws CalendarFailure when the code is none of Google's, or not for us */
  exchange(code: string, verifier: string): Promise<CalendarOwner>;
}

/** A connection that somebody has begun and Google has not answered yet. */
export interface BegunConnection {
  userId: string;
  verifier: string;
  wanted: Omit<NewCalendar, 'access'> & { calendarId: string };
  expiresAt: Date;
}

export interface BegunConnections {
  /** Forgets those that have expired. */
  keep(stateHash: string, begun: BegunConnection, now: Date): Promise<void>;
  /** Takes it out, so that it can end once only. */
  take(stateHash: string): Promise<BegunConnection | undefined>;
}

const minutesMax = 10;

/** Connects calendars at Google: the person goes there to allow it, and comes back with a code. */
export class ConnectGoogle {
  constructor(
    private readonly calendars: KeepCalendars,
    private readonly begun: BegunConnections,
    private readonly clock: Clock,
    /** Absent: the practice is not registered at Google. */
    private readonly google?: SignInAtGoogle,
  ) {}

  /** @returns where the person is to go, within ten minutes */
  async begin(wanted: BegunConnection['wanted'], actor: Principal): Promise<string> {
    assertMayKeepCalendars(actor, wanted.practitionerId);
    if (wanted.writes) assertMaySeeAgenda(actor, wanted.practitionerId);
    const google = this.registered();
    const [state, verifier] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')];
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + minutesMax * minute);
    await this.begun.keep(hashOf(state), { userId: actor.id, verifier, wanted, expiresAt }, now);
    return google.addressFor(state, verifier);
  }

  /** @throws 422 unless the same person began it, and Google gave the code for it */
  async finish(state: string, code: string, actor: Principal): Promise<Calendar> {
    const google = this.registered();
    const connected = await this.calendars.connectedBefore(actor);
    if (connected) return connected;
    const begun = await this.begun.take(hashOf(state));
    if (!begun || begun.userId !== actor.id || begun.expiresAt <= this.clock.now()) throw invalid('state');
    const { calendarId, ...wanted } = begun.wanted;
    try {
      const { refreshToken } = await google.exchange(code, begun.verifier);
      return await this.calendars.connect({ ...wanted, access: { kind: 'google', calendarId, refreshToken } }, actor);
    } catch (error) {
      if (error instanceof CalendarFailure && error.code === 'CALENDAR.ACCESS_REFUSED') throw invalid('code');
      throw error;
    }
  }

  private registered(): SignInAtGoogle {
    if (!this.google) {
      throw new Conflict('CALENDAR.GOOGLE_NOT_CONFIGURED', errorCodes['CALENDAR.GOOGLE_NOT_CONFIGURED'].title, {
        detail: 'Whoever runs this system sets GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET.',
      });
    }
    return this.google;
  }
}

const hashOf = (state: string): string => createHash('sha256').update(state).digest('base64');

const invalid = (path: 'state' | 'code'): InvalidInput =>
  new InvalidInput(
    [
      {
        path,
        code: 'CALENDAR.STATE_INVALID',
        message: 'is not of a connection that you began in the last ten minutes',
      },
    ],
    'CALENDAR.STATE_INVALID',
    errorCodes['CALENDAR.STATE_INVALID'].title,
  );
