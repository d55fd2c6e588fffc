import { readStoreFaults } from '@cabinet/kit/away';
import type { MikroORM } from '@mikro-orm/mongodb';

const awayNames =
  /^(Mongo(ServerSelection|Network|NetworkTimeout|NotConnected|ExpiredSession|TopologyClosed|ClientClosed|StalePrimary|PoolCleared|PoolClosed|WaitQueueTimeout)|PoolClearedOnNetwork)Error$/;
/**
 * What a member of a replica set says that is no primary (any more), shuts down or cannot reach another one: all after which the
 * driver's specification has reads and writes tried again.
 */
const awayCodes = new Set([6, 7, 89, 91, 133, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);
/** LockTimeout and WriteConflict. */
const lockCodes = new Set([24, 112]);
const awayLabel = 'RetryableWriteError';

readStoreFaults((error) => {
  const { name, code, errorLabelSet } = error as { name: string; code?: unknown; errorLabelSet?: unknown };
  const isLabelled = errorLabelSet instanceof Set && errorLabelSet.has(awayLabel);
  if (awayNames.test(name) || awayCodes.has(code as number) || isLabelled) return 'away';
  return lockCodes.has(code as number) ? 'locked' : undefined;
});

/** Has the ORM's own errors bear the name of the driver's that they stand for: by it alone some are known. */
export function keepNamesOfErrors(orm: MikroORM): void {
  const converter = orm.em.getPlatform().getExceptionConverter();
  const convert = converter.convertException.bind(converter);
  converter.convertException = (error) => {
    const converted = convert(error);
    return converted.name === 'DriverException' ? Object.assign(converted, { name: error.name }) : converted;
  };
}
