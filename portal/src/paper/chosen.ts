import type { Practitioner } from '../api/types.ts';

/** Whose agendas are meant: those whom the address names, else the caller's own, else the first of all; at most so many. */
export function chosenOf(
  all: readonly Practitioner[],
  { who, ownId, max }: { who?: string; ownId?: string; max: number },
): Practitioner[] {
  const named = who?.split(',') ?? (ownId ? [ownId] : all.slice(0, max).map(({ id }) => id));
  return all.filter(({ id }) => named.includes(id)).slice(0, max);
}
