import { invalidField } from '@cabinet/kit/errors';
import { z } from 'zod';
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
  /** Stands for all of this. */
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

const noted = z.object({
  plan: z.string(),
  fates: z.array(z.tuple([z.string(), z.number(), z.enum(['moved', 'cancelled']), z.number().nullable()])),
});
type Noted = z.infer<typeof noted>;

/** What was previewed, to be sent back: it is only compared, and never acted on before it was found to be the same. */
export const toToken = (plan: AbsencePlan, scheduleVersion: number, fates: readonly Fate[]): string => {
  const { startDate, endDate, startTime, endTime, action, withinDays } = plan;
  const content: Noted = {
    plan: [startDate, startTime, endDate, endTime, action, withinDays, scheduleVersion].join(' '),
    fates: fates.map(({ appointment, becomes, slot }) => [
      appointment.id,
      appointment.version,
      becomes,
      slot?.start ?? null,
    ]),
  };
  return Buffer.from(JSON.stringify(content)).toString('base64url');
};

/** Those that were touched, in order. @throws 422 for what is no token */
export const appointmentsOf = (token: string): string[] => read(token).fates.map(([id]) => id);

/** Which fates differ between two tokens. @throws 422 for what is no token */
export function differences(before: string, after: string): ChangedFate[] {
  const [was, is] = [before, after].map((token) => new Map(read(token).fates.map((fate) => [fate[0], fate])));
  const ids = new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])]);
  return [...ids]
    .map((id) => [was?.get(id), is?.get(id)] as const)
    .filter(([one, other]) => JSON.stringify(one) !== JSON.stringify(other))
    .map(([one, other]) => ({ appointmentId: (one ?? other)?.[0] as string, was: say(one), is: say(other) }));
}

function read(token: string): Noted {
  try {
    return noted.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
  } catch {
    throw invalidField('token', 'INVALID_TOKEN', 'is not the token of a preview');
  }
}

function say(fate?: Noted['fates'][number]): SaidFate | undefined {
  if (!fate) return undefined;
  const [, , becomes, start] = fate;
  return { becomes, start: start === null ? undefined : new Date(start).toISOString() };
}
