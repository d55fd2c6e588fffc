import type { Codec } from '../codecs/codec.js';
import { jsonCodec } from '../codecs/json-codec.js';
import { readInstance } from '../codecs/read-instance.js';
import { xmlCodec } from '../codecs/xml-codec.js';
import { type InstanceFacts, instanceStatuses, toAppName } from '../domain/instance.js';
import { sendNothing } from '../http/answer.js';
import { readBody } from '../http/body.js';
import { Refusal } from '../http/refusal.js';
import type { Exchange, Handler } from '../http/router.js';
import { type EurekaContext, isReplication, keyOf, lastDirtyOf, param } from './context.js';
import { codecFor, Document } from './documents.js';

export const register =
  ({ replicated, time, bodyBytesMax, access, cameFrom }: EurekaContext): Handler =>
  async (exchange) => {
    const { req, res } = exchange;
    const { changes } = access.callerOf(req);
    const codec = codecOfBody(exchange);
    const sent = codec.readInstance(await readBody(req, bodyBytesMax));
    const { facts, terms } = readInstance(sent, param(exchange, 'app'), time.now().getTime());
    if (typeof changes === 'object') assertOwnNames(facts, changes.app);
    replicated.register(facts, terms, { isReplication: isReplication(exchange) });
    if (!isReplication(exchange)) cameFrom(facts, addressOf(exchange));
    sendNothing(res, 204);
  };

export const renew =
  ({ replicated, registry, cameFrom }: EurekaContext): Handler =>
  (exchange) => {
    if (!isReplication(exchange)) cameFrom(keyOf(exchange), addressOf(exchange));
    const word = {
      lastDirtyAt: lastDirtyOf(exchange),
      isReplication: isReplication(exchange),
      override: overrideOf(exchange),
    };
    const renewal = replicated.renew(keyOf(exchange), word);
    const known = renewal === 'conflict' ? registry.find(keyOf(exchange)) : undefined;
    if (!known) return sendNothing(exchange.res, renewal === 'register' ? 404 : 200);
    const codec = codecFor(exchange.req);
    return new Document(codec.mediaType, codec.writeInstance(known)).send(exchange.req, exchange.res, 409);
  };

export const cancel =
  ({ replicated }: EurekaContext): Handler =>
  (exchange) => {
    const isDone = replicated.cancel(keyOf(exchange), { isReplication: isReplication(exchange) });
    sendNothing(exchange.res, isDone ? 200 : 404);
  };

const addressOf = ({ req }: Exchange): string => req.socket.remoteAddress ?? '';

/** Clients look others up by these names as well, so that one under another's name would get its requests. */
function assertOwnNames({ vipAddress, secureVipAddress }: InstanceFacts, app: string): void {
  const names = [vipAddress, secureVipAddress].flatMap((list) => list?.split(',') ?? []);
  if (names.some((name) => toAppName(name.trim()) !== app))
    throw new Refusal(403, 'The vip address is of another application');
}

const codecs: Codec[] = [jsonCodec, xmlCodec];

function codecOfBody({ req }: Exchange): Codec {
  const type = req.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const codec = codecs.find(({ mediaType }) => mediaType === type);
  if (codec) return codec;
  req.resume();
  throw new Refusal(415, 'Send application/json or application/xml');
}

// A word between peers only.
const overrideOf = ({ query }: Exchange) =>
  instanceStatuses.find((status) => status === query.overriddenstatus && status !== 'UNKNOWN');
