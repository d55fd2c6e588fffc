import { describe, expect, it } from 'vitest';
import { newSigningKey } from '../channels/webhook-signature.js';
import { keysAt, type Webhook, withNewKey } from './webhook.js';

const now = new Date('2026-12-07T10:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
const [first, second, third] = [1, 2, 3].map(() => newSigningKey('hmac').key);

const webhook: Webhook = {
  ...{ id: 'w', name: 'Laboratory', url: 'https://hooks.laboratory.example', types: ['appointment.booked'] },
  ...{ signedBy: 'hmac', keys: [{ key: first as NonNullable<typeof first> }], createdBy: 'alice', createdAt: now },
};
const rotated = withNewKey(webhook, second as NonNullable<typeof second>, now);

describe('a key that replaces another', () => {
  it('signs in front of it for a day, and then alone', () => {
    expect(keysAt(rotated, now)).toEqual([second, first]);
    expect(keysAt(rotated, later(23))).toEqual([second, first]);
    expect(keysAt(rotated, later(24))).toEqual([second]);
  });

  it('ends the one before the last, so that there are never more than two', () => {
    const again = withNewKey(rotated, third as NonNullable<typeof third>, later(1));
    expect(keysAt(again, later(1))).toEqual([third, second]);
  });
});
