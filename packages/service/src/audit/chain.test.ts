import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditEvent, chainStart, type SealedEvent, seal, verifyChain } from './chain.js';

const event = (n: number): AuditEvent => ({
  at: new Date(Date.UTC(2026, 10, 22, 10, n)),
  actor: `user-${n}`,
  roles: ['practitioner'],
  action: 'GET /api/records/:patientId',
  subjects: [`patient-${n}`],
  outcome: 200,
  requestId: `request-${n}`,
});

function chainOf(length: number): SealedEvent[] {
  const chain: SealedEvent[] = [];
  for (let n = 1; n <= length; n += 1) chain.push(seal(event(n), n, chain.at(-1)?.hash ?? chainStart));
  return chain;
}

describe('verifyChain', () => {
  it('finds a chain whole that nobody touched', async () => {
    const chain = chainOf(20);
    expect(await verifyChain(chain)).toEqual({ isWhole: true, events: 20, head: chain.at(-1)?.hash });
    expect(await verifyChain([])).toEqual({ isWhole: true, events: 0, head: chainStart });
  });

  it('finds where an event was changed, whichever field it was', async () => {
    const changes: Partial<SealedEvent>[] = [
      { actor: 'somebody-else' },
      { roles: ['admin'] },
      { action: 'DELETE /api/records/:patientId' },
      { subjects: [] },
      { outcome: 403 },
      { at: new Date(0) },
      { requestId: 'other' },
      { address: '192.0.2.1' },
    ];
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 9 }), fc.constantFrom(...changes), async (place, change) => {
        const chain = chainOf(10).with(place, { ...(chainOf(10)[place] as SealedEvent), ...change });
        expect(await verifyChain(chain)).toMatchObject({ isWhole: false, brokenAt: place + 1 });
      }),
    );
  });

  it('finds where an event was taken out, put in or swapped', async () => {
    const chain = chainOf(10);
    expect(await verifyChain(chain.toSpliced(4, 1))).toMatchObject({ isWhole: false, brokenAt: 5 });
    expect(await verifyChain(chain.toSpliced(4, 0, seal(event(99), 5, chain[3]?.hash as string)))).toMatchObject({
      isWhole: false,
    });
    expect(await verifyChain([...chain.slice(0, 4), chain[5], chain[4]] as SealedEvent[])).toMatchObject({
      brokenAt: 5,
    });
  });

  it('shows by its head that the end was cut off', async () => {
    const chain = chainOf(10);
    const { head } = await verifyChain(chain);
    expect((await verifyChain(chain.slice(0, 8))).head).not.toBe(head);
  });
});
