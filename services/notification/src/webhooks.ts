import { PeriodicTask } from '@cabinet/kit/periodic-task';
import type { Store } from '@cabinet/postgres/store';
import type { Controllers } from '@cabinet/service/http/controllers';
import type { ServiceBasis } from '@cabinet/service/service';
import { WebhooksController } from './api/webhooks.controller.js';
import { PostgresWebhookDeliveries } from './data/webhooks/postgres-webhook-deliveries.js';
import type { PostgresWebhooks } from './data/webhooks/postgres-webhooks.js';
import type { Channel } from './domain/channel.js';
import { DeliverWebhooks } from './domain/webhooks/deliver-webhooks.js';
import { KeepWebhooks } from './domain/webhooks/keep-webhooks.js';

interface Parts {
  service: ServiceBasis;
  store: Store;
  webhooks: PostgresWebhooks;
  channel: Channel;
  privateHosts: readonly string[];
  /** Pause between two looks at what is due, in milliseconds. */
  lookEveryMs?: number;
}

/** What is told to programs of others. */
export interface OpenedWebhooks {
  deliveries: PostgresWebhookDeliveries;
  controllers: Controllers;
  /** Something may be due at once. */
  wake(): void;
}

export function openWebhooks({ service, store, webhooks, channel, privateHosts, ...more }: Parts): OpenedWebhooks {
  const { clock, log, closers } = service;
  const deliveries = new PostgresWebhookDeliveries(store.orm, clock);
  const deliver = new DeliverWebhooks(deliveries, channel, clock, (error, deliveryId) =>
    log.warn({ err: error, deliveryId }, 'a webhook was not told'),
  );
  const telling = new PeriodicTask((stopping) => deliver.run(stopping), {
    everyMs: more.lookEveryMs ?? 5_000,
    pauseMsMax: 60_000,
    failed: (error) => log.warn({ err: error }, 'what is due to webhooks was not looked at'),
  });
  const wake = () => telling.wake();
  void store.prepared.then(() => telling.start(0));
  closers.defer(() => telling.stop());
  const keep = new KeepWebhooks(webhooks, deliveries, privateHosts, clock, wake);
  return { deliveries, controllers: [[WebhooksController, () => new WebhooksController(keep)]], wake };
}
