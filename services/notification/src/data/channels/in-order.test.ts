import { describe, expect, it } from 'vitest';
import { messageOf } from '../../../test/channels/messages.js';
import type { Channel } from '../../domain/channel.js';
import { InOrder } from './in-order.js';
import { type ChannelOutcome, failed } from './outcome.js';

const sent: ChannelOutcome = { state: 'sent', providerId: 'x:1' };
const away = failed('temporary', 'away');
const never = new AbortController().signal;

/** A provider that answers what it is told, and counts what it was asked. */
function provider(name: string, ...answers: ChannelOutcome[]): Channel & { asked: number } {
  const last = answers.at(-1) as ChannelOutcome;
  return {
    name: 'sms',
    provider: name,
    asked: 0,
    async send() {
      this.asked += 1;
      return answers.shift() ?? last;
    },
  };
}

const inOrder = (...channels: Channel[]) => new InOrder('sms', channels, { failuresMax: 3, sparedMs: 60_000 });

describe('providers in order', () => {
  it.each(['temporary', 'rate-limited', 'configuration'] as const)('goes on to the next after %s', async (kind) => {
    const [first, second] = [provider('a', failed(kind, 'x')), provider('b', sent)];
    expect(await inOrder(first, second).send(messageOf(), never)).toEqual(sent);
    expect([first.asked, second.asked]).toEqual([1, 1]);
  });

  it.each([
    ['the address', failed('permanent-address', 'x')],
    ['the content', failed('permanent-content', 'x')],
    ['one recipient, for now', failed('temporary', 'x', { isAboutRecipient: true })],
    ['a message that may have left', failed('temporary', 'x', { isUncertain: true })],
  ])('does not, when it is about %s', async (_, outcome) => {
    const [first, second] = [provider('a', outcome), provider('b', sent)];
    expect(await inOrder(first, second).send(messageOf(), never)).toEqual(outcome);
    expect(second.asked).toBe(0);
  });

  it('leaves a provider alone that failed three times, and goes straight to the next', async () => {
    const [first, second] = [provider('a', away), provider('b', sent)];
    const channel = inOrder(first, second);
    for (let nth = 0; nth < 5; nth++) expect(await channel.send(messageOf(), never)).toEqual(sent);
    expect([first.asked, second.asked]).toEqual([3, 5]);
  });

  it('says when to come again, when all are left alone, and asks none', async () => {
    const only = provider('a', away);
    const channel = inOrder(only);
    for (let nth = 0; nth < 3; nth++) expect(await channel.send(messageOf(), never)).toEqual(away);
    expect(await channel.send(messageOf(), never)).toMatchObject({
      state: 'failed',
      class: 'temporary',
      retryAfterSeconds: 60,
    });
    expect(only.asked).toBe(3);
  });

  it('never leaves one alone for what its recipients do', async () => {
    const only = provider('a', failed('temporary', 'greylisted', { isAboutRecipient: true }));
    const channel = inOrder(only);
    for (let nth = 0; nth < 6; nth++) await channel.send(messageOf(), never);
    expect(only.asked).toBe(6);
  });

  it('asks nobody else once it is not waited for', async () => {
    const stop = new AbortController();
    const second = provider('b', sent);
    const first = provider('a', away);
    first.send = async () => {
      stop.abort();
      return away;
    };
    expect(await inOrder(first, second).send(messageOf(), stop.signal)).toEqual(away);
    expect(second.asked).toBe(0);
  });
});
