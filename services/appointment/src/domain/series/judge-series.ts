import { availabilityAt, type Facts, type Refusal, type Slot, type Verdict } from '../availability/availability.js';
import type { PatientTime } from '../booking/ports.js';
import { overlaps } from '../time/intervals.js';
import { minute } from '../time/time.js';
import type { Occurrence } from './series.js';

/** An occurrence that can not be, with everything in its way, what to name first in front. */
export interface Impossible {
  local: string;
  refusals: Refusal[];
}

export interface Possible {
  local: string;
  slot: Slot;
}

/** Decides each occurrence by the rules for a single booking, with those before it taken. */
export function judgeSeries(
  occurrences: readonly Occurrence[],
  facts: Facts,
  otherVisits: readonly PatientTime[],
): { possible: Possible[]; impossible: Impossible[] } {
  const possible: Possible[] = [];
  const impossible: Impossible[] = [];
  let current = facts;
  for (const { local, instant } of occurrences) {
    const verdict = judgeFor(otherVisits, current, instant);
    if (verdict.slot) {
      possible.push({ local, slot: verdict.slot });
      current = withTaken(current, verdict.slot, local);
    } else impossible.push({ local, refusals: verdict.refusals });
  }
  return { possible, impossible };
}

/** As `availabilityAt`, for a patient who has other appointments too. */
export function judgeFor(otherVisits: readonly PatientTime[], facts: Facts, instant?: number): Verdict {
  if (instant === undefined) return { refusals: [{ code: 'APPOINTMENT.TIME_SKIPPED' as const }] };
  const verdict = availabilityAt(instant, facts);
  const visit = { start: instant, end: instant + facts.type.minutes * minute };
  const other = otherVisits.find((each) => overlaps(each, visit));
  if (!other) return verdict;
  const { start, end, appointmentId } = other;
  const keptOf = other.keptFromGuardians ? other.patientId : undefined;
  const busy = { code: 'APPOINTMENT.PATIENT_BUSY' as const, from: start, until: end, appointmentId, keptOf };
  return { refusals: [...(verdict.refusals ?? []), busy] };
}

/** The facts as they are once one more appointment has the slot, of this type or another. */
export function withTaken(facts: Facts, slot: Slot, appointmentId: string, appointmentTypeId = facts.type.id): Facts {
  const session = slot.session ?? appointmentId;
  const visit = { start: slot.start, end: slot.end };
  const { placeId, seat, dayPlace, blocked } = slot;
  return {
    ...facts,
    taken: facts.taken.and({ ...blocked, appointmentId, appointmentTypeId, placeId, visit, session, seat, dayPlace }),
    resources: facts.resources.map((resource) =>
      slot.resources?.includes(resource.number)
        ? { ...resource, taken: resource.taken.and({ ...blocked, session }) }
        : resource,
    ),
  };
}
