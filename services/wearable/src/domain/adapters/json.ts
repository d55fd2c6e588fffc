import type { SourceReading } from '../reading.js';

/** What an adapter makes of a document: what it says that is kept here, and the source's names of what is not. */
export interface Adapted {
  readings: SourceReading[];
  leftOut: string[];
}

interface AdapterContext {
  /** IANA; in which times are that come without an offset. */
  zone: string;
}

/**
 * Makes readings of a document of one source. It is pure, and takes whatever comes: what lacks something makes a reading that lacks
 * it, which is refused by its field later.
 */
export type Adapter = (document: unknown, context: AdapterContext) => Adapted;

/** What stands under these names; undefined where there is nothing. */
export function at(value: unknown, ...path: string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found ?? undefined;
}

export const list = (value: unknown, ...path: string[]): unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
};

const textMax = 200;

/** A text of a sensible length, or a number as one. */
export const text = (value: unknown, ...path: string[]): string | undefined => {
  const found = at(value, ...path);
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' && found !== '' && found.length <= textMax ? found : undefined;
};

export const number = (value: unknown, ...path: string[]): number | undefined => {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
};

/** What several adapters make alike. */
export const joined = (parts: readonly Adapted[]): Adapted => ({
  readings: parts.flatMap(({ readings }) => readings),
  leftOut: parts.flatMap(({ leftOut }) => leftOut),
});

export const nothing: Adapted = { readings: [], leftOut: [] };
export const leaveOut = (type: string): Adapted => ({ readings: [], leftOut: [type] });
