import { newId } from '../ids.js';
import { traceHeaders } from '../observe/tracing.js';
import type { CloudEvent } from './publish.js';

/** A fact that is to be told. It goes to the topic of the process that tells it. */
export interface Fact {
  type: string;
  /** The id whose events must stay in order. */
  partitionKey: string;
  data: unknown;
}

/** The event that tells a fact, with an id of its own and the trace of the work that brought it about. */
export const toCloudEvent = (source: string, { type, data }: Fact): CloudEvent => ({
  id: newId(),
  type,
  source,
  specversion: '1.0',
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  ...traceHeaders(),
  data,
});
