import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhenResult,
} from 'cockatiel';
import type { Channel, ChannelName, OutgoingMessage } from '../../domain/channel.js';
import { type ChannelOutcome, type Failed, failed } from './outcome.js';

export interface InOrderSettings {
  /** So many failures one after the other that are the provider's own, and it is left alone for a while. */
  failuresMax: number;
  sparedMs: number;
}

const usualSettings: InOrderSettings = { failuresMax: 8, sparedMs: 30_000 };

/** What another provider may do better. */
const ofProvider: readonly Failed['class'][] = ['temporary', 'rate-limited', 'configuration'];

/**
 * The providers of one channel, in the order of preference, each behind a circuit breaker. The next one is asked only when the one
 * before surely did not send: a message that may have left is tried again later, at the same one, which can tell.
 */
export class InOrder implements Channel {
  readonly provider: string;
  private readonly guarded: { channel: Channel; breaker: CircuitBreakerPolicy }[];

  constructor(
    readonly name: ChannelName,
    providers: readonly Channel[],
    private readonly settings: InOrderSettings = usualSettings,
  ) {
    this.provider = providers.map(({ provider }) => provider).join(',');
    this.guarded = providers.map((channel) => ({
      channel,
      breaker: circuitBreaker(
        handleWhenResult((outcome) => isOfProvider(outcome as ChannelOutcome)),
        { halfOpenAfter: settings.sparedMs, breaker: new ConsecutiveBreaker(settings.failuresMax) },
      ),
    }));
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<ChannelOutcome> {
    let last: ChannelOutcome = failed('temporary', `${this.provider}: left alone for a moment, after many failures`, {
      retryAfterSeconds: Math.ceil(this.settings.sparedMs / 1_000),
    });
    for (const { channel, breaker } of this.guarded) {
      try {
        last = await breaker.execute(() => channel.send(message, signal) as Promise<ChannelOutcome>);
      } catch (error) {
        if (error instanceof BrokenCircuitError) continue;
        throw error;
      }
      const mayTryNext = isOfProvider(last) && !(last as Failed).isUncertain && !signal.aborted;
      if (!mayTryNext) return last;
    }
    return last;
  }
}

const isOfProvider = (outcome: ChannelOutcome): boolean =>
  outcome.state === 'failed' && ofProvider.includes(outcome.class) && !outcome.isAboutRecipient;
