import type { ChannelName } from '../channel.js';
import { type Decision, type Reason, rulesOf } from '../decisions/decision.js';
import { readMobileNumber } from './mobile-number.js';
import type { UnreachableAddresses } from './unreachable.js';

/** An address or a number as it is compared, whichever way somebody writes it. */
export function inOneForm(address: string): string {
  const read = readMobileNumber(address);
  return 'fault' in read ? address.normalize('NFC').trim().toLowerCase() : read.number;
}

/** Whom messages may reach: addresses, all of a domain (`@practice.example`), numbers; `*` stands for everybody. */
export class Guests {
  private readonly invited: ReadonlySet<string>;

  /** @param list none: everybody, as in production */
  constructor(list: readonly string[]) {
    this.invited = new Set(list.map(inOneForm));
  }

  has(address: string): boolean {
    const its = inOneForm(address);
    const { invited } = this;
    return (
      invited.size === 0 ||
      invited.has('*') ||
      invited.has(its) ||
      (its.includes('@') && invited.has(its.slice(its.lastIndexOf('@'))))
    );
  }
}

/** At which of their addresses somebody is reached by now. */
export class Reach {
  constructor(
    private readonly guests: Guests,
    private readonly unreachable: Pick<UnreachableAddresses, 'marksOf'>,
  ) {}

  /**
   * @param channel of e-mail or SMS
   * @param addresses of its recipient, the preferred one first
   * @returns the first that may be written to; why none may
   */
  async first(
    { recipientId, channel, kind }: Pick<Decision, 'recipientId' | 'kind'> & { channel: ChannelName },
    addresses: readonly string[],
  ): Promise<{ to: string } | { reason: Reason }> {
    if (addresses.length === 0) return { reason: 'no-address' };
    const invited = addresses.filter((address) => this.guests.has(address));
    if (invited.length === 0) return { reason: 'not-a-guest' };
    const markOf = await this.unreachable.marksOf(recipientId, channel);
    // Who called a reminder unwanted is told of their own access all the same.
    const isSecurity = rulesOf(kind).topic === 'security';
    const isUseful = (address: string) => {
      const mark = markOf(address);
      return mark === undefined || (mark === 'complained' && isSecurity);
    };
    const to = invited.find(isUseful);
    return to === undefined ? { reason: 'unreachable' } : { to };
  }
}
