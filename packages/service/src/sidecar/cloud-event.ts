/** A CloudEvent (1.0) as it goes over the wire; `data` holds ids and changed facts, never a person's data. */
export interface CloudEvent<D = unknown> {
  id: string;
  type: string;
  source: string;
  specversion: '1.0';
  time: string;
  datacontenttype: 'application/json';
  /** The version of the event's schema. */
  dataschema?: string;
  traceparent?: string;
  data: D;
  /** The id whose events must stay in order (CloudEvents' partitioning extension). */
  partitionkey?: string;
  /** Shows who told it: see `EventKeys`. */
  signature?: string;
}
