import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SignedVisitLinks } from './signed-visit-links.js';

const [older, newer] = ['the older secret of forty characters.....', 'the newer secret of forty characters.....'];
const links = new SignedVisitLinks([newer]);
const decisionId = randomUUID();
const token = links.write({ decisionId, to: 'cancel' });

describe('the token of a link', () => {
  it('says which message and which act it is of, in the characters of an address, and few', () => {
    expect(token).toMatch(/^[\w-]{44}$/);
    expect(links.read(token)).toEqual({ decisionId, to: 'cancel' });
  });

  it('is another one for another act, and none for another message', () => {
    const others = (['choose', 'confirm', 'move', 'late'] as const).map((to) => links.write({ decisionId, to }));
    expect(new Set([token, ...others]).size).toBe(5);
    expect(links.write({ decisionId: randomUUID(), to: 'cancel' })).not.toBe(token);
  });

  it('is good as long as its secret is, beside a newer one', () => {
    const before = new SignedVisitLinks([older]).write({ decisionId, to: 'move' });
    expect(new SignedVisitLinks([newer, older]).read(before)).toEqual({ decisionId, to: 'move' });
    expect(links.read(before)).toBeUndefined();
  });

  it('is none once any bit of it was changed', () => {
    const bytes = Buffer.from(token, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(links.read(changed.toString('base64url'))).toBeUndefined();
    }
  });

  it.each([
    '',
    'x',
    token.slice(1),
    `${token}A`,
    `${token.slice(0, -1)}=`,
    '☃'.repeat(44),
    randomBytes(33).toString('base64url'),
  ])('is not %j', (other) => {
    expect(links.read(other)).toBeUndefined();
  });
});
