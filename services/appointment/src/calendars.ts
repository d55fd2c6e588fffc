import type { Clock, ServiceBasis } from '@cabinet/kit';
import type { Config } from './config.js';
import { CalDav } from './data/calendars/caldav.js';
import { GoogleCalendar } from './data/calendars/google.js';
import { GoogleSignIn, type GoogleSignInSettings } from './data/calendars/google-sign-in.js';
import { IcsFeed } from './data/calendars/ics-feed.js';
import { Outgoing } from './data/calendars/outgoing.js';
import { Patience, type PatienceSettings } from './data/calendars/patience.js';
import { knownUntil } from './domain/calendars/calendar.js';
import { type BegunConnections, ConnectGoogle } from './domain/calendars/connect-google.js';
import { EventTexts } from './domain/calendars/event-texts.js';
import { KeepCalendars } from './domain/calendars/keep-calendars.js';
import type { CalendarRepository } from './domain/calendars/ports.js';
import { type PrivateFeedRepository, PrivateFeeds } from './domain/calendars/private-feeds.js';
import { PushChannels } from './domain/calendars/push-channels.js';
import { SettleTentative } from './domain/calendars/settle-tentative.js';
import { type Providers, SyncCalendars } from './domain/calendars/sync-calendars.js';
import { WriteEntries } from './domain/calendars/write-entries.js';
import type { FindFreeSlots } from './domain/find-free-slots.js';
import type { GatherFacts } from './domain/gather-facts.js';
import type { AppointmentRepository, Neighbours } from './domain/ports.js';
import { Rounds } from './domain/rounds.js';

interface Parts {
  config: Config;
  service: ServiceBasis;
  clock: Clock;
  calendars: CalendarRepository;
  begun: BegunConnections;
  feeds: PrivateFeedRepository;
  appointments: AppointmentRepository;
  neighbours: Neighbours;
  facts: GatherFacts;
  slots: FindFreeSlots;
  patience?: Partial<PatienceSettings>;
}

/** How far ahead the times of calendars elsewhere are laid out. */
const horizonDays = 400;
/** How long between two looks for what is due, when nobody wakes us. */
const everyMs = 5_000;

/** The part of the composition root where the calendars are that others keep. */
export function joinCalendars(parts: Parts) {
  const { config, service, clock, calendars, appointments, neighbours, facts, slots } = parts;
  const stop = new AbortController();
  const report = (error: unknown) => service.log.error({ err: error }, 'a calendar met a defect');
  const running = { signal: stop.signal, report };
  const outgoing = new Outgoing(
    { privateHosts: config.CALENDAR_PRIVATE_HOSTS, timeoutMs: config.CALENDAR_TIMEOUT_SECONDS * 1_000 },
    stop.signal,
  );
  const patience = new Patience(parts.patience);
  const signIn = signInAtGoogle(config, (settings) => new GoogleSignIn(outgoing, patience, settings, clock));
  const providers: Providers = {
    ics: new IcsFeed(outgoing, patience),
    caldav: new CalDav(outgoing, patience),
    google: new GoogleCalendar(outgoing, patience, signIn, { apiUrl: config.GOOGLE_API_URL }),
  };
  // Google tells only whom it reaches by https.
  const isReached = config.PUBLIC_URL.startsWith('https:');
  const channels = new PushChannels(
    calendars,
    clock,
    isReached ? `${config.PUBLIC_URL}/api/calendars/google/notifications` : undefined,
  );
  const freshness = { staleAfterMs: config.CALENDAR_STALE_SECONDS * 1_000 };
  const areKnown = async (practitionerId: string, until: Date) =>
    (await calendars.list(practitionerId)).every(
      (calendar) => knownUntil(calendar, clock.now(), freshness) >= until.getTime(),
    );
  const tentative = new SettleTentative(calendars, appointments, areKnown);
  const rhythm = { pollMs: config.CALENDAR_POLL_SECONDS * 1_000, horizonDays };
  const sync = new SyncCalendars(calendars, providers, tentative, channels, rhythm, clock, running);
  const texts = new EventTexts(neighbours, facts);
  const write = new WriteEntries(calendars, providers, texts, clock, running);

  const failed = (error: unknown) => service.log.warn({ err: error }, 'calendars wait');
  const reading = new Rounds(() => sync.syncDue(), failed, everyMs);
  const writing = new Rounds(() => write.writeDue(), failed, everyMs);
  service.closers.add(async () => {
    stop.abort();
    await Promise.all([reading.stop(), writing.stop()]);
    outgoing.close();
  });
  const keep = new KeepCalendars(calendars, providers, sync, slots, clock);
  return {
    keep,
    channels,
    texts,
    feeds: new PrivateFeeds(parts.feeds, appointments, texts, clock),
    google: new ConnectGoogle(keep, parts.begun, clock, signIn),
    wakeReading: () => reading.wake(),
    wakeWriting: () => writing.wake(),
    start: () => {
      reading.wake();
      writing.wake();
    },
  };
}

function signInAtGoogle<T>(config: Config, open: (settings: GoogleSignInSettings) => T): T | undefined {
  const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = config;
  if (!clientId || !clientSecret) return undefined;
  return open({
    clientId,
    clientSecret,
    signInUrl: config.GOOGLE_SIGN_IN_URL,
    tokenUrl: config.GOOGLE_TOKEN_URL,
    redirectUrl: `${config.PUBLIC_URL}/calendars/google`,
  });
}
