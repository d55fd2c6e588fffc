import type { Clock } from '@cabinet/kit/clock';
import type { Receipts } from '../ports.js';
import type { Arrived, Receipt, ReceiptProvider, ReceiptReader } from './receipt.js';

/** Takes in what providers tell later of the messages that they took. */
export class HearReceipts {
  constructor(
    private readonly reader: ReceiptReader,
    private readonly receipts: Receipts,
    private readonly clock: Clock,
  ) {}

  /** However often, and before the answer to the sending or after it. @throws NotFromProvider (403) */
  async hear(provider: ReceiptProvider, arrived: Arrived): Promise<void> {
    for (const receipt of await this.reader.read(provider, arrived)) {
      const end = endOf(receipt);
      if (end) await this.receipts.note(end, this.clock.now());
    }
  }

  /** What is to be entered at each provider; whoever has it can make receipts. */
  addresses(): { provider: ReceiptProvider; url: string }[] {
    return this.reader.addresses();
  }
}

/** What says how it ended; that something is on its way is known already. Whoever complains of a mail has had it. */
function endOf({ providerId, state, class: its = 'temporary', text = '' }: Receipt) {
  if (state === 'sent' || state === 'delayed') return undefined;
  const provider = providerId.slice(0, providerId.indexOf(':'));
  return state === 'failed'
    ? { provider, providerId, state, failure: { class: its, text } }
    : { provider, providerId, state: 'delivered' as const };
}
