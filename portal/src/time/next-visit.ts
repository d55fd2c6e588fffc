import type { Appointment } from '../api/types.ts';
import { waitsSince } from './waited.ts';

export const isShown = ({ status }: Appointment): boolean => !['cancelled', 'waitlist', 'proposed'].includes(status);

/**
 * Of a day, in order of start: who is to come in next. Who waits longest goes first; else who is expected next.
 * @param now ms since 1970
 * @param besides the patient who is in already
 */
export function nextVisit(items: readonly Appointment[], now: number, besides?: string): Appointment | undefined {
  const others = items.filter(({ patientId }) => patientId !== besides);
  const [waiting] = others
    .filter(({ status }) => status === 'arrived')
    .sort((one, other) => (waitsSince(one) ?? 0) - (waitsSince(other) ?? 0));
  return waiting ?? others.find(({ status, end }) => status === 'booked' && Date.parse(end) > now);
}
