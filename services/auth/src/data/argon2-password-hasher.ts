import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type BulkheadPolicy, BulkheadRejectedError, bulkhead } from 'cockatiel';
import { Busy } from '../domain/errors.js';
import type { PasswordHasher } from '../domain/ports.js';

export interface Argon2Parameters {
  memoryKiB: number;
  passes: number;
  parallelism: number;
}

/** OWASP's least parameters for argon2id. */
export const currentParameters: Argon2Parameters = { memoryKiB: 19_456, passes: 2, parallelism: 1 };

const deriveWithArgon2 = promisify(argon2);
const hashBytes = 32;
const waitingMax = 64;
/** As many strangers wait for each other, who may be guessing. */
const strangersMax = 32;
/** A few may well sign in at the same time. */
const strangersUsual = 4;
/** When more wait, no other's password is looked at for so many times as long as the last one took: guessing takes a fifth of a core. */
const restOfStrangers = 4;
/** One core is left to everybody else, however many passwords are guessed. */
const placesOfMachine = Math.max(1, availableParallelism() - 1);

/** argon2id in PHC strings: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`, base64 without padding. */
export class Argon2PasswordHasher implements PasswordHasher {
  private readonly inPlaces: BulkheadPolicy;
  private readonly strangers = bulkhead(1, strangersMax);
  private readonly nobodysHash: Promise<string>;

  /** @param places how many checks run at once, each on a thread and with `memoryKiB` of its own */
  constructor(
    private readonly parameters: Argon2Parameters = currentParameters,
    places = placesOfMachine,
  ) {
    this.inPlaces = bulkhead(places, waitingMax);
    this.nobodysHash = this.hash(randomBytes(16).toString('hex'));
  }

  async hash(password: string): Promise<string> {
    const salt = randomBytes(16);
    const { memoryKiB, passes, parallelism } = this.parameters;
    const hash = await derive(password, salt, this.parameters);
    return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
  }

  async verify(password: string, stored: string | undefined): Promise<boolean> {
    const { parameters, salt, hash } = parse(stored ?? (await this.nobodysHash));
    const derived = await derive(password, salt, parameters);
    return timingSafeEqual(derived, hash) && stored !== undefined;
  }

  isOutdated(stored: string): boolean {
    const { memoryKiB, passes, parallelism } = parse(stored).parameters;
    const { parameters } = this;
    return memoryKiB !== parameters.memoryKiB || passes !== parameters.passes || parallelism !== parameters.parallelism;
  }

  assertRoom(isKnown: boolean): void {
    const { executionSlots, queueSlots } = isKnown ? this.inPlaces : this.strangers;
    if (executionSlots === 0 && queueSlots === 0) throw new Busy();
  }

  async inTurn<T>(work: () => Promise<T>, isKnown = true): Promise<T> {
    this.assertRoom(isKnown);
    try {
      return await (isKnown ? this.inPlaces.execute(work) : this.afterRest(work));
    } catch (error) {
      throw error instanceof BulkheadRejectedError ? new Busy() : error;
    }
  }

  /** A stranger is answered at once; where many wait, the next waits for a rest as well. */
  private afterRest<T>(work: () => Promise<T>): Promise<T> {
    const answered = Promise.withResolvers<T>();
    this.strangers
      .execute(async () => {
        let tookMs = 0;
        const timed = async () => {
          const begun = performance.now();
          return work().finally(() => {
            tookMs = performance.now() - begun;
          });
        };
        await this.inPlaces.execute(timed).then(answered.resolve, answered.reject);
        if (strangersMax - this.strangers.queueSlots <= strangersUsual) return;
        await delay(tookMs * restOfStrangers, undefined, { ref: false });
      })
      .catch(answered.reject);
    return answered.promise;
  }
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

const derive = (password: string, salt: Buffer, { memoryKiB, passes, parallelism }: Argon2Parameters) =>
  deriveWithArgon2('argon2id', {
    message: password,
    nonce: salt,
    parallelism,
    tagLength: hashBytes,
    memory: memoryKiB,
    passes,
  });

function parse(stored: string): { parameters: Argon2Parameters; salt: Buffer; hash: Buffer } {
  const found = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(stored);
  if (!found) throw new Error('A stored password hash is not an argon2id PHC string');
  const [memoryKiB, passes, parallelism] = found.slice(1, 4).map(Number) as [number, number, number];
  const [salt, hash] = found.slice(4, 6).map((text) => Buffer.from(text, 'base64')) as [Buffer, Buffer];
  return { parameters: { memoryKiB, passes, parallelism }, salt, hash };
}
