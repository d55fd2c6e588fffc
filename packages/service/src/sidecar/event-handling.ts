import { runInContext } from '@cabinet/kit/http/request-context';
import type { Logger } from '@cabinet/kit/observe/log';
import { type Spans, startConsumerSpans } from '@cabinet/kit/observe/tracing';
import type { EventHandler, ReceivedEvent } from './deliveries.js';
import { type Failure, failureOf } from './failures.js';
import type { HeardEvents } from './observe-events.js';

/** Gives events their effect, and says of each in logs, traces and figures what became of it. */
export class EventHandling {
  constructor(
    /** By topic. */
    private readonly handlers: Record<string, EventHandler>,
    private readonly log: Logger,
    private readonly heard?: HeardEvents,
  ) {}

  /** Each event has a span in its own trace; what the handler does belongs to the first event's. */
  async handle(topic: string, events: ReceivedEvent[]): Promise<void> {
    const handler = this.handlers[topic];
    if (!handler) throw new Error(`nobody handles ${topic}`);
    const spans = startConsumerSpans(events);
    await spans.run(() => runInContext(contextOf(events, spans), () => handler(events)));
    for (const event of events) this.heard?.handled(event);
    const handled = events.map(({ id, type }, index) => ({ id, type, trace_id: spans.traceIds[index] }));
    this.log.info({ events: handled }, 'events handled');
  }

  /** The same for one. @returns why it could not be handled */
  async failureOf(topic: string, event: ReceivedEvent): Promise<Failure | undefined> {
    try {
      await this.handle(topic, [event]);
      return undefined;
    } catch (error) {
      return this.noted(topic, event, error);
    }
  }

  noted(topic: string, event: ReceivedEvent, error: unknown): Failure {
    const failure = failureOf(error);
    const { id, type } = event;
    this.log.warn({ err: error, event_id: id, event_type: type, topic, ...failure }, 'event not handled');
    this.heard?.failed(event);
    return failure;
  }
}

/** Events that have this in common have their effect in their order. */
export const keyOf = ({ partitionkey, id }: ReceivedEvent): string => partitionkey ?? id;

function contextOf([first]: ReceivedEvent[], { traceIds }: Spans) {
  const principal = { id: first?.source ?? '', roles: ['service' as const] };
  return { requestId: first?.id ?? '', traceId: traceIds[0], principal };
}
