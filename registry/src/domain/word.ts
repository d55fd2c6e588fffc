import type { InstanceStatus } from './instance.js';

/** Who a word comes from: another registry has decided already what a client's word only asks for. */
export interface Origin {
  isReplication?: boolean;
}

/** What a renewal, or a change of status, says beside its key. */
export interface Word extends Origin {
  /** When the client last changed what it says of itself, in milliseconds. */
  lastDirtyAt?: number;
  /** What an operator decided, as a peer knows it. */
  override?: InstanceStatus;
}

/** `conflict`: what is known here is newer than what the peer says. */
export type Renewal = 'renewed' | 'register' | 'conflict';
