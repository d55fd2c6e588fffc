/** FHIR R4 AppointmentStatus. */
export type VisitStatus =
  | 'proposed'
  | 'pending'
  | 'booked'
  | 'arrived'
  | 'fulfilled'
  | 'cancelled'
  | 'noshow'
  | 'waitlist';

/** An appointment as the appointment service last told of it. */
export interface Visit {
  appointmentId: string;
  version: number;
  /** As told; may be a patient who was merged since. */
  patientId: string;
  status: VisitStatus;
  start: Date;
}

export type VisitSummary = Pick<Visit, 'appointmentId' | 'start' | 'status'>;

export interface VisitSummaries {
  lastVisit?: VisitSummary;
  nextVisit?: VisitSummary;
}

/**
 * The visit before `now` and the one after. One that nobody has closed yet counts as a visit once its time has come;
 * one that was completed counts as past even if it had been planned for later.
 */
export function summarise(visits: readonly Visit[], now: Date): VisitSummaries {
  const isPast = ({ status, start }: Visit) =>
    status === 'fulfilled' || ((status === 'booked' || status === 'arrived') && start <= now);
  const isAhead = ({ status, start }: Visit) =>
    (status === 'booked' || status === 'pending' || status === 'arrived') && start > now;
  const byStart = (a: Visit, b: Visit) => a.start.getTime() - b.start.getTime();
  const last = visits.filter(isPast).sort(byStart).at(-1);
  const next = visits.filter(isAhead).sort(byStart)[0];
  return { lastVisit: last && toSummary(last), nextVisit: next && toSummary(next) };
}

const toSummary = ({ appointmentId, start, status }: Visit): VisitSummary => ({ appointmentId, start, status });
