import { randomFillSync } from 'node:crypto';

// Asking for randomness is slow whatever the amount, so it is asked for in stock.
const stock = Buffer.alloc(4096);
let used = stock.length;

/** Random bytes, as two hexadecimal digits each. */
export function randomHex(bytes: number): string {
  if (used + bytes > stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  used += bytes;
  return stock.toString('hex', used - bytes, used);
}
