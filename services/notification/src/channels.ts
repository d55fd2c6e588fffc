import type { Store } from '@cabinet/postgres/store';
import type { Controllers } from '@cabinet/service/http/controllers';
import { deriveKey, Seal } from '@cabinet/service/seal';
import type { ServiceBasis } from '@cabinet/service/service';
import { PushSubscriptionsController } from './api/push-subscriptions.controller.js';
import { ReceiptsController } from './api/receipts.controller.js';
import { UnreachableController } from './api/unreachable.controller.js';
import { UnsubscribeController } from './api/unsubscribe.controller.js';
import type { Config } from './config.js';
import { AddressDigests } from './data/address-digests.js';
import { openChannels } from './data/channels/open-channels.js';
import { ProviderReceipts } from './data/channels/receipts/provider-receipts.js';
import { PostgresReceipts } from './data/ledger/postgres-receipts.js';
import type { NotificationEvents } from './data/notification-events.js';
import { PostgresPushSubscriptions } from './data/postgres-push-subscriptions.js';
import { PostgresUnreachable } from './data/postgres-unreachable.js';
import { sealAnew } from './data/seal-anew.js';
import { SealedLinks } from './data/sealed-links.js';
import { PostgresWebhooks } from './data/webhooks/postgres-webhooks.js';
import type { Channel } from './domain/channel.js';
import { HearReceipts } from './domain/channels/hear-receipts.js';
import { HearReplies } from './domain/channels/hear-replies.js';
import { KeepSubscriptions } from './domain/channels/keep-subscriptions.js';
import type { PushSubscriptionStore } from './domain/channels/ports.js';
import { KeepUnreachable, type UnreachableAddresses } from './domain/channels/unreachable.js';
import type { PreferenceStore } from './domain/ports.js';
import { Unsubscribe } from './domain/preferences/unsubscribe.js';

interface Parts {
  service: ServiceBasis;
  store: Store;
  config: Config;
  events: NotificationEvents;
  preferences: PreferenceStore;
}

/** How messages leave, and how what comes of them comes back. */
export interface OpenedChannels {
  toPeople: readonly Channel[];
  webhook: Channel;
  webhooks: PostgresWebhooks;
  subscriptions: PushSubscriptionStore;
  unsubscribe: Unsubscribe;
  unreachable: UnreachableAddresses;
  controllers: Controllers;
  /** Keys what is kept of requests, which hold keys of browsers. */
  digestKey: Buffer;
}

export function openMessageChannels({ service, store, config, events, preferences }: Parts): OpenedChannels {
  const { clock, log, closers } = service;
  const { orm } = store;
  const sealFor = (purpose: string) => new Seal('notification', config.NOTIFICATION_SECRET, purpose);
  const seals = { webhook: sealFor('webhooks'), push_subscription: sealFor('push-subscriptions') };
  const subscriptions = new PostgresPushSubscriptions(orm, seals.push_subscription);
  const webhooks = new PostgresWebhooks(orm, seals.webhook, clock);
  const sealing = async () => {
    for (const table of ['webhook', 'push_subscription'] as const) await sealAnew(orm, seals[table], table);
  };
  void store.prepared
    .then(sealing)
    .catch((error) => log.error({ err: error }, 'what an older secret has sealed is not sealed anew'));
  const urlOf = (provider: string) => `${config.PUBLIC_URL}/api/notifications/receipts/${provider}`;
  const channels = openChannels({
    ...{ config, clock, subscriptions, endpoints: webhooks },
    log: { info: (fields, text) => log.info(fields, text) },
    // Providers refuse an address that they cannot reach.
    ...(config.PUBLIC_URL.startsWith('https:') && { receiptsUrl: urlOf }),
  });
  closers.defer(() => channels.close());
  const unsubscribe = new Unsubscribe(
    new SealedLinks(sealFor('unsubscribe')),
    preferences,
    { link: config.PUBLIC_URL, language: config.PRACTICE_LANGUAGE },
    clock,
  );
  const keep = new KeepSubscriptions(subscriptions, channels.pushKeys, config.OUTBOUND_PRIVATE_HOSTS, clock);
  const reader = new ProviderReceipts({
    urlOf,
    twilioTokens: config.TWILIO_AUTH_TOKEN ?? [],
    secrets: config.SMS_RECEIPTS_SECRET ?? [],
  });
  const unreachable = new PostgresUnreachable(orm, new AddressDigests(config.NOTIFICATION_SECRET));
  const replies = new HearReplies(unreachable, preferences, clock);
  const receipts = new HearReceipts(reader, new PostgresReceipts(orm, events), unreachable, replies, clock);
  return {
    ...{ toPeople: channels.toPeople, webhook: channels.webhook, webhooks, subscriptions, unsubscribe },
    unreachable,
    controllers: [
      [PushSubscriptionsController, () => new PushSubscriptionsController(keep)],
      [ReceiptsController, () => new ReceiptsController(receipts)],
      [UnreachableController, () => new UnreachableController(new KeepUnreachable(unreachable))],
      [UnsubscribeController, () => new UnsubscribeController(unsubscribe, config.PRACTICE_NAME)],
    ],
    digestKey: deriveKey('notification', config.NOTIFICATION_SECRET[0], 'idempotency'),
  };
}
