/** A time without readings. */
export interface Gap {
  from: Date;
  to: Date;
}

/**
 * The times without anything between, before and after what there is.
 * @param taken in the order of their beginnings
 * @param longMs so long it may be without being a gap
 */
export function gapsBetween(taken: readonly { at: Date; endsAt: Date }[], { from, to }: Gap, longMs: number): Gap[] {
  const gaps: Gap[] = [];
  let covered = from;
  for (const { at, endsAt } of [...taken, { at: to, endsAt: to }]) {
    if (at.getTime() - covered.getTime() > longMs) gaps.push({ from: covered, to: at });
    if (endsAt > covered) covered = endsAt;
  }
  return gaps;
}
