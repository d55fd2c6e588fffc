import { randomBytes } from 'node:crypto';

// Asking for randomness and writing it down are slow whatever the amount, so both are done in stock.
const stockBytes = 4096;
let stock = '';
let used = 2 * stockBytes;

/** Random bytes, as two hexadecimal digits each. */
export function randomHex(bytes: number): string {
  if (used + 2 * bytes > stock.length) {
    stock = randomBytes(stockBytes).toString('hex');
    used = 0;
  }
  used += 2 * bytes;
  return stock.slice(used - 2 * bytes, used);
}
