import { type InstanceStatus, instanceStatuses } from '../domain/instance.js';
import { sendNothing, sendRefusal } from '../http/answer.js';
import type { Exchange, Handler } from '../http/router.js';
import { type EurekaContext, isReplication, keyOf, lastDirtyOf } from './context.js';

// A word that is no status is answered with 500, as Eureka does, but an unknown instance comes first.
export const overrideStatus =
  ({ replicated, registry }: EurekaContext): Handler =>
  (exchange) => {
    if (!registry.find(keyOf(exchange))) return sendNothing(exchange.res, 404);
    const status = statusOf(exchange);
    if (!status) return sendRefusal(exchange.res, 500, 'Unknown status');
    replicated.overrideStatus(keyOf(exchange), status, wordOf(exchange));
    sendNothing(exchange.res, 200);
  };

export const removeOverride =
  ({ replicated, registry }: EurekaContext): Handler =>
  (exchange) => {
    if (!registry.find(keyOf(exchange))) return sendNothing(exchange.res, 404);
    const status = exchange.query.value === undefined ? 'UNKNOWN' : statusOf(exchange);
    if (!status) return sendRefusal(exchange.res, 500, 'Unknown status');
    replicated.removeOverride(keyOf(exchange), status, wordOf(exchange));
    sendNothing(exchange.res, 200);
  };

export const updateMetadata =
  ({ replicated }: EurekaContext): Handler =>
  (exchange) => {
    // Names and values as they were sent: the router's reading of a query knows neither order nor every name.
    const { searchParams } = new URL(exchange.req.url ?? '', 'http://registry');
    const entries = new Map<string, string>();
    for (const [name, value] of searchParams) {
      if (name && name !== '@class' && !entries.has(name)) entries.set(name, value);
    }
    const isDone = replicated.updateMetadata(keyOf(exchange), entries);
    sendNothing(exchange.res, isDone ? 200 : 404);
  };

const statusOf = ({ query }: Exchange): InstanceStatus | undefined =>
  instanceStatuses.find((status) => status === query.value);

const wordOf = (exchange: Exchange) => ({ lastDirtyAt: lastDirtyOf(exchange), isReplication: isReplication(exchange) });
