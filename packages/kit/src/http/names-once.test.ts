import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nameGivenTwice } from './names-once.js';

it.each([
  ['{"a":1,"a":2}', 'a'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['{"a":[{"b":1},{"b":1,"c":{"d":"x","d" : "y"}}]}', 'a[1].c.d'],
  ['[[],[1,{"a":{},"a":[]}]]', '[1][1].a'],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
])('finds where a name stands twice: %s', (json, path) => expect(nameGivenTwice(json)).toBe(path));

it.each([
  '{"a":"b","b":"a\\":\\"a\\",{\\"a"}',
  '[{"a":1},{"a":1}]',
  '{"a":{"a":{"a":[]}}}',
  '"a"',
  '1',
  '{"a":"{","b":"}"}',
])('is content with what is given once: %s', (json) => expect(nameGivenTwice(json)).toBeUndefined());

it('finds nothing in what was written from objects, however it is spaced', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, space) => {
      expect(nameGivenTwice(JSON.stringify(value, null, space))).toBeUndefined();
    }),
  );
});

it('finds the name that is put once more into any object', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(), (value, nth) => {
      const names = Object.keys(value);
      const name = names[nth % names.length] as string;
      const json = `${JSON.stringify(value).slice(0, -1)},${JSON.stringify(name)}:null}`;
      expect(nameGivenTwice(json)).toBe(name);
    }),
  );
});
