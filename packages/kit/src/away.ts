/** What a part says that is away, full or busy with somebody else's lock; none of it is the fault of what was asked. */
export type StoreFault = 'away' | 'locked';

export type StoreFaultReader = (error: Error & { code?: unknown }) => StoreFault | undefined;

const networkCodes = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|UND_ERR_\w+)$/;

const readers: StoreFaultReader[] = [
  ({ name, code }) => (name === 'TimeoutError' || networkCodes.test(String(code)) ? 'away' : undefined),
];

/** Each database package says once, when it is loaded, how its errors are read: nobody else knows them. */
export function readStoreFaults(reader: StoreFaultReader): void {
  readers.push(reader);
}

/**
 * @returns `away` when the database, or whoever else was asked, could not be reached; `locked` when it gave way to somebody
 *   else's transaction, or was told to stop: the same may succeed a moment later
 */
export function storeFaultOf(error: unknown): StoreFault | undefined {
  let found: StoreFault | undefined;
  for (let each = error; each instanceof Error; each = each.cause) {
    for (const read of readers) {
      const fault = read(each);
      if (fault === 'away') return fault;
      found ??= fault;
    }
  }
  return found;
}
