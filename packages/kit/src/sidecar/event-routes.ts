import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { isFromSidecar } from '../access/authenticate.js';
import { NotAuthenticated } from '../errors.js';
import { runInContext } from '../http/request-context.js';
import type { Logger } from '../observe/log.js';
import { currentTraceId, inSpan } from '../observe/tracing.js';
import type { CloudEvent } from './publish.js';

const envelope = z.looseObject({
  id: z.string().min(1).max(200),
  type: z.string().min(1).max(200),
  source: z.string(),
  time: z.string().optional(),
  traceparent: z.string().optional(),
  topic: z.string().optional(),
  data: z.unknown(),
});

export interface ReceivedEvent extends Pick<CloudEvent, 'id' | 'type' | 'source' | 'traceparent' | 'data'> {
  topic?: string;
}

export interface EventRouteOptions {
  appApiToken?: string;
  log: Logger;
}

/**
 * A route for one subscription. Only the own sidecar may call it. A handler that throws answers 500, so the sidecar
 * delivers again and at last dead-letters; `DaprServer` would turn the error into success and lose the event.
 */
export function eventRoute(
  path: string,
  handle: (event: ReceivedEvent) => Promise<void>,
  { appApiToken, log }: EventRouteOptions,
): Router {
  const receive: RequestHandler = async (req, res) => {
    if (!isFromSidecar(req, appApiToken))
      throw new NotAuthenticated('ACCESS.SIDECAR_ONLY', 'Only the sidecar may call this');
    const event = envelope.parse(req.body);
    // Without tracing in the sidecar an all-zero traceparent arrives, which is no trace.
    const traceparent = /^00-0{32}/.test(event.traceparent ?? '') ? undefined : event.traceparent;
    const received = { ...event, traceparent };
    await inSpan(
      `consume ${event.type}`,
      'consumer',
      () =>
        runInContext(
          { requestId: event.id, traceId: currentTraceId(), principal: { id: event.source, roles: ['service'] } },
          async () => {
            await handle(received);
            log.info({ event_id: event.id, event_type: event.type }, 'event handled');
          },
        ),
      { traceparent },
    );
    res.status(200).json({ status: 'SUCCESS' });
  };
  const router = Router();
  router.post(path, receive);
  return router;
}
