import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { isFromSidecar } from '../access/authenticate.js';
import { NotAuthenticated } from '../errors.js';
import { runInContext } from '../http/request-context.js';
import type { Logger } from '../observe/log.js';
import { type Spans, startConsumerSpans } from '../observe/tracing.js';
import type { HeardEvents } from './observe-events.js';
import type { CloudEvent } from './publish.js';

const envelope = z
  .looseObject({
    id: z.string().min(1).max(200),
    type: z.string().min(1).max(200),
    source: z.string(),
    time: z.string().optional(),
    traceparent: z.string().optional(),
    topic: z.string().optional(),
    data: z.unknown(),
  })
  // Without tracing in the sidecar an all-zero traceparent arrives, which is no trace.
  .transform((event) => (/^00-0{32}/.test(event.traceparent ?? '') ? { ...event, traceparent: undefined } : event));

/** What the sidecar sends for a subscription with `bulkSubscribe`. */
const batch = z.looseObject({
  entries: z.array(z.looseObject({ entryId: z.string(), event: z.unknown() })),
});

export interface ReceivedEvent extends Pick<CloudEvent, 'id' | 'type' | 'source' | 'traceparent' | 'data'> {
  time?: string;
  topic?: string;
}

/** Gives all of the events their effect, or throws and gives none. Events of one partition key are in their order. */
export type EventHandler = (events: ReceivedEvent[]) => Promise<void>;

export interface EventRouteOptions {
  appApiToken?: string;
  log: Logger;
  /** Counts what this route hears. */
  heard?: HeardEvents;
}

/**
 * A route for one subscription, one by one or in batches. Only the own sidecar may call it. An event whose handler throws
 * is answered RETRY, so the sidecar delivers it again and at last dead-letters it; `DaprServer` would turn the error into
 * success and lose the event.
 */
export function eventRoute(path: string, handle: EventHandler, { appApiToken, log, heard }: EventRouteOptions): Router {
  const receive: RequestHandler = async (req, res) => {
    if (!isFromSidecar(req, appApiToken))
      throw new NotAuthenticated('ACCESS.SIDECAR_ONLY', 'Only the sidecar may call this');
    const several = batch.safeParse(req.body);
    if (several.success) {
      res.json({ statuses: await receiveBatch(several.data.entries) });
    } else {
      await handleInContext([envelope.parse(req.body)]);
      res.json({ status: 'SUCCESS' });
    }
  };

  async function receiveBatch(entries: z.infer<typeof batch>['entries']) {
    const read = entries.map(({ entryId, event }) => ({ entryId, event: envelope.safeParse(event) }));
    const events = read.flatMap(({ event }) => (event.success ? [event.data] : []));
    const failed = await handleAllOrEach(events);
    return read.map(({ entryId, event }) => {
      if (!event.success) log.warn({ err: event.error }, 'not an event');
      return { entryId, status: event.success && !failed.has(event.data) ? 'SUCCESS' : 'RETRY' };
    });
  }

  /** Together, or, when that fails, each by itself: none fails for another's sake. @returns those that failed */
  async function handleAllOrEach(events: ReceivedEvent[]): Promise<Set<ReceivedEvent>> {
    const failed = new Set<ReceivedEvent>();
    if (events.length === 0) return failed;
    try {
      await handleInContext(events);
    } catch (error) {
      if (events.length === 1) {
        log.warn({ err: error, event_id: events[0]?.id, event_type: events[0]?.type }, 'event not handled');
        return new Set(events);
      }
      for (const event of events) for (const each of await handleAllOrEach([event])) failed.add(each);
    }
    return failed;
  }

  /** Each event has a span in its own trace; what the handler does belongs to the first event's. */
  async function handleInContext(events: ReceivedEvent[]): Promise<void> {
    const spans = startConsumerSpans(events);
    try {
      await spans.run(() => runInContext(contextOf(events, spans), () => handle(events)));
    } catch (error) {
      // Those of a batch are tried again one by one.
      for (const event of events.length === 1 ? events : []) heard?.failed(event);
      throw error;
    }
    for (const event of events) heard?.handled(event);
    const handled = events.map(({ id, type }, index) => ({ id, type, trace_id: spans.traceIds[index] }));
    log.info({ events: handled }, 'events handled');
  }

  return Router().post(path, receive);
}

function contextOf([first]: ReceivedEvent[], { traceIds }: Spans) {
  const principal = { id: first?.source ?? '', roles: ['service' as const] };
  return { requestId: first?.id ?? '', traceId: traceIds[0], principal };
}
