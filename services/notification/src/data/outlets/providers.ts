import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhenResult,
} from 'cockatiel';
import type { Channel, ChannelName, OutgoingMessage, SendOutcome } from '../../domain/channel.js';
import type { Outlets } from '../../domain/ports.js';

export interface ProviderSettings {
  /** For one attempt, in milliseconds. */
  timeoutMs: number;
  /** So many failures one after the other, and a provider is left alone for a moment. */
  failuresMax: number;
  sparedMs: number;
}

const usualSettings: ProviderSettings = { timeoutMs: 15_000, failuresMax: 10, sparedMs: 30_000 };

/** What another provider may do better. */
const ofProvider: readonly string[] = ['temporary', 'rate-limited', 'configuration'];

/** What says something about the provider, and not about one message. */
const blamesProvider = (outcome: SendOutcome): boolean =>
  outcome.state === 'failed' && ofProvider.includes(outcome.class) && !outcome.isAboutRecipient;

interface Provider {
  channel: Channel;
  breaker: CircuitBreakerPolicy;
}

/** The providers of each channel, in the order in which they are tried, each behind a circuit breaker of its own. */
export class Providers implements Outlets {
  private readonly settings: ProviderSettings;
  private readonly byChannel: Map<ChannelName, Provider[]>;

  constructor(channels: readonly Channel[], settings: Partial<ProviderSettings> = {}) {
    this.settings = { ...usualSettings, ...settings };
    const providers = channels.map((channel) => ({ channel, breaker: this.breaker() }));
    this.byChannel = Map.groupBy(providers, ({ channel }) => channel.name);
  }

  /**
   * By the first that takes it. The next one is asked only when the one before surely did not send: who refuses it for what it is, or
   * for whom it goes to, would do so at any other, and what may have left is tried again later at the same one, which can tell.
   */
  async send(
    channel: ChannelName,
    message: OutgoingMessage,
    mayHaveSent?: string,
  ): Promise<{ outcome: SendOutcome; provider?: string }> {
    let last: { outcome: SendOutcome; provider?: string } = {
      outcome: { state: 'failed', class: 'configuration', text: `no provider is set up for ${channel}` },
    };
    const all = this.byChannel.get(channel) ?? [];
    const one = all.filter((its) => its.channel.provider === mayHaveSent);
    for (const { channel: out, breaker } of one.length > 0 ? one : all) {
      const outcome = await this.attempt(out, breaker, message);
      last = { outcome, provider: out.provider };
      if (outcome.state === 'sent' || outcome.isUncertain || !blamesProvider(outcome)) return last;
    }
    return last;
  }

  async find(channel: ChannelName, decisionId: string): ReturnType<Outlets['find']> {
    const said: (string | undefined)[] = [];
    for (const { channel: out } of this.byChannel.get(channel) ?? []) {
      const signal = AbortSignal.timeout(this.settings.timeoutMs);
      const found = out.find && (await Promise.race([out.find(decisionId, signal), ended(signal)]));
      if (found !== undefined && found !== 'not-sent') return { outcome: found, provider: out.provider };
      said.push(found);
    }
    return said.length > 0 && said.every((each) => each === 'not-sent') ? 'not-sent' : undefined;
  }

  channels(): ChannelName[] {
    return [...this.byChannel.keys()];
  }

  /** 1 for a provider that is left alone for now. */
  circuits(): { channel: ChannelName; provider: string; isOpen: boolean }[] {
    return [...this.byChannel.values()].flat().map(({ channel, breaker }) => ({
      channel: channel.name,
      provider: channel.provider,
      isOpen: breaker.state === CircuitState.Open,
    }));
  }

  private async attempt(out: Channel, breaker: CircuitBreakerPolicy, message: OutgoingMessage): Promise<SendOutcome> {
    try {
      return await breaker.execute(() => this.within(out, message));
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      const retryAfterSeconds = Math.ceil(this.settings.sparedMs / 1_000);
      return {
        state: 'failed',
        class: 'temporary',
        text: `${out.provider} is left alone after failures`,
        retryAfterSeconds,
      };
    }
  }

  // A fault of ours in a channel is one of that message: it is told as such, and others go on. Whether it left nobody knows.
  private async within(out: Channel, message: OutgoingMessage): Promise<SendOutcome> {
    const signal = AbortSignal.timeout(this.settings.timeoutMs);
    try {
      // Whoever does not heed the signal is not waited for either.
      return await Promise.race([out.send(message, signal), ended(signal)]);
    } catch (error) {
      const text = signal.aborted ? `did not answer within ${this.settings.timeoutMs} ms` : nameOf(error);
      return { state: 'failed', class: 'temporary', text, isUncertain: true };
    }
  }

  private breaker(): CircuitBreakerPolicy {
    const { failuresMax, sparedMs } = this.settings;
    return circuitBreaker(
      handleWhenResult((outcome) => blamesProvider(outcome as SendOutcome)),
      {
        halfOpenAfter: sparedMs,
        breaker: new ConsecutiveBreaker(failuresMax),
      },
    );
  }
}

const ended = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

/** What a message says may stand in the text of an error: only what kind it is goes into the ledger. */
const nameOf = (error: unknown): string => {
  const { name, code } = error as { name?: string; code?: string };
  return [name ?? 'Error', code].filter(Boolean).join(' ');
};
