import { newId } from '@cabinet/kit/ids';
import { traceHeaders } from '@cabinet/kit/observe/tracing';
import type { CloudEvent } from './cloud-event.js';

/** A fact that is to be told. */
export interface Fact {
  /** Where it is told: mostly, but not always, the topic of the name of the process that tells it. */
  topic: string;
  type: string;
  /** The id whose events must stay in order. */
  partitionKey: string;
  data: unknown;
}

/** An event and where it is told. */
export interface ToldEvent {
  topic: string;
  event: CloudEvent;
}

/** The event that tells a fact, with an id of its own and the trace of the work that brought it about. */
const toCloudEvent = (source: string, { type, data }: Fact): CloudEvent => ({
  id: newId(),
  type,
  source,
  specversion: '1.0',
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  ...traceHeaders(),
  data,
});

export const toToldEvent = (source: string, fact: Fact): ToldEvent => ({
  topic: fact.topic,
  event: toCloudEvent(source, fact),
});
