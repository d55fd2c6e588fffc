import { describe, expect, it } from 'vitest';
import { messageOf } from '../../../test/channels/messages.js';
import type { Channel, SendOutcome } from '../../domain/channel.js';
import { failed } from '../channels/outcome.js';
import { Providers } from './providers.js';

const sent: SendOutcome = { state: 'sent', providerId: 'x:1' };
const away = failed('temporary', 'away');

/** A provider that answers what it is told, and counts what it was asked. */
function provider(name: string, ...answers: SendOutcome[]): Channel & { asked: number } {
  const last = answers.at(-1) as SendOutcome;
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

const inOrder = (...channels: Channel[]) => new Providers(channels, { failuresMax: 3, sparedMs: 60_000 });
const send = (providers: Providers) => providers.send('sms', messageOf());

describe('providers in order', () => {
  it.each(['temporary', 'rate-limited', 'configuration'] as const)('go on to the next after %s', async (kind) => {
    const [first, second] = [provider('a', failed(kind, 'x')), provider('b', sent)];
    expect(await send(inOrder(first, second))).toEqual({ outcome: sent, provider: 'b' });
    expect([first.asked, second.asked]).toEqual([1, 1]);
  });

  it.each([
    ['the address', failed('permanent-address', 'x')],
    ['the content', failed('permanent-content', 'x')],
    ['one recipient, for now', failed('temporary', 'x', { isAboutRecipient: true })],
    ['a message that may have left', failed('temporary', 'x', { isUncertain: true })],
  ])('do not, when it is about %s', async (_, outcome) => {
    const [first, second] = [provider('a', outcome), provider('b', sent)];
    expect(await send(inOrder(first, second))).toEqual({ outcome, provider: 'a' });
    expect(second.asked).toBe(0);
  });

  it('do not, when one is not waited for any longer: it may have left', async () => {
    const [silent, second] = [provider('a', sent), provider('b', sent)];
    silent.send = () => new Promise(() => {});
    const { outcome } = await send(new Providers([silent, second], { timeoutMs: 20 }));
    expect(outcome).toMatchObject({ class: 'temporary', isUncertain: true });
    expect(second.asked).toBe(0);
  });

  it.each([
    ['can tell', sent],
    ['is away', away],
  ])('ask none but the one that may have sent it, also when that %s', async (_, outcome) => {
    const [first, second] = [provider('a', sent), provider('b', outcome)];
    expect(await inOrder(first, second).send('sms', messageOf({ attempt: 2 }), 'b')).toEqual({
      outcome,
      provider: 'b',
    });
    expect([first.asked, second.asked]).toEqual([0, 1]);
  });

  it('leave one alone that failed three times, and go straight to the next', async () => {
    const [first, second] = [provider('a', away), provider('b', sent)];
    const providers = inOrder(first, second);
    for (let nth = 0; nth < 5; nth++) expect((await send(providers)).outcome).toEqual(sent);
    expect([first.asked, second.asked]).toEqual([3, 5]);
  });

  it('say when to come again, when all are left alone, and ask none', async () => {
    const only = provider('a', away);
    const providers = inOrder(only);
    for (let nth = 0; nth < 3; nth++) expect((await send(providers)).outcome).toEqual(away);
    expect((await send(providers)).outcome).toMatchObject({ class: 'temporary', retryAfterSeconds: 60 });
    expect(only.asked).toBe(3);
  });

  it('never leave one alone for what its recipients do', async () => {
    const only = provider('a', failed('temporary', 'greylisted', { isAboutRecipient: true }));
    const providers = inOrder(only);
    for (let nth = 0; nth < 6; nth++) await send(providers);
    expect(only.asked).toBe(6);
  });
});
