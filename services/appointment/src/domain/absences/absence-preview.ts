import type { Slot } from '../availability/availability.js';
import type { Appointment } from '../booking/appointment.js';
import type { Absence } from '../schedule/schedule.js';

/** What is to become of the appointments within an absence: moved where a slot is free, or cancelled. */
export interface AbsencePlan extends Absence {
  action: 'move' | 'cancel';
  /** How many days after the absence a slot is looked for. */
  withinDays: number;
}

export interface Fate {
  appointment: Appointment;
  becomes: 'moved' | 'cancelled';
  /** Where it moves. */
  slot?: Slot;
}

export interface AbsencePreview {
  /** In order of start. */
  fates: Fate[];
  /** Stands for all of this, and names nothing of it. */
  token: string;
}

/** How an appointment is not as it was previewed; absent: it was not touched, or no longer is. */
export interface ChangedFate {
  appointmentId: string;
  was?: SaidFate;
  is?: SaidFate;
}

interface SaidFate {
  becomes: Fate['becomes'];
  /** Where it moves, in UTC. */
  start?: string;
}

/** What was previewed: it is only compared, and never acted on before it was found to be the same. */
export interface NotedPreview {
  plan: string;
  fates: [appointmentId: string, version: number, becomes: Fate['becomes'], start: number | null][];
}

/** Closes what was previewed, so that it is sent back and names nothing: there may be in it what who asks does not see. */
export interface PreviewSeal {
  close(label: string, content: NotedPreview): string;
  /** @returns undefined for what it has not closed under that label */
  open<T extends NotedPreview>(label: string, sealed: string): T | undefined;
}

export function notePreview(plan: AbsencePlan, scheduleVersion: number, fates: readonly Fate[]): NotedPreview {
  const { startDate, endDate, startTime, endTime, action, withinDays } = plan;
  return {
    plan: [startDate, startTime, endDate, endTime, action, withinDays, scheduleVersion].join(' '),
    fates: fates.map(({ appointment, becomes, slot }) => [
      appointment.id,
      appointment.version,
      becomes,
      slot?.start ?? null,
    ]),
  };
}

export const isSamePreview = (one: NotedPreview, other: NotedPreview): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Which fates differ between two previews. */
export function differences(before: NotedPreview, after: NotedPreview): ChangedFate[] {
  const [was, is] = [before, after].map(({ fates }) => new Map(fates.map((fate) => [fate[0], fate])));
  const ids = new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])]);
  return [...ids]
    .map((id) => [was?.get(id), is?.get(id)] as const)
    .filter(([one, other]) => JSON.stringify(one) !== JSON.stringify(other))
    .map(([one, other]) => ({ appointmentId: (one ?? other)?.[0] as string, was: say(one), is: say(other) }));
}

function say(fate?: NotedPreview['fates'][number]): SaidFate | undefined {
  if (!fate) return undefined;
  const [, , becomes, start] = fate;
  return { becomes, start: start === null ? undefined : new Date(start).toISOString() };
}
