/** What the code on a patient’s card says, and a scanner types: it names the patient, and nothing of them. */
const begins = 'cabinet:patient:';
const idLength = 36;
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** The patient whom a card names; nothing for what is no card of a patient. */
export function patientOnCard(text: string): string | undefined {
  const said = text.trim().toLowerCase();
  const id = said.slice(begins.length);
  return said.startsWith(begins) && uuid.test(id) ? id : undefined;
}

/** Whether it could become one with what is typed next. */
export function beginsCard(text: string): boolean {
  const said = text.toLowerCase();
  const id = said.slice(begins.length);
  return begins.startsWith(said) || (said.startsWith(begins) && id.length <= idLength && /^[\da-f-]*$/.test(id));
}
