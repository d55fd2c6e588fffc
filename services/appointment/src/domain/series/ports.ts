import type { Appointment } from '../booking/appointment.js';
import type { Overlap } from '../booking/ports.js';
import type { Series } from './series.js';

export interface AllSeries {
  /** Stores the series and its appointments, each with the fact that it was booked unless it is pending: all or nothing. */
  add(series: Series, appointments: Appointment[]): Promise<'stored' | Overlap>;
  find(id: string): Promise<Series | undefined>;
}
