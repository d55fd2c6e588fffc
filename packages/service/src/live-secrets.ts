import { type ChangingSecrets, changingSecrets, readEnvironment, type ServiceEnvironment } from '@cabinet/kit/config';
import type { Logger } from '@cabinet/kit/observe/log';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import { readSecrets, type Secrets } from '@cabinet/kit/secrets';
import type { AuditKeys } from './audit/chain.js';
import type { EventKeys } from './sidecar/signatures.js';

/** Secrets that may change in their store while the service runs. */
export interface LiveSecrets {
  /**
   * As whom its database is signed in to.
   * @param otherwise the address from the start, until the store was read again
   */
  login(otherwise: string): { url(): string; refused(): void };
}

interface Following {
  name: string;
  config: ServiceEnvironment;
  log: Logger;
  eventKeys: EventKeys;
  auditKeys: AuditKeys;
  closers: AsyncDisposableStack;
}

/** These are taken while the service runs; of any other the log says that it waits for a restart. */
const taken = new Set(['DATABASE_URL', ...Object.keys(changingSecrets.shape)]);
/** Longest pause while the store is away, as so many times the usual one. */
const pausesMax = 4;
/** Shortest time between two readings, however many logins are refused. */
const restMs = 1_000;

/**
 * Reads the store again every so often, and soon after a login was refused: keys of events and of the audit trail are
 * replaced, and new connections of the database sign in by what it says. What is malformed changes nothing and is logged by
 * name; while the store is away everything stays as it was.
 * @returns undefined when there is no store
 */
export function followSecrets(following: Following): LiveSecrets | undefined {
  const { name, config, log, eventKeys, auditKeys, closers } = following;
  const { SECRET_STORE: component, DAPR_HTTP_PORT: httpPort, DAPR_API_TOKEN: apiToken } = config;
  if (component === undefined) return undefined;
  let known: Secrets | undefined;
  const take = (fresh: Secrets) => {
    const before = known;
    if (before && sameTexts(before, fresh)) return;
    const { EVENT_KEYS, AUDIT_KEYS } = checked(name, fresh);
    eventKeys.replace(new Map(Object.entries(EVENT_KEYS)));
    auditKeys.replace(AUDIT_KEYS);
    known = fresh;
    if (before) tellOfChanges(log, before, fresh);
  };
  const task = new PeriodicTask(async () => take(await readSecrets({ httpPort, apiToken, component }, name)), {
    everyMs: config.SECRETS_EVERY_SECONDS * 1_000,
    pauseMsMax: config.SECRETS_EVERY_SECONDS * 1_000 * pausesMax,
    restMs: Math.min(restMs, config.SECRETS_EVERY_SECONDS * 1_000),
    failed: (error, inRow) => log.warn({ why: (error as Error).message, inRow }, 'secrets stay as they are'),
  }).start();
  closers.defer(() => task.stop());
  return {
    login: (otherwise) => ({ url: () => known?.DATABASE_URL ?? otherwise, refused: () => task.wake() }),
  };
}

/** @throws ConfigurationError naming what is malformed, never its value */
function checked(name: string, fresh: Secrets): ChangingSecrets {
  const read = readEnvironment(changingSecrets, fresh);
  if (!read.EVENT_KEYS[name]) throw new Error(`EVENT_KEYS: has no key of ${name}, to sign what it tells`);
  if (fresh.DATABASE_URL !== undefined && !URL.canParse(fresh.DATABASE_URL))
    throw new Error('DATABASE_URL: is no address');
  return read;
}

function tellOfChanges(log: Logger, before: Secrets, fresh: Secrets): void {
  const changed = Object.keys({ ...before, ...fresh }).filter((name) => before[name] !== fresh[name]);
  const [now, atRestart] = [changed.filter((name) => taken.has(name)), changed.filter((name) => !taken.has(name))];
  if (now.length > 0) log.info({ secrets: now }, 'secrets have changed and are in use');
  if (atRestart.length > 0) log.warn({ secrets: atRestart }, 'secrets have changed and are used from the next start');
}

const sameTexts = (a: Secrets, b: Secrets): boolean => Object.keys({ ...a, ...b }).every((name) => a[name] === b[name]);
