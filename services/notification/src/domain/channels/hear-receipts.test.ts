import { SettableClock } from '@cabinet/kit/clock';
import { describe, expect, it } from 'vitest';
import type { Receipt as NotedReceipt } from '../ports.js';
import { HearReceipts } from './hear-receipts.js';
import type { Receipt, Reply } from './receipt.js';

/** What it makes of what was read. */
const heard = async (...read: (Receipt | Reply)[]) => {
  const all: { notes: NotedReceipt[]; marks: unknown[][]; replies: Reply[] } = { notes: [], marks: [], replies: [] };
  const hearing = new HearReceipts(
    { read: async () => read, addresses: () => [] },
    { note: async (receipt) => all.notes.push(receipt) > 0 },
    {
      messageOf: async (_provider, providerId) => (providerId === 'smtp:a@b' ? 'the message' : undefined),
      mark: async (...mark) => void all.marks.push(mark),
    },
    { hear: async (reply) => void all.replies.push(reply) },
    new SettableClock(now),
  );
  await hearing.hear('mail', { query: new URLSearchParams(), body: '' });
  return all;
};
const now = new Date('2026-12-07T10:00:00Z');
const noted = async (receipt: Receipt) => (await heard(receipt)).notes;

describe('what a provider tells later', () => {
  it('is known by whose it is and its id', async () => {
    expect(await noted({ providerId: 'twilio:SM1', state: 'delivered' })).toEqual([
      { provider: 'twilio', providerId: 'twilio:SM1', state: 'delivered' },
    ]);
  });

  it('says why a message failed', async () => {
    const failed: Receipt = { providerId: 'smtp:a@b', state: 'failed', class: 'permanent-address', text: '5.1.1' };
    expect(await noted(failed)).toEqual([
      {
        provider: 'smtp',
        providerId: 'smtp:a@b',
        state: 'failed',
        failure: { class: 'permanent-address', text: '5.1.1' },
      },
    ]);
  });

  it('of a complaint says that it arrived, and marks where', async () => {
    const { notes, marks } = await heard({ providerId: 'smtp:a@b', state: 'complained', text: 'abuse' });
    expect(notes).toMatchObject([{ state: 'delivered' }]);
    expect(marks).toEqual([['the message', 'complained', 'abuse', now]]);
    expect((await heard({ providerId: 'smtp:never@b', state: 'complained' })).marks).toEqual([]);
  });

  it('may be what somebody wrote back', async () => {
    const reply: Reply = { from: '+33612345678', keyword: 'stop' };
    expect(await heard(reply)).toEqual({ notes: [], marks: [], replies: [reply] });
  });

  it.each(['sent', 'delayed'] as const)('changes nothing while it is %s', async (state) => {
    expect(await noted({ providerId: 'twilio:SM1', state })).toEqual([]);
  });
});
