/** Services with operations that do not say yet what they are in the table. */
export const notYet: ReadonlySet<string> = new Set([]);
