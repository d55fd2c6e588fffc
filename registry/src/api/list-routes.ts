import type { Registration } from '../domain/lease.js';
import type { Registry } from '../domain/registry.js';
import { type Applications, bySecureVip, byVip } from '../domain/views.js';
import { sendNothing } from '../http/answer.js';
import type { Exchange, Handler } from '../http/router.js';
import { type EurekaContext, isReplication, keyOf, param } from './context.js';
import { codecFor, Document, DocumentCache, detailFor } from './documents.js';

/** The lists that everybody asks for: of all instances, and of what changed lately. */
export function sharedLists(context: EurekaContext): { all: Handler; delta: Handler } {
  const cache = new DocumentCache(context.registry, context.time);
  const show =
    (name: string, list: (registry: Registry) => Applications): Handler =>
    (exchange) => {
      const { req, res } = exchange;
      if (isClosed(exchange, context)) return sendNothing(res, 403);
      const [codec, detail] = [codecFor(req), detailFor(req)];
      const write = () => codec.writeApplications(list(context.registry), detail);
      return cache.get(`${name} ${detail} ${codec.mediaType}`, codec, write).send(req, res);
    };
  return { all: show('all', (registry) => registry.all()), delta: show('delta', (registry) => registry.delta()) };
}

export const showVip =
  (context: EurekaContext, list: typeof byVip | typeof bySecureVip): Handler =>
  (exchange) => {
    const { req, res } = exchange;
    if (isClosed(exchange, context)) return sendNothing(res, 403);
    const codec = codecFor(req);
    const wanted = list(context.registry.registrations(), param(exchange, 'vip'));
    return new Document(codec.mediaType, codec.writeApplications(wanted, detailFor(req))).send(req, res);
  };

export const showApplication =
  (context: EurekaContext): Handler =>
  (exchange) => {
    const { req, res } = exchange;
    if (isClosed(exchange, context)) return sendNothing(res, 403);
    const application = context.registry.application(param(exchange, 'app'));
    if (!application) return sendNothing(res, 404);
    const codec = codecFor(req);
    return new Document(codec.mediaType, codec.writeApplication(application, detailFor(req))).send(req, res);
  };

export const findInApplication =
  ({ registry }: EurekaContext) =>
  (exchange: Exchange) =>
    registry.find(keyOf(exchange));

export const findAnywhere =
  ({ registry }: EurekaContext) =>
  (exchange: Exchange) =>
    registry.findById(param(exchange, 'id'));

export const showInstance =
  (find: (exchange: Exchange) => Registration | undefined): Handler =>
  (exchange) => {
    const registration = find(exchange);
    if (!registration) return sendNothing(exchange.res, 404);
    const codec = codecFor(exchange.req);
    return new Document(codec.mediaType, codec.writeInstance(registration)).send(exchange.req, exchange.res);
  };

// Peers that start together would wait for one another.
const isClosed = (exchange: Exchange, { isOpen }: EurekaContext): boolean => !isOpen() && !isReplication(exchange);
