import fc from 'fast-check';
import { expect } from 'vitest';
import type { Answer } from './http.ts';

/**
 * Asks a list for pages by cursors that nobody was given: any text, and a true one with another key in it. Each is refused, or
 * is by chance the key of some item; none is a defect.
 */
export async function assertCursorsAreChecked(
  list: (cursor: string) => Promise<Answer>,
  genuine: string,
): Promise<void> {
  const [digest, ...key] = JSON.parse(Buffer.from(genuine, 'base64url').toString('utf8'));
  const encoded = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  expect((await list(genuine)).status).toBe(200);
  const refused = async (cursor: string) => {
    const { status, body } = await list(cursor);
    expect([cursor, status, body.fields?.[0]?.path]).toEqual([cursor, 422, 'cursor']);
  };
  await refused(encoded(['another list', ...key]));
  await refused(encoded(key));
  await refused(encoded([digest, ...key.slice(1)]));
  await refused('x'.repeat(5_000));
  for (const [nth] of key.entries()) {
    for (const odd of [null, {}, [], true, '\u0000', 1e300, -1e300, 0.5, 'NaN', '']) {
      const { status } = await list(encoded([digest, ...key.toSpliced(nth, 1, odd)]));
      // Lists of people are in order of a text, which may be any.
      const isText = typeof key[nth] === 'string' && !/^[0-9a-f-]{36}$/.test(key[nth]);
      const mayBeThere = isText && typeof odd === 'string' && odd !== '\u0000';
      expect([nth, odd, status]).toEqual([nth, odd, mayBeThere ? 200 : 422]);
    }
  }
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (text) => {
      expect((await list(text)).status).toBe(422);
    }),
    { numRuns: 25 },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: key.length + 1 }), async (forged) => {
      expect((await list(encoded([digest, ...forged]))).status).toBeLessThan(500);
    }),
    { numRuns: 25 },
  );
}
