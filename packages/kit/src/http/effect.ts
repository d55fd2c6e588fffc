/** Of methods that change nothing (RFC 9110, section 9.2.1). */
export const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

const inDoubt = 'It is not known whether the request took effect. Look before you repeat it.';
const inDoubtWithKey = 'It is not known whether the request took effect. Repeat it with the same Idempotency-Key.';
export const nothingDone = 'Nothing was changed. Try again shortly.';

export interface Asked {
  readonly method: string;
  readonly hasIdempotencyKey?: boolean;
}

/** What to tell of the effect of a request that broke off after it was begun. */
export function effectOf({ method, hasIdempotencyKey }: Asked): string {
  if (isSafe(method)) return nothingDone;
  return hasIdempotencyKey ? inDoubtWithKey : inDoubt;
}
