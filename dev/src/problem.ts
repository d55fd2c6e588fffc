/** Something the person at the keyboard can mend: shown as one line without a stack. */
export class Problem extends Error {
  override readonly name = 'Problem';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
