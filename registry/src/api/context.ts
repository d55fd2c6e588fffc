import type { InstanceKey } from '../domain/instance.js';
import type { Registry } from '../domain/registry.js';
import { Refusal } from '../http/refusal.js';
import type { Exchange } from '../http/router.js';
import { replicationHeader } from '../peers/peer-client.js';
import type { Peers } from '../peers/peers.js';
import type { ReplicatedRegistry } from '../peers/replicated-registry.js';
import type { Access } from '../protection/access.js';
import type { Time } from '../time.js';

/** What the routes of the protocol work on. */
export interface EurekaContext {
  /** To be read. */
  registry: Registry;
  /** To be changed. */
  replicated: ReplicatedRegistry;
  peers: Peers;
  access: Access;
  time: Time;
  /** Told where an instance itself has called from. */
  cameFrom: (key: InstanceKey, address: string) => void;
  /** False while the registry does not know yet who is there. */
  isOpen: () => boolean;
  /** Largest registration accepted, in bytes after decompression. */
  bodyBytesMax: number;
}

export const param = ({ params }: Exchange, name: string): string => params[name] ?? '';

export const keyOf = (exchange: Exchange): InstanceKey => ({
  app: param(exchange, 'app'),
  instanceId: param(exchange, 'id'),
});

/** True for what another registry tells: it is not told on. */
export const isReplication = ({ req }: Exchange): boolean => req.headers[replicationHeader] === 'true';

/** @throws Refusal 400 */
export function lastDirtyOf({ query }: Exchange): number | undefined {
  const { lastDirtyTimestamp } = query;
  if (lastDirtyTimestamp === undefined || lastDirtyTimestamp === 'null') return undefined;
  if (!/^\d{1,16}$/.test(String(lastDirtyTimestamp))) throw new Refusal(400, 'Invalid lastDirtyTimestamp');
  return Number(lastDirtyTimestamp);
}
