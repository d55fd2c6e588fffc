import type { ContactPoint } from './types.ts';

/** The first of a kind, or nothing. */
export const contactOf = (telecom: readonly ContactPoint[], system: ContactPoint['system']): string =>
  telecom.find((each) => each.system === system)?.value ?? '';

/** Replaces the first of a kind, and leaves what else there is of it. */
export function withContact(
  telecom: readonly ContactPoint[],
  system: ContactPoint['system'],
  value: string,
): ContactPoint[] {
  const [first, ...rest] = telecom.filter((each) => each.system === system);
  const kept = value.trim() === '' ? [] : [{ ...first, system, value: value.trim() }];
  return [...telecom.filter((each) => each.system !== system), ...kept, ...rest];
}
