/** What the services that keep patients and practitioners say of an id. */
export interface Neighbours {
  /** @returns the id that the patient has now, undefined where there is none or they were erased @throws Unavailable (503) */
  currentPatientId(id: string): Promise<string | undefined>;

  /** @throws Unavailable (503) */
  isPractitioner(id: string): Promise<boolean>;
}
