import { SettableClock } from '@cabinet/kit/clock';
import { describe, expect, it } from 'vitest';
import type { Receipt as NotedReceipt } from '../ports.js';
import { HearReceipts } from './hear-receipts.js';
import type { Receipt } from './receipt.js';

const noted = async (...receipts: Receipt[]) => {
  const all: NotedReceipt[] = [];
  const store = {
    note: async (receipt: NotedReceipt) => {
      all.push(receipt);
      return true;
    },
  };
  const clock = new SettableClock(new Date('2026-12-07T10:00:00Z'));
  const hearing = new HearReceipts({ read: async () => receipts, addresses: () => [] }, store, clock);
  await hearing.hear('mail', { query: new URLSearchParams(), body: '' });
  return all;
};

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

  it('of a complaint says that it arrived', async () => {
    expect(await noted({ providerId: 'smtp:a@b', state: 'complained', text: 'abuse' })).toMatchObject([
      { state: 'delivered' },
    ]);
  });

  it.each(['sent', 'delayed'] as const)('changes nothing while it is %s', async (state) => {
    expect(await noted({ providerId: 'twilio:SM1', state })).toEqual([]);
  });
});
