import { PeriodicTask } from '@cabinet/kit/periodic-task';
import type { Store } from '@cabinet/postgres/store';
import type { ServiceBasis } from '@cabinet/service/service';
import type { Config } from './config.js';
import { observeSending } from './data/figures.js';
import type { PostgresDueDecisions } from './data/ledger/postgres-due-decisions.js';
import { AddressedChannel } from './data/outlets/addressed-channel.js';
import { type ProviderSettings, Providers } from './data/outlets/providers.js';
import type { PlanVisits } from './data/planning/plan-visits.js';
import { Replan } from './data/planning/replan.js';
import { PostgresNightlyBooks } from './data/postgres-nightly-books.js';
import type { Channel } from './domain/channel.js';
import type { SubscribedBrowsers } from './domain/channels/ports.js';
import { Guests, Reach } from './domain/channels/reach.js';
import type { UnreachableAddresses } from './domain/channels/unreachable.js';
import type { VisitLinks } from './domain/links/visit-links.js';
import type { Families, Neighbours } from './domain/neighbours.js';
import { SumNight } from './domain/nightly/sum-night.js';
import type { Policies, PreferenceStore, Templates } from './domain/ports.js';
import type { Unsubscribe } from './domain/preferences/unsubscribe.js';
import { Examine } from './domain/sending/examine.js';
import { SendDue, type SendingSettings, usualSending } from './domain/sending/send-due.js';
import { type Practice, WriteMessage } from './domain/sending/write-message.js';

/** What a test may put in place of the real part. */
export interface SendingOverrides {
  /** The ways out. */
  channels?: readonly Channel[];
  sending?: Partial<SendingSettings>;
  providers?: Partial<ProviderSettings>;
  /** Pause between two looks at what is due, in milliseconds. */
  lookEveryMs?: number;
}

interface Parts {
  service: ServiceBasis;
  store: Store;
  config: Config;
  overrides: SendingOverrides;
  neighbours: Neighbours;
  due: PostgresDueDecisions;
  policies: Policies;
  templates: Templates;
  preferences: PreferenceStore;
  plan: PlanVisits;
  acting: Families;
  channels: readonly Channel[];
  subscriptions: SubscribedBrowsers;
  unsubscribe: Unsubscribe;
  links: VisitLinks;
  unreachable: UnreachableAddresses;
}

/** A channel ends a try by itself; this is for one that asks several times in it. Two providers in turn end within a lease. */
const providerMs = ({ OUTBOUND_TIMEOUT_SECONDS }: Config): number => Math.min(OUTBOUND_TIMEOUT_SECONDS * 3_000, 50_000);

/** What goes on by itself: what is due leaves, what a policy changes is planned anew, and every night all is summed up. */
export interface Sending {
  /** Something may be due at once. */
  wake(): void;
  replan(): void;
}

export function openSending(parts: Parts): Sending {
  const { service, store, config, overrides, neighbours, due, policies, templates, preferences, plan, acting } = parts;
  const { channels, subscriptions, unsubscribe, links, unreachable } = parts;
  const { clock, log, closers, metrics } = service;
  const practice: Practice = {
    name: config.PRACTICE_NAME,
    zone: config.PRACTICE_ZONE,
    language: config.PRACTICE_LANGUAGE,
    link: config.PUBLIC_URL,
    email: config.PRACTICE_EMAIL,
  };
  const reach = new Reach(new Guests(config.MESSAGE_GUESTS), unreachable);
  const addressed = (channel: Channel) => new AddressedChannel(channel, unreachable, clock);
  const outlets = new Providers((overrides.channels ?? channels).map(addressed), {
    timeoutMs: providerMs(config),
    ...overrides.providers,
  });
  const figures = observeSending(metrics, { orm: store.orm, circuits: () => outlets.circuits(), clock });
  const sendDue = new SendDue({
    ...{ due, outlets, policies, practice, clock, settings: { ...usualSending, ...overrides.sending } },
    examine: new Examine(due, neighbours, acting, preferences, subscriptions, reach, practice),
    write: new WriteMessage(templates, neighbours, practice, unsubscribe, links),
    failed: (error, notificationId) => log.warn({ err: error, notificationId }, 'a message was not carried out'),
    decided: figures.decided,
  });
  const everyMs = overrides.lookEveryMs ?? 5_000;
  const looking = new PeriodicTask((stopping) => sendDue.run(stopping), {
    everyMs,
    pauseMsMax: 60_000,
    failed: (error) => log.warn({ err: error }, 'what is due was not looked at'),
  });
  const replanning = new Replan(store.orm, plan, clock);
  const replan = new PeriodicTask(
    async (stopping) => {
      if ((await replanning.run(stopping)) > 0) looking.wake();
    },
    { everyMs: 60_000, failed: (error) => log.warn({ err: error }, 'what lies ahead was not planned anew') },
  );
  const books = new PostgresNightlyBooks(store.orm, plan);
  const nightly = new SumNight(books, neighbours, practice.zone, clock, (sums, missing) => {
    figures.summedUp(sums, missing);
    for (const sum of sums.filter(({ unaccounted }) => unaccounted > 0))
      log.error({ ...sum }, 'of messages that were due nobody knows what became of them');
    if (missing > 0) log.warn({ missing }, 'visits were found of which nothing had been heard; they are planned now');
    looking.wake();
  });
  const summing = new PeriodicTask(() => nightly.run(), {
    everyMs: 10 * 60_000,
    failed: (error) => log.warn({ err: error }, 'the night is not summed up yet'),
  });
  void store.prepared.then(() => {
    looking.start(0);
    replan.start();
    summing.start(1_000);
  });
  closers.defer(() => Promise.all([looking.stop(), replan.stop(), summing.stop()]).then(() => undefined));
  return { wake: () => looking.wake(), replan: () => replan.wake() };
}
