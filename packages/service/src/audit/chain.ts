import { createHmac, hash } from 'node:crypto';

/**
 * One access to personal or medical data: who, in which role, for whom and why, did what to whom, when, from where, with
 * what outcome. Never its content. In FHIR's AuditEvent these are agent, purposeOfEvent, entity, recorded, and outcome.
 */
export interface AuditEvent {
  at: Date;
  /** User id, or the app-id of a service; `anonymous` when nobody was known. */
  actor: string;
  roles: string[];
  /** The practitioner that the user is, if any. */
  practitionerId?: string;
  /** The practitioner for whom a delegate acts. */
  onBehalfOf?: string;
  /** Why, by a code of HL7's PurposeOfUse; absent in events of old. */
  purpose?: string;
  /** Method and route pattern, without ids: `GET /api/patients/:patientId`; of refusals by many routes `GET *`. */
  action: string;
  /** The people concerned: patients, practitioners or users; and `keptFromGuardians`, where that is so. */
  subjects: string[];
  /** HTTP status of the answer; 0 when the process died between a change and its answer. */
  outcome: number;
  /** How many alike it stands for, when more than one. */
  times?: number;
  requestId: string;
  /** Where the request came from, as far as the gateway says. */
  address?: string;
  /** The head of another service's trail as that told it: name, sequence and hash. */
  witnessed?: string;
}

/**
 * Stands among the subjects of an event whose subject keeps from their guardians what it tells of: it is sealed with them, and
 * needs no column of a table that an operator may have taken from the service.
 */
export const keptFromGuardians = 'kept-from-guardians';

/** An event in its place in the chain. */
export interface SealedEvent extends AuditEvent {
  /** 1 for the first, one more for each. */
  sequence: number;
  /** By which of the keys it is sealed; absent in events from before there were keys. */
  keyId?: string;
  /** HMAC-SHA-256 over the previous hash and this event, in hexadecimal; SHA-256 where there is no key. */
  hash: string;
}

/** The last event of a chain. */
export type Head = Pick<SealedEvent, 'sequence' | 'hash'>;

/** What stands before the first event. */
export const chainStart: Head = { sequence: 0, hash: '0'.repeat(64) };

/**
 * The keys of one service's trail, which are not in its database: whoever changes that can make no chain that holds. The
 * first seals, the others are believed.
 */
export class AuditKeys {
  private keys: ReadonlyMap<string, HmacKey>;

  constructor(
    private readonly service: string,
    secrets: readonly string[],
  ) {
    this.keys = this.derived(secrets);
  }

  /** The name of the key that seals. */
  get current(): string {
    return this.keys.keys().next().value as string;
  }

  /** From now on these seal and are believed, and no others. */
  replace(secrets: readonly string[]): void {
    this.keys = this.derived(secrets);
  }

  private derived(secrets: readonly string[]): ReadonlyMap<string, HmacKey> {
    if (secrets.length === 0) throw new Error('an audit trail needs a key');
    const derive = (secret: string, use: string) => createHmac('sha256', secret).update(use).digest();
    const named = (secret: string): [string, HmacKey] => [
      derive(secret, 'id').toString('hex', 0, 4),
      new HmacKey(derive(secret, `audit trail of ${this.service}`)),
    ];
    return new Map(secrets.map(named));
  }

  get(id: string): HmacKey | undefined {
    return this.keys.get(id);
  }
}

const blockBytes = 64;

/** HMAC-SHA-256 (RFC 2104) of two hashes at a stroke, which takes much less time than an object of its own for each event. */
class HmacKey {
  private readonly inner: Buffer;
  /** And after it the inner hash. */
  private readonly outer = Buffer.alloc(blockBytes + 32);

  /** @param key as long as a block at most */
  constructor(key: Buffer) {
    const padded = Buffer.concat([key], blockBytes);
    this.inner = padded.map((byte) => byte ^ 0x36) as Buffer;
    this.outer.set(padded.map((byte) => byte ^ 0x5c));
  }

  hash(text: string): string {
    this.outer.write(hash('sha256', Buffer.concat([this.inner, Buffer.from(text)]), 'hex'), blockBytes, 'hex');
    return hash('sha256', this.outer, 'hex');
  }
}

/** Chains an event to its predecessor, so that neither can be changed or taken out unnoticed. */
export function seal(event: AuditEvent, previous: Head, keys: AuditKeys): SealedEvent {
  const sequence = previous.sequence + 1;
  const keyId = keys.current;
  const key = keys.get(keyId) as HmacKey;
  return { ...event, sequence, keyId, hash: keyedHash({ ...event, sequence, keyId }, previous.hash, key) };
}

/** True when an event stands where it was sealed, as it was; undefined when its key is not at hand. */
export function isGenuine(event: SealedEvent, previousHash: string, keys: AuditKeys): boolean | undefined {
  if (event.keyId === undefined) return event.hash === plainHash(event, previousHash);
  const key = keys.get(event.keyId);
  return key && event.hash === keyedHash(event, previousHash, key);
}

type Unhashed = Omit<SealedEvent, 'hash'>;

const keyedHash = (event: Unhashed, previousHash: string, key: HmacKey): string =>
  key.hash(previousHash + contentOf(event));

function contentOf(event: Unhashed): string {
  const { sequence, at, actor, roles, practitionerId, onBehalfOf, purpose, action, subjects, outcome } = event;
  const { times, requestId, address, witnessed, keyId } = event;
  // What is undefined is written as null.
  return JSON.stringify([
    sequence,
    at.getTime(),
    actor,
    roles,
    practitionerId,
    onBehalfOf,
    purpose,
    action,
    subjects,
    outcome,
    times,
    requestId,
    address,
    witnessed,
    keyId,
  ]);
}

/** As events were chained before there were keys. */
function plainHash(event: Unhashed, previousHash: string): string {
  const { sequence, at, actor, roles, action, subjects, outcome, requestId, address } = event;
  const content = [sequence, at.toISOString(), actor, roles, action, subjects, outcome, requestId, address ?? null];
  return hash('sha256', previousHash + JSON.stringify(content), 'hex');
}
