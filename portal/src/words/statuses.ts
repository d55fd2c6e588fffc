import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Appointment } from '../api/types.ts';
import { isHeld } from '../time/held.ts';

export const statusNames: Record<Appointment['status'], MessageDescriptor> = {
  pending: msg`waits for confirmation`,
  booked: msg`booked`,
  arrived: msg`arrived`,
  fulfilled: msg`took place`,
  cancelled: msg`cancelled`,
  noshow: msg`missed`,
  waitlist: msg`on the waiting list`,
  proposed: msg`offered`,
};

/** For whom an appointment is: a time that is kept for them waits for nobody but them. */
export const statusName = (appointment: Appointment): MessageDescriptor =>
  isHeld(appointment) ? msg`kept for you, not booked yet` : statusNames[appointment.status];
