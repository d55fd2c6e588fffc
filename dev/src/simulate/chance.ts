import { Random } from '../seed/random.ts';

/** Chance of one thing, by its name: the same whenever, and in whatever order, it is asked for. */
export function chanceOf(...names: readonly (string | number)[]): Random {
  // FNV-1a, 32 bits.
  let hash = 0x811c9dc5;
  for (const char of names.join(' ')) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return new Random(hash);
}

/** About `mean`, mostly within twice `spread` of it. */
export const around = (random: Random, mean: number, spread: number): number =>
  mean + (random.next() + random.next() + random.next() - 1.5) * 2 * spread;

export const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits));
