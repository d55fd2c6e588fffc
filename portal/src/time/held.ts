import type { Appointment } from '../api/types.ts';

/** Kept for who looks at it, for some minutes; what waits for the practice has no end. */
export const isHeld = ({ status, heldUntil }: Pick<Appointment, 'status' | 'heldUntil'>): boolean =>
  status === 'pending' && heldUntil !== undefined;
