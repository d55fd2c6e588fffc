import type { Clock } from '@cabinet/kit/clock';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { chosenTopics } from '../decisions/decision.js';
import type { PreferenceStore } from '../ports.js';
import type { Reply } from './receipt.js';
import type { UnreachableAddresses } from './unreachable.js';

/** Who answers an SMS by STOP has none from then on, and by START again; a number may be of several people, as of a family. */
export class HearReplies {
  constructor(
    private readonly addresses: Pick<UnreachableAddresses, 'recipientsAt'>,
    private readonly preferences: Pick<PreferenceStore, 'decline' | 'accept'>,
    private readonly clock: Clock,
  ) {}

  /** However often; what is neither word, and of a number that nobody wrote to, changes nothing. */
  async hear({ from, keyword }: Reply): Promise<void> {
    if (!keyword) return;
    const by = { id: 'sms-reply', at: this.clock.now() };
    for (const recipientId of await this.addresses.recipientsAt(from)) {
      noteSubjects(recipientId);
      for (const topic of chosenTopics) {
        const subscription = { topic, channel: 'sms' as const };
        if (keyword === 'stop') await this.preferences.decline(recipientId, subscription, by);
        else await this.preferences.accept(recipientId, subscription, by);
      }
    }
  }
}
