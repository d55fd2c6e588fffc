import type { Clock } from '@cabinet/kit/clock';
import type { Receipts } from '../ports.js';
import type { HearReplies } from './hear-replies.js';
import type { Arrived, Receipt, ReceiptProvider, ReceiptReader } from './receipt.js';
import type { UnreachableAddresses } from './unreachable.js';

/** Takes in what providers tell later of the messages that they took. */
export class HearReceipts {
  constructor(
    private readonly reader: ReceiptReader,
    private readonly receipts: Receipts,
    private readonly unreachable: Pick<UnreachableAddresses, 'messageOf' | 'mark'>,
    private readonly replies: Pick<HearReplies, 'hear'>,
    private readonly clock: Clock,
  ) {}

  /** However often, and before the answer to the sending or after it. @throws NotFromProvider (403) */
  async hear(provider: ReceiptProvider, arrived: Arrived): Promise<void> {
    for (const read of await this.reader.read(provider, arrived)) {
      if ('from' in read) await this.replies.hear(read);
      else await this.note(read);
    }
  }

  /** What is to be entered at each provider; whoever has it can make receipts. */
  addresses(): { provider: ReceiptProvider; url: string }[] {
    return this.reader.addresses();
  }

  private async note(receipt: Receipt): Promise<void> {
    const end = endOf(receipt);
    const now = this.clock.now();
    if (end) await this.receipts.note(end, now);
    if (receipt.state !== 'complained') return;
    const messageId = await this.unreachable.messageOf(providerOf(receipt), receipt.providerId);
    if (messageId) await this.unreachable.mark(messageId, 'complained', receipt.text ?? '', now);
  }
}

const providerOf = ({ providerId }: Receipt): string => providerId.slice(0, providerId.indexOf(':'));

/** What says how it ended; that something is on its way is known already. Whoever complains of a mail has had it. */
function endOf(receipt: Receipt) {
  const { providerId, state, class: its = 'temporary', text = '' } = receipt;
  if (state === 'sent' || state === 'delayed') return undefined;
  const provider = providerOf(receipt);
  return state === 'failed'
    ? { provider, providerId, state, failure: { class: its, text } }
    : { provider, providerId, state: 'delivered' as const };
}
