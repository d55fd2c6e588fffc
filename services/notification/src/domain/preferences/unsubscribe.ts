import type { Clock } from '@cabinet/kit/clock';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import type { ChannelName } from '../channel.js';
import type { Topic } from '../decisions/decision.js';
import { LinkUnknown } from '../errors.js';
import type { PreferenceStore } from '../ports.js';
import type { Language } from '../templates/language.js';

/** What a link unsubscribes from: one topic by one channel. */
export interface Subscription {
  recipientId: string;
  topic: Topic;
  channel: ChannelName;
}

/** Makes and reads what stands in links: nobody else can make one, or see whose it is. */
export interface LinkTokens {
  write(subscription: Subscription): string;
  /** Undefined for what was not made here. */
  read(token: string): Subscription | undefined;
}

/**
 * What one may have too much of. What one has asked for oneself, as a confirmation, and what is about one's access come all the same
 * (https://www.rfc-editor.org/rfc/rfc8058).
 */
const withLink: readonly Topic[] = ['reminders', 'messages'];

/** Who unsubscribes by a link need not sign in: it has the right to this one thing. */
export class Unsubscribe {
  constructor(
    private readonly tokens: LinkTokens,
    private readonly preferences: Pick<PreferenceStore, 'of' | 'decline'>,
    private readonly practice: { link: string; language: Language },
    private readonly clock: Clock,
  ) {}

  /** The address that mail clients post to for whoever clicks; undefined for what has none. */
  linkFor(subscription: Subscription): string | undefined {
    if (!withLink.includes(subscription.topic) || !isReachable(this.practice.link)) return undefined;
    return `${this.practice.link}/api/notifications/unsubscribe/${this.tokens.write(subscription)}`;
  }

  /** What a link is about; nothing changes, as those who look through mails follow links. @throws LinkUnknown (404) */
  async look(token: string): Promise<{ topic: Topic; language: Language; isDone: boolean }> {
    const { recipientId, topic, channel } = this.read(token);
    const { unwanted, language = this.practice.language } = await this.preferences.of(recipientId);
    return { topic, language, isDone: unwanted.some((each) => each.topic === topic && each.channel === channel) };
  }

  /** However often. @throws LinkUnknown (404) */
  async unsubscribe(token: string): Promise<void> {
    const { recipientId, topic, channel } = this.read(token);
    await this.preferences.decline(recipientId, { topic, channel }, { id: 'one-click', at: this.clock.now() });
  }

  private read(token: string): Subscription {
    const subscription = this.tokens.read(token);
    if (!subscription) throw new LinkUnknown();
    noteSubjects(subscription.recipientId);
    return subscription;
  }
}

/** Mail clients post to https alone; on one machine there is none. */
export const isReachable = (link: string): boolean =>
  link.startsWith('https:') || /^http:\/\/(?:localhost|127\.0\.0\.1)(?::|\/|$)/.test(link);
