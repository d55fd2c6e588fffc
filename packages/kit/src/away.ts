// What a part that is away, full or busy with somebody else's lock says; none of it is the fault of what was asked.
// PostgreSQL (appendix A): 08 connection, 40 rolled back for another's sake, 53 resources, 55P03 lock, 57 operator.
const awayCodes =
  /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|UND_ERR_\w+|57P0[1-3]|08\d{3}|53\d{3}|3D000)$/;
const lockCodes = /^(40\d{3}|40P01|55P03|57014)$/;
const awayNames =
  /^(MongoServerSelectionError|MongoNetworkError|MongoNetworkTimeoutError|MongoNotConnectedError|MongoExpiredSessionError|TimeoutError)$/;
const awayMessages = /Connection terminated|timeout exceeded when trying to connect/;

function* causesOf(error: unknown): Generator<Error & { code?: unknown }> {
  for (let e = error; e instanceof Error; e = e.cause) yield e;
}

/** True when the database, or whoever else was asked, could not be reached. */
export function isAway(error: unknown): boolean {
  for (const each of causesOf(error)) {
    if (typeof each.code === 'string' && awayCodes.test(each.code)) return true;
    if (awayNames.test(each.name) || awayMessages.test(each.message)) return true;
  }
  return false;
}

/** True when the database gave way to somebody else's transaction, or was told to stop: the same may succeed a moment later. */
export function isLockedOut(error: unknown): boolean {
  for (const { code } of causesOf(error)) if (typeof code === 'string' && lockCodes.test(code)) return true;
  return false;
}
