/** What a card or a label of a patient says to a scanner: whose it is, in nobody else's words. */
export const patientCode = (patientId: string): string => `cabinet:patient:${patientId}`;
