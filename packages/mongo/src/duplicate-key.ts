/** True for the error of an insert whose id, or another unique field, is taken. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof Error && (error as { code?: unknown }).code === 11_000;

/**
 * Which of the documents of an `insertMany` that is not ordered were there already, by their index.
 * @throws the error itself when it is about anything else
 */
export function indexesTaken(error: unknown): Set<number> {
  const { writeErrors } = error as { writeErrors?: { code?: unknown; index: number }[] };
  const refused = [writeErrors ?? []].flat();
  if (refused.length === 0 || !refused.every(({ code }) => code === 11_000)) throw error;
  return new Set(refused.map(({ index }) => index));
}
