/** True for the error of an insert whose id, or another unique field, is taken. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof Error && (error as { code?: unknown }).code === 11_000;
