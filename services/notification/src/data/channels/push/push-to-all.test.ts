import { describe, expect, it } from 'vitest';
import { messageOf } from '../../../../test/channels/messages.js';
import { type ChannelOutcome, failed } from '../outcome.js';
import { PushToAll } from './push-to-all.js';

const sent: ChannelOutcome = { state: 'sent', providerId: 'web-push:1' };
const away = failed('temporary', 'away');
const gone = failed('permanent-address', 'gone');
const never = new AbortController().signal;

const pushed = async (...outcomes: ChannelOutcome[]) => {
  const asked: string[] = [];
  const browser = {
    async send({ to }: { to: string }) {
      asked.push(to);
      return outcomes[Number(to)] as ChannelOutcome;
    },
  };
  const channel = new PushToAll(browser, { idsOf: async () => outcomes.map((_, nth) => String(nth)) });
  return { asked, outcome: await channel.send(messageOf({ to: 'claire' }), never) };
};

describe('a push to somebody', () => {
  it('goes to each of their browsers', async () => {
    expect((await pushed(sent, sent, sent)).asked).toEqual(['0', '1', '2']);
  });

  it.each([
    ['sent, once one browser has it', [away, gone, sent], sent],
    ['tried again, while one may still be reached', [gone, away], away],
    ['failed, when none will', [gone, gone], gone],
  ])('is %s', async (_, outcomes, expected) => {
    expect((await pushed(...outcomes)).outcome).toEqual(expected);
  });

  it('is failed for good for who has no browser', async () => {
    expect((await pushed()).outcome).toMatchObject({ class: 'permanent-address' });
  });
});
