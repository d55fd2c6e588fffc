import { noteSubjects } from '@cabinet/service/audit/subjects';
import { type Page, toPage } from '@cabinet/service/http/pages';
import type { ChannelName } from '../channel.js';
import { MarkNotFound } from '../errors.js';

/** What was told of an address: it was refused for good, or whoever has it called our mail unwanted. */
export type Mark = 'refused' | 'complained';

/** An address or a number of somebody that is of no use by now; which one, nothing here says. */
export interface UnreachableAddress {
  id: string;
  patientId: string;
  channel: ChannelName;
  why: Mark;
  /** By who told it: never the address. */
  text: string;
  since: Date;
  /** The message of which it was told. */
  notificationId: string;
}

/** The last of a page: the newest come first. */
export type AfterMark = [since: number, id: string];

/** Where addresses are known by that messages went to them; nothing is kept of one but a digest. */
export interface UnreachableAddresses {
  /** What is known of an address of somebody; undefined: nothing against it. */
  marksOf(recipientId: string, channel: ChannelName): Promise<(address: string) => Mark | undefined>;
  /** Before a message leaves: what comes of it may be told before its answer. */
  noteAddress(decisionId: string, address: string): Promise<void>;
  /** Of the address that a message went to. */
  mark(decisionId: string, why: Mark, text: string, now: Date): Promise<void>;
  /** @returns the message that a provider means; undefined for one that is never heard of */
  messageOf(provider: string, providerId: string): Promise<string | undefined>;
  /** Who was written to at a number. */
  recipientsAt(number: string): Promise<string[]>;
  /** One more than `limit` when there are more; also by the id of a patient who was merged. */
  list(patientId: string | undefined, limit: number, after?: AfterMark): Promise<UnreachableAddress[]>;
  /** @returns whose it was; undefined when there was no such mark */
  clear(id: string): Promise<string | undefined>;
}

/** The addresses that somebody of the practice has to ask for anew. */
export class KeepUnreachable {
  constructor(private readonly addresses: Pick<UnreachableAddresses, 'list' | 'clear'>) {}

  async list(
    patientId: string | undefined,
    { limit, after }: { limit: number; after?: AfterMark },
  ): Promise<Page<UnreachableAddress>> {
    return toPage(await this.addresses.list(patientId, limit, after), limit);
  }

  /** It is written to again, as whoever has it says that it works. @throws MarkNotFound (404) */
  async clear(id: string): Promise<void> {
    const patientId = await this.addresses.clear(id);
    noteSubjects(patientId);
    if (!patientId) throw new MarkNotFound();
  }
}
