import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditEvent, AuditKeys, chainStart, type SealedEvent, seal } from './chain.js';
import { type KnownHead, verifyChain } from './verify.js';

const keys = new AuditKeys('record', ['a key that is long enough for a trail']);

const event = (n: number): AuditEvent => ({
  at: new Date(Date.UTC(2026, 10, 22, 10, n)),
  actor: `user-${n}`,
  roles: ['practitioner'],
  purpose: 'TREAT',
  action: 'GET /api/records/:patientId',
  subjects: [`patient-${n}`],
  outcome: 200,
  requestId: `request-${n}`,
});

function chainOf(length: number, by = keys): SealedEvent[] {
  const chain: SealedEvent[] = [];
  for (let n = 1; n <= length; n += 1) chain.push(seal(event(n), chain.at(-1) ?? chainStart, by));
  return chain;
}

const verdictOn = (chain: SealedEvent[], known: KnownHead[] = [], by = keys) => verifyChain([chain], by, known);
const headAt = (chain: SealedEvent[], place: number): KnownHead => {
  const { sequence, hash, at } = chain[place - 1] as SealedEvent;
  return { sequence, hash, at, by: 'auth' };
};

it('seals by HMAC-SHA-256 with a key of the secret and the service', () => {
  const secret = 'a secret of whatever length';
  const key = createHmac('sha256', secret).update('audit trail of record').digest();
  const one = new AuditKeys('record', [secret]);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(one.get(one.current)?.hash(text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
    }),
  );
});

describe('verifyChain', () => {
  it('finds a chain whole that nobody touched, page by page', async () => {
    const chain = chainOf(20);
    const last = { sequence: 20, hash: chain.at(-1)?.hash };
    expect(await verifyChain([chain.slice(0, 7), chain.slice(7)], keys)).toMatchObject({
      isWhole: true,
      events: 20,
      head: last,
    });
    expect(await verdictOn([])).toMatchObject({ isWhole: true, events: 0, head: chainStart });
  });

  it('finds where an event was changed, whichever field it was, and that the others are as they were', async () => {
    const changes: Partial<SealedEvent>[] = [
      { actor: 'somebody-else' },
      { roles: ['admin'] },
      { practitionerId: 'another' },
      { onBehalfOf: 'another' },
      { purpose: 'ETREAT' },
      { action: 'DELETE /api/records/:patientId' },
      { subjects: [] },
      { outcome: 403 },
      { times: 3 },
      { at: new Date(0) },
      { requestId: 'other' },
      { address: '192.0.2.1' },
      { witnessed: 'patient 1 00' },
    ];
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 9 }), fc.constantFrom(...changes), async (place, change) => {
        const chain = chainOf(10);
        const changed = chain.with(place, { ...(chain[place] as SealedEvent), ...change });
        expect(await verdictOn(changed)).toMatchObject({
          isWhole: false,
          faulty: 1,
          faults: [{ kind: 'changed', sequence: place + 1 }],
        });
      }),
    );
  });

  it('finds where events were taken out, put in or swapped', async () => {
    const chain = chainOf(10);
    expect((await verdictOn(chain.toSpliced(4, 2))).faults).toEqual([{ kind: 'missing', sequence: 5, until: 6 }]);
    const putIn = seal(
      event(99),
      chain[3] as SealedEvent,
      new AuditKeys('record', ['what somebody guessed who has no key']),
    );
    const shifted = chain.slice(4).map((each) => ({ ...each, sequence: each.sequence + 1 }));
    const longer = [...chain.slice(0, 4), { ...putIn, keyId: keys.current }, ...shifted];
    expect((await verdictOn(longer)).faults[0]).toEqual({ kind: 'changed', sequence: 5 });
    const swapped = chain
      .with(4, { ...(chain[5] as SealedEvent), sequence: 5 })
      .with(5, { ...(chain[4] as SealedEvent), sequence: 6 });
    expect((await verdictOn(swapped)).faults[0]).toEqual({ kind: 'changed', sequence: 5 });
  });

  it('is not deceived by who chains anew without the key, or with that of another trail', async () => {
    const forged = chainOf(10, new AuditKeys('record', ['what somebody guessed who has no key']));
    expect((await verdictOn(forged)).faults[0]).toEqual({ kind: 'key-unknown', sequence: 1 });
    const pretended = forged.map((each) => ({ ...each, keyId: keys.current }));
    expect((await verdictOn(pretended)).faulty).toBe(10);
    const others = chainOf(10, new AuditKeys('patient', ['a key that is long enough for a trail']));
    expect((await verdictOn(others)).faulty).toBe(10);
  });

  it('finds by heads that were noted elsewhere that the end was cut off, even by who has the key', async () => {
    const chain = chainOf(10);
    expect(await verdictOn(chain, [headAt(chain, 4), headAt(chain, 10)])).toMatchObject({ isWhole: true, compared: 2 });
    expect((await verdictOn(chain.slice(0, 8), [headAt(chain, 4), headAt(chain, 10)])).faults).toEqual([
      { kind: 'cut-off', sequence: 9, until: 10, by: 'auth', hash: chain[9]?.hash },
    ]);
    expect((await verdictOn([], [headAt(chain, 4)])).faults).toMatchObject([
      { kind: 'cut-off', sequence: 1, until: 4 },
    ]);
  });

  it('finds by them between which events a chain was rewritten with its own key', async () => {
    const chain = chainOf(10);
    const known = [headAt(chain, 4), headAt(chain, 8)];
    const rewritten = chain.slice(0, 5);
    while (rewritten.length < 10) rewritten.push(seal(event(99), rewritten.at(-1) as SealedEvent, keys));
    expect((await verdictOn(rewritten)).isWhole).toBe(true);
    expect((await verdictOn(rewritten, known)).faults).toMatchObject([
      { kind: 'rewritten', sequence: 5, until: 8, by: 'auth' },
    ]);
  });

  it('believes what older keys sealed, but nothing of no key once there is one', async () => {
    const rotated = new AuditKeys('record', [
      'the new key, which is long enough too',
      'a key that is long enough for a trail',
    ]);
    const old = chainOf(5);
    const longer = [...old, seal(event(6), old.at(-1) as SealedEvent, rotated)];
    expect(await verdictOn(longer, [], rotated)).toMatchObject({ isWhole: true, events: 6 });
    expect(longer.map(({ keyId }) => keyId)).toEqual([...Array(5).fill(keys.current), rotated.current]);
    const { keyId: _, ...unkeyed } = longer[5] as SealedEvent;
    expect((await verdictOn([...old, unkeyed], [], rotated)).faults).toEqual([{ kind: 'unkeyed', sequence: 6 }]);
  });
});
