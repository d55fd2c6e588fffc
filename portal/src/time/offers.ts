import type { Slot, TypeRules } from '../api/types.ts';
import { dateAt, daysAfter } from './zone.ts';

/**
 * Of the free times that staff find, those that patients are offered by themselves: not those of kinds that staff alone book, nor
 * before the notice that they have to give, nor beyond the days that they may book ahead.
 * @param now ms since 1970
 */
export function offeredToPatients(slots: readonly Slot[], rules: TypeRules | undefined, now: number): Slot[] {
  if (rules?.bookableBy === 'staff') return [];
  const { noticeMinutes = 0, horizonDays } = rules ?? {};
  return slots.filter(({ start, zone }) => {
    const isSoonEnough = horizonDays === undefined || dateAt(start, zone) <= daysAfter(dateAt(now, zone), horizonDays);
    return isSoonEnough && Date.parse(start) >= now + noticeMinutes * 60_000;
  });
}
