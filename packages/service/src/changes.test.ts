import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedFields } from './changes.js';

describe('changedFields', () => {
  it('compares by value, in depth', () => {
    const before = { name: 'a', list: [{ x: 1, y: 2 }], at: new Date(1), gone: 'x' as string | undefined };
    expect(changedFields(before, { ...before, list: [{ y: 2, x: 1 }], at: new Date(1) })).toEqual([]);
    expect(changedFields(before, { ...before, list: [{ x: 1, y: 3 }], at: new Date(2), gone: undefined })).toEqual([
      'list',
      'at',
      'gone',
    ]);
  });

  it('takes an undefined member for an absent one, within objects too, and minds the order of lists', () => {
    const before: { a?: { b?: number }; list: number[] } = { list: [1, 2] };
    expect(changedFields(before, { a: undefined, list: [1, 2] })).toEqual([]);
    expect(changedFields({ ...before, a: {} }, { ...before, a: { b: undefined } })).toEqual([]);
    expect(changedFields(before, { list: [2, 1] })).toEqual(['list']);
  });

  it('finds nothing in a copy that went through JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        expect(changedFields(value, JSON.parse(JSON.stringify(value)))).toEqual([]);
      }),
    );
  });
});
