import { newId } from '@cabinet/kit/ids';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Cursors, keyPart, toPage } from './pages.js';

const byStart = new Cursors('appointments', z.tuple([keyPart.time, keyPart.id]));
const question = { patientId: newId(), status: 'booked' };
const start = Date.UTC(2026, 10, 23);
const ids = [newId(), newId(), newId()];
const cursorOf = (cursors: Cursors<[number, string]>, asked: object) =>
  cursors.under(asked).next(toPage(ids, 2), (id) => [start, id]) as string;

const codeOf = (read: () => unknown): string => {
  try {
    return `read ${JSON.stringify(read())}`;
  } catch (error) {
    return (error as { fields: { code: string }[] }).fields[0]?.code ?? String(error);
  }
};

describe('a cursor', () => {
  it('leads on from the last item of its page, and is absent on the last', () => {
    const cursors = byStart.under(question);
    expect(cursors.read(cursorOf(byStart, question))).toEqual([start, ids[1]]);
    expect(cursors.next(toPage(ids, 3), (id) => [start, id])).toBeUndefined();
    expect(cursors.next(toPage([] as string[], 3), (id) => [start, id])).toBeUndefined();
    expect(cursors.read(undefined)).toBeUndefined();
  });

  it('stays good for another size of pages, and for the same question in another order', () => {
    const cursor = cursorOf(byStart, { ...question, limit: 2 });
    const same = { cursor, limit: 50, status: 'booked', patientId: question.patientId, practitionerId: undefined };
    expect(byStart.under(same).read(cursor)).toEqual([start, ids[1]]);
  });

  it('is refused under another question, and on another list', () => {
    const cursor = cursorOf(byStart, question);
    expect(codeOf(() => byStart.under({ ...question, status: 'cancelled' }).read(cursor))).toBe('INVALID_CURSOR');
    const slots = new Cursors('slots', z.tuple([keyPart.time, keyPart.id]));
    expect(codeOf(() => slots.under(question).read(cursor))).toBe('INVALID_CURSOR');
  });

  /** A cursor of this list and question with another key. */
  const forged = (...key: unknown[]) => {
    const [digest] = JSON.parse(Buffer.from(cursorOf(byStart, question), 'base64url').toString('utf8'));
    return Buffer.from(JSON.stringify([digest, ...key])).toString('base64url');
  };
  const read = (cursor: string) => codeOf(() => byStart.under(question).read(cursor));

  it.each<[string, unknown[]]>([
    ['words for a time', ['x', ids[0]]],
    ['no time', [null, ids[0]]],
    ['a time that no calendar has', [8.64e15 + 1, ids[0]]],
    ['a time that the database does not have', [-8.64e15, ids[0]]],
    ['half a millisecond', [0.5, ids[0]]],
    ['a NUL', [start, '\u0000']],
    ['words for an id', [start, 'y']],
    ['too little', [start]],
    ['too much', [start, ids[0], 1]],
    ['an object', [{}, {}]],
  ])('is refused with %s in it', (_, key) => expect(read(forged(...key))).toBe('INVALID_CURSOR'));

  it('is refused, whatever it is made of, unless its key is one of this list', () => {
    const text = new Cursors('patients', z.tuple([keyPart.text, keyPart.id])).under({});
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (cursor) => read(cursor) === 'INVALID_CURSOR'));
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 3 }), (key) => {
        const answer = read(forged(...key));
        expect(answer === 'INVALID_CURSOR' || answer === `read ${JSON.stringify(key)}`).toBe(true);
        expect(codeOf(() => text.read(forged(...key)))).toBe('INVALID_CURSOR');
      }),
    );
  });
});
