import type { Recurrence } from './recurrence.js';

/** What was asked for when appointments were booked as a series; what became of it is in the appointments. */
export interface Series extends Recurrence {
  id: string;
  createdAt: Date;
  createdBy: string;
}
