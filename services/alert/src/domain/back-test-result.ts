/** What a rule would have done in the last days. */
export interface BackTestResult {
  from: string;
  until: string;
  days: number;
  patients: number;
  readings: number;
  alerts: number;
  alertsADay: number;
  /** Of the practitioner who would have been called most: with this the budget of the practice is compared. */
  alertsADayOfOne: number;
  /** Between 22 and 7 on the clock of the patient. */
  atNight: number;
  /** Minutes from ringing to clearing of the one that went on longest; it would have waited so long had nobody answered. */
  longestMinutes: number;
  /** Those with most alerts first. */
  byPatient: { patientId: string; alerts: number }[];
  /** Whom the first steps would have called, and in the end the last resort. */
  called: { practitionerId: string; times: number }[];
  /** Readings that came too late to ring: so often it would have rung. */
  late: number;
  /** Readings with something wrong with them. */
  questions: number;
}
