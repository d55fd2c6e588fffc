import { createHash, randomBytes } from 'node:crypto';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { NotFound } from '@cabinet/kit/errors';
import type { AppointmentFilter, Appointments } from '../booking/ports.js';
import { errorCodes } from '../error-codes.js';
import type { PractitionerFacts } from '../neighbours.js';
import { day } from '../time/time.js';
import { assertMayKeepCalendars, assertMaySeeAgenda } from './access.js';
import { type CalendarEvent, eventOf } from './event.js';
import type { EventTexts } from './event-texts.js';

export interface FeedAddresses {
  /** In the place of the one before, which then opens nothing. */
  keep(practitionerId: string, tokenHash: string, by: string, at: Date): Promise<void>;
  /** @param madeUntil one that was made later stays; left out: none does */
  remove(practitionerId: string, madeUntil?: Date): Promise<void>;
  practitionerOf(tokenHash: string): Promise<string | undefined>;
}

interface Practitioners {
  practitioner(id: string): Promise<PractitionerFacts | undefined>;
}

interface Receiving {
  /** @throws 422 for a practitioner who does not exist, or no longer receives */
  receivingPractitioner(id: string): Promise<PractitionerFacts>;
}

/** What a private address opens. */
export interface OpenedFeed {
  practitionerId: string;
  events: CalendarEvent[];
}

const pastDays = 30;
const aheadDays = 400;
const eventsMax = 5_000;

/** A practitioner's agenda as a calendar that other programs read by an address that nobody can guess. */
export class PrivateFeeds {
  constructor(
    private readonly feeds: FeedAddresses,
    private readonly appointments: Pick<Appointments, 'list'>,
    private readonly texts: EventTexts,
    private readonly practitioners: Practitioners,
    private readonly receiving: Receiving,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns the token of the address; only its hash is kept, so it is shown this once
   * @throws NotAllowed (403) for an admin, who would see the agenda by it
   */
  async renew(practitionerId: string, actor: Principal): Promise<string> {
    assertMaySeeAgenda(actor, practitionerId);
    await this.receiving.receivingPractitioner(practitionerId);
    const token = randomBytes(32).toString('base64url');
    await this.feeds.keep(practitionerId, hashOf(token), actor.id, this.clock.now());
    return token;
  }

  async end(practitionerId: string, actor: Principal): Promise<void> {
    assertMayKeepCalendars(actor, practitionerId);
    await this.feeds.remove(practitionerId);
  }

  /** @throws 404 for a token that opens nothing, or no longer: also once the practitioner no longer receives */
  async read(token: string): Promise<OpenedFeed> {
    const practitionerId = await this.feeds.practitionerOf(hashOf(token));
    const practitioner = practitionerId ? await this.practitioners.practitioner(practitionerId) : undefined;
    if (!practitionerId || !practitioner?.active) {
      throw new NotFound('CALENDAR.FEED_NOT_FOUND', errorCodes['CALENDAR.FEED_NOT_FOUND'].title);
    }
    const now = this.clock.now().getTime();
    const filter: AppointmentFilter = {
      practitionerId,
      statuses: ['pending', 'booked', 'arrived', 'fulfilled'],
      from: new Date(now - pastDays * day),
      to: new Date(now + aheadDays * day),
    };
    const found = await this.appointments.list(filter, eventsMax);
    const events = await Promise.all(found.map(async (each) => eventOf(each, await this.texts.ofAnyway(each))));
    return { practitionerId, events: events.filter(({ status }) => status !== 'CANCELLED') };
  }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64');
