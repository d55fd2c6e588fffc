import { describe, expect, it } from 'vitest';
import { readDelivery } from './deliveries.js';

const read = (json: string) => {
  const event = Buffer.from(json).toString('base64');
  return readDelivery({ entryId: 'e', event, metadata: { __partition: '2', __offset: '7' } }, 'thing');
};
const place = { entryId: 'e', place: 'thing/2/7' };
const withData = (data: string) => `{"id":"1","type":"thing.grown","source":"thing","data":${data}}`;
const deep = (depth: number) => withData('['.repeat(depth) + ']'.repeat(depth));

describe('a message of the broker', () => {
  it.each(['null', '"a"', '{"a":["ü😀",1,null,{"b":{}}]}'])('is an event with data of any form: %s', (data) => {
    expect(read(withData(data))).toMatchObject({ ...place, event: { id: '1', data: JSON.parse(data) as unknown } });
  });

  it.each([
    ['bytes that are no JSON', 'nonsense'],
    ['no type', '{"id":"1","source":"thing"}'],
    ['a NUL in its data', withData('{"a":["x\\u0000"]}')],
    ['a NUL in a name', withData('{"a\\u0000":1}')],
    ['a NUL in its id', '{"id":"\\u0000","type":"thing.grown","source":"thing"}'],
    ['half of a surrogate pair', withData('"\\ud800"')],
    ['half of a surrogate pair in its type', '{"id":"1","type":"\\udfff","source":"thing"}'],
    ['a depth that no fact has', deep(100)],
    ['a depth that no stack has', deep(400_000)],
  ])('is no event, but known by its place, for %s', (_, json) => {
    expect(read(json)).toEqual({ ...place, event: undefined });
  });
});
