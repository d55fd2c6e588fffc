import { describe, expect, it } from 'vitest';
import { LeadsWithin, publicLookup } from './public-lookup.js';

describe('where a name leads', () => {
  const look = (...addresses: string[]) =>
    new Promise((resolve) =>
      publicLookup((_, callback) =>
        callback(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        ),
      )('hooks.example', { all: true }, (error, found) => resolve(error ?? found)),
    );

  it('is looked at for the very connection, and refused when any of its addresses is within', async () => {
    expect(await look('93.184.216.34')).toEqual([{ address: '93.184.216.34', family: 4 }]);
    expect(await look('127.0.0.1')).toBeInstanceOf(LeadsWithin);
    expect(await look('93.184.216.34', '10.0.0.1')).toBeInstanceOf(LeadsWithin);
    expect(await look('::ffff:10.0.0.1')).toBeInstanceOf(LeadsWithin);
  });
});
