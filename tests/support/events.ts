import { EventKeys } from '@cabinet/service/sidecar/signatures';
import { readProcesses } from '../../dev/src/processes.ts';
import { type Answer, caller } from './http.ts';

const tellers = readProcesses().flatMap(({ name, tells }) => (tells ? [name] : []));

/** As a service's environment has them. */
export const eventKeys: Record<string, string[]> = Object.fromEntries(
  tellers.map((teller) => [teller, [`the key with which ${teller} signs in tests`]]),
);

const keys = new EventKeys(new Map(Object.entries(eventKeys)));

export interface EventToDeliver {
  id: string;
  type: string;
  source: string;
  data: unknown;
  time?: string;
  partitionkey?: string;
}

/** Signed as its teller does it. */
export const signed = <E extends EventToDeliver>(topic: string, event: E): E & { signature: string } => ({
  ...event,
  signature: keys.sign(topic, event),
});

/** A message as it stands in the broker, in a batch as the sidecar delivers it. */
export const batchOf = (...messages: (object | string)[]) => ({
  entries: messages.map((message, nth) => ({
    entryId: String(nth),
    event: Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)).toString('base64'),
    metadata: { __partition: '0', __offset: String(nth) },
    contentType: 'application/octet-stream',
  })),
});

/** Delivers events of a topic as the own sidecar does. */
export const deliverTo = (base: string, appApiToken: string) => {
  const sidecar = caller(base, { 'dapr-api-token': appApiToken });
  return (topic: string, ...events: EventToDeliver[]): Promise<Answer> =>
    sidecar('POST', `/events/${topic}`, batchOf(...events.map((event) => signed(topic, event))));
};
