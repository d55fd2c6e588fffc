import type { Clock } from '@cabinet/kit/clock';
import { Unavailable } from '@cabinet/kit/errors';
import { currentContext } from '@cabinet/kit/http/request-context';
import { PeriodicTask, sparing } from '@cabinet/kit/periodic-task';
import type { Orm } from '@cabinet/postgres/orm';
import type { AuditTrail } from '@cabinet/service/audit/trail';
import type { Controllers } from '@cabinet/service/http/controllers';
import type { ServiceBasis } from '@cabinet/service/service';
import { CalendarFilesController } from './api/calendars/calendar-files.controller.js';
import { CalendarsController } from './api/calendars/calendars.controller.js';
import { GoogleCalendarsController } from './api/calendars/google-calendars.controller.js';
import type { Config } from './config.js';
import type { AppointmentCommits } from './data/booking/appointment-commits.js';
import { LazyCalDav } from './data/calendars/caldav/lazy-caldav.js';
import { EgressClient } from './data/calendars/egress/egress-client.js';
import { ProviderPolicies, type ProviderPolicySettings } from './data/calendars/egress/provider-policies.js';
import { GoogleCalendar } from './data/calendars/google/google.js';
import { GoogleSignIn, type GoogleSignInSettings } from './data/calendars/google/google-sign-in.js';
import { IcsFeed } from './data/calendars/ics/ics-feed.js';
import { IsolatedReader } from './data/calendars/ics/isolated-reader.js';
import { observeCalendars } from './data/calendars/store/calendar-figures.js';
import { PostgresBegunConnections } from './data/calendars/store/postgres-begun-connections.js';
import { PostgresCalendarEntries } from './data/calendars/store/postgres-calendar-entries.js';
import { PostgresCalendars } from './data/calendars/store/postgres-calendars.js';
import { PostgresChannels } from './data/calendars/store/postgres-channels.js';
import { PostgresConflicts } from './data/calendars/store/postgres-conflicts.js';
import { PostgresPrivateFeeds } from './data/calendars/store/postgres-private-feeds.js';
import { Seal } from './data/sealed.js';
import type { AvailabilityFacts } from './domain/availability/availability-facts.js';
import type { FindAppointments } from './domain/booking/find-appointments.js';
import type { Appointments } from './domain/booking/ports.js';
import { type Freshness, knownUntil } from './domain/calendars/calendar.js';
import { ConnectGoogle } from './domain/calendars/connect-google.js';
import { EndCalendars } from './domain/calendars/end-calendars.js';
import { EventTexts } from './domain/calendars/event-texts.js';
import { type CalendarTimeouts, KeepCalendars } from './domain/calendars/keep-calendars.js';
import type { Providers } from './domain/calendars/ports.js';
import { PrivateFeeds } from './domain/calendars/private-feeds.js';
import { PushChannels } from './domain/calendars/push-channels.js';
import { SettleTentative } from './domain/calendars/settle-tentative.js';
import { SyncCalendars } from './domain/calendars/sync-calendars.js';
import { WriteEntries } from './domain/calendars/write-entries.js';
import type { Directory } from './domain/directory.js';
import type { Neighbours } from './domain/neighbours.js';

interface Parts {
  config: Config;
  service: ServiceBasis;
  clock: Clock;
  orm: Orm;
  freshness: Freshness;
  appointments: Appointments;
  neighbours: Neighbours;
  facts: AvailabilityFacts;
  directory: Directory;
  find: FindAppointments;
  commits: AppointmentCommits;
  auditTrail: AuditTrail;
  providerPolicies?: Partial<ProviderPolicySettings>;
  calendarTimeouts?: CalendarTimeouts;
}

/** How far ahead the times of calendars elsewhere are laid out. */
const horizonDays = 400;
/** How long between two looks for what is due, when nobody wakes us. */
const everyMs = 5_000;

/** The part of the composition root where the calendars are that others keep. */
export function openCalendars(parts: Parts) {
  const { config, service, clock, orm, freshness, appointments, neighbours, facts, directory, find } = parts;
  const stop = new AbortController();
  const report = (error: unknown) => service.log.error({ err: error }, 'a calendar met a defect');
  const running = { signal: stop.signal, report };
  const egress = new EgressClient(
    { privateHosts: config.CALENDAR_PRIVATE_HOSTS, timeoutMs: config.CALENDAR_TIMEOUT_SECONDS * 1_000 },
    stop.signal,
  );
  const policies = new ProviderPolicies(parts.providerPolicies);
  const signIn = signInAtGoogle(config, (settings) => new GoogleSignIn(egress, policies, settings, clock));
  const reader = new IsolatedReader();
  const caldav = new LazyCalDav(egress, policies, reader);
  const providers: Providers = {
    ics: new IcsFeed(egress, policies, reader),
    caldav,
    google: new GoogleCalendar(egress, policies, signIn, { apiUrl: config.GOOGLE_API_URL }),
  };

  const seal = new Seal(config.CALENDAR_SECRET, 'calendars');
  const readAppointment = (id: string) => appointments.find(id);
  const calendars = new PostgresCalendars(orm, seal);
  observeCalendars(service.metrics, orm, clock, freshness);
  const conflicts = new PostgresConflicts(orm, readAppointment);
  // Google tells only whom it reaches by https.
  const reachedAt = config.PUBLIC_URL.startsWith('https:')
    ? `${config.PUBLIC_URL}/api/calendars/google/notifications`
    : undefined;
  const channels = new PushChannels(new PostgresChannels(orm), calendars, clock, reachedAt);
  const areKnown = async (practitionerId: string, until: Date) =>
    (await calendars.list(practitionerId)).every(
      (calendar) => knownUntil(calendar, clock.now(), freshness) >= until.getTime(),
    );
  const tentative = new SettleTentative(conflicts, appointments, areKnown);
  const rhythm = { pollMs: config.CALENDAR_POLL_SECONDS * 1_000, horizonDays };
  const sync = new SyncCalendars(calendars, providers, tentative, channels, rhythm, clock, running);
  const texts = new EventTexts(neighbours, facts);
  const entries = new PostgresCalendarEntries(orm, seal, readAppointment);
  const write = new WriteEntries(entries, providers, texts, clock, running);
  const keep = new KeepCalendars(
    calendars,
    conflicts,
    providers,
    caldav,
    sync,
    tentative,
    directory,
    clock,
    parts.calendarTimeouts,
  );
  const google = new ConnectGoogle(keep, new PostgresBegunConnections(orm, seal), clock, signIn);
  const privateFeeds = new PostgresPrivateFeeds(orm);
  const feeds = new PrivateFeeds(privateFeeds, appointments, texts, neighbours, directory, clock);
  const ending = new EndCalendars(calendars, privateFeeds);

  const failed = (error: unknown) => service.log.warn({ err: error }, 'calendars wait');
  const reading = new PeriodicTask(() => sync.syncDue(), { ...sparing, everyMs, failed });
  const writing = new PeriodicTask(() => write.writeDue(), { ...sparing, everyMs, failed });
  service.closers.defer(async () => {
    stop.abort();
    reader.stop();
    await Promise.all([reading.stop(), writing.stop()]);
    egress.close();
  });

  parts.commits.onCommitted(() => writing.wake());
  const controllers: Controllers = [
    [CalendarsController, () => new CalendarsController(keep, freshness, clock)],
    [
      GoogleCalendarsController,
      () => new GoogleCalendarsController(google, channels, () => reading.wake(), freshness, clock),
    ],
    [
      CalendarFilesController,
      () =>
        new CalendarFilesController(
          feeds,
          find,
          texts,
          async (events, method) => (await import('./data/calendars/ics/write-ics.js')).writeIcs(events, { method }),
          recordReadings(parts.auditTrail, service.log, clock),
          config.PUBLIC_URL,
        ),
    ],
  ];
  return {
    controllers,
    /** For whoever hears that a practitioner has left. */
    endCalendarsOf: (practitionerId: string, connectedUntil?: Date) =>
      ending.endCalendarsOf(practitionerId, connectedUntil),
    start() {
      void calendars.sealAnew().catch(failed);
      reading.wake();
      writing.wake();
    },
  };
}

/** Who reads an agenda by its address is known by nothing else; what is read says nothing about any patient. */
function recordReadings(trail: AuditTrail, log: ServiceBasis['log'], clock: Clock) {
  return async (practitionerId: string, address?: string): Promise<void> => {
    try {
      await trail.append({
        at: clock.now(),
        actor: 'private-feed',
        roles: [],
        purpose: 'HOPERAT',
        action: 'GET /api/calendars/feeds/:file',
        subjects: [practitionerId],
        outcome: 200,
        requestId: currentContext()?.requestId ?? '',
        address,
      });
    } catch (error) {
      log.error({ err: error }, 'audit event not stored');
      throw new Unavailable('AUDIT.UNAVAILABLE', 'The access could not be recorded');
    }
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
