import { isFromSidecar } from '@cabinet/kit/access/authenticate';
import { NotAuthenticated } from '@cabinet/kit/errors';
import express, { type RequestHandler, Router } from 'express';
import { batchOfDeliveries, readDelivery } from './deliveries.js';
import type { EventReceiver } from './event-receiver.js';

/**
 * What a batch of the sidecar (`maxMessagesCount` in dapr/subscriptions) can be at most: a hundred messages as large as a
 * broker takes, of one MiB, as base64. A batch that is refused for its size would come again for ever.
 */
const batchBytesMax = 100 * 1.4 * 1024 * 1024;

/**
 * The routes of a service's subscriptions, `/events/<topic>`, for the own sidecar alone. What is answered with SUCCESS has had
 * its effect, or waits for it in the service's own database; all else is an error, and comes again. `DaprServer` would turn
 * the error into success and lose the events.
 */
export function eventRoutes(receiver: EventReceiver, appApiToken?: string): Router {
  const router = Router();
  for (const topic of receiver.topics) {
    router.post(
      `/events/${topic}`,
      onlyDeliveries(appApiToken),
      express.json({ limit: batchBytesMax }),
      receive(topic),
    );
  }

  function receive(topic: string): RequestHandler {
    return async (req, res) => {
      const { entries } = batchOfDeliveries.parse(req.body);
      const deliveries = entries.map((entry) => readDelivery(entry, topic));
      await receiver.receive(topic, deliveries);
      res.json({ statuses: deliveries.map(({ entryId }) => ({ entryId, status: 'SUCCESS' })) });
    };
  }
  return router;
}

/** The own sidecar carries calls of neighbours, too, with the same token: these say who calls, a delivery never does. */
export const onlyDeliveries =
  (appApiToken?: string): RequestHandler =>
  (req, _res, next) => {
    const isDelivery = isFromSidecar(req, appApiToken) && req.get('dapr-caller-app-id') === undefined;
    next(isDelivery ? undefined : new NotAuthenticated('ACCESS.SIDECAR_ONLY', 'Only the sidecar may call this'));
  };
