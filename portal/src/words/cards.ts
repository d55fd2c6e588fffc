/**
 * What the code on a patient's card says: whose it is, and nothing else. Whoever finds a card learns nothing from it; whoever may
 * search patients reads it as quickly as a scanner types.
 */
const begin = 'cabinet:patient:';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const cardOf = (patientId: string): string => begin + patientId;

/** The id of the patient whose card was read; undefined for all else that somebody types. */
export function patientOfCard(text: string): string | undefined {
  const read = text.trim().toLowerCase();
  const id = read.startsWith(begin) ? read.slice(begin.length) : '';
  return uuid.test(id) ? id : undefined;
}

/** Whether it could become one with what is typed next. */
export function beginsCard(text: string): boolean {
  const read = text.toLowerCase();
  return begin.startsWith(read) || (read.startsWith(begin) && /^[\da-f-]{0,36}$/.test(read.slice(begin.length)));
}
