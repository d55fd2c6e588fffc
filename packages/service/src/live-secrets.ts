import { isDeepStrictEqual } from 'node:util';
import { type ChangingSecrets, changingSecrets, readEnvironment, type ServiceEnvironment } from '@cabinet/kit/config';
import type { Logger } from '@cabinet/kit/observe/log';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import { readSecrets, type Secrets } from '@cabinet/kit/secrets';
import type { AuditKeys } from './audit/chain.js';
import { FollowedLogin } from './followed-login.js';
import type { EventKeys } from './sidecar/signatures.js';

/** Secrets that may change in their store while the service runs. */
export interface LiveSecrets {
  /**
   * As whom its database is signed in to, from now on.
   * @param first the address from the start
   * @param assertLetsIn throws an Error that says why the database lets nobody in by an address
   */
  login(first: string, assertLetsIn: (url: string) => Promise<void>): FollowedLogin;
}

interface Following {
  name: string;
  config: ServiceEnvironment;
  log: Logger;
  eventKeys: EventKeys;
  auditKeys: AuditKeys;
  closers: AsyncDisposableStack;
}

/** Longest pause while the store is away, as so many times the usual one. */
const pausesMax = 4;
/** Shortest time between two readings, however many logins are refused. */
const restMs = 1_000;

/**
 * Reads the store again every so often, and soon after a login was refused: keys of events and of the audit trail are
 * replaced, and new connections of the database sign in by what it says. What is malformed, or lets nobody in, changes nothing and is
 * logged by name; while the store is away everything stays as it was. Of all else that has changed the log says that it waits for a restart.
 * @returns undefined when there is no store
 */
export function followSecrets(following: Following): LiveSecrets | undefined {
  const { name, config, log, eventKeys, auditKeys, closers } = following;
  const { SECRET_STORE: component, DAPR_HTTP_PORT: httpPort, DAPR_API_TOKEN: apiToken } = config;
  if (component === undefined) return undefined;
  let login: FollowedLogin | undefined;
  let keys: ChangingSecrets = { EVENT_KEYS: config.EVENT_KEYS, AUDIT_KEYS: config.AUDIT_KEYS };
  let known: Secrets | undefined;
  const take = async (fresh: Secrets) => {
    if (known && sameTexts(known, fresh)) return;
    const freshKeys = checked(name, keys, fresh);
    const isOtherLogin = await login?.take(fresh.DATABASE_URL);
    eventKeys.replace(new Map(Object.entries(freshKeys.EVENT_KEYS)));
    auditKeys.replace(freshKeys.AUDIT_KEYS);
    tellOfUse(log, [...changedKeys(keys, freshKeys), ...(isOtherLogin ? ['DATABASE_URL'] : [])]);
    if (known) tellOfRestart(log, changedTexts(known, fresh), [...keyNames, ...(login ? ['DATABASE_URL'] : [])]);
    [keys, known] = [freshKeys, fresh];
  };
  const task = new PeriodicTask(async () => take(await readSecrets({ httpPort, apiToken, component }, name)), {
    everyMs: config.SECRETS_EVERY_SECONDS * 1_000,
    pauseMsMax: config.SECRETS_EVERY_SECONDS * 1_000 * pausesMax,
    restMs: Math.min(restMs, config.SECRETS_EVERY_SECONDS * 1_000),
    failed: (error, inRow) => log.warn({ why: (error as Error).message, inRow }, 'secrets stay as they are'),
  }).start();
  closers.defer(() => task.stop());
  return {
    login(first, assertLetsIn) {
      login = new FollowedLogin(first, assertLetsIn, log, () => task.wake());
      return login;
    },
  };
}

const keyNames = Object.keys(changingSecrets.shape) as (keyof ChangingSecrets)[];

/** @throws Error naming what is malformed, never its value */
function checked(name: string, { EVENT_KEYS: before }: ChangingSecrets, fresh: Secrets): ChangingSecrets {
  const read = readEnvironment(changingSecrets, fresh);
  // Without the key of a teller all that it tells would be taken for forged.
  const lost = Object.keys({ ...before, [name]: [] }).filter((teller) => !read.EVENT_KEYS[teller]);
  if (lost.length > 0) throw new Error(`EVENT_KEYS: has no key of ${lost.join(', ')}, as it had before`);
  return read;
}

const changedKeys = (before: ChangingSecrets, fresh: ChangingSecrets): string[] =>
  keyNames.filter((name) => !isDeepStrictEqual(before[name], fresh[name]));

function tellOfUse(log: Logger, secrets: string[]): void {
  if (secrets.length > 0) log.info({ secrets }, 'secrets have changed and are in use');
}

function tellOfRestart(log: Logger, changed: string[], taken: string[]): void {
  const secrets = changed.filter((name) => !taken.includes(name));
  if (secrets.length > 0) log.warn({ secrets }, 'secrets have changed and are used from the next start');
}

const changedTexts = (before: Secrets, fresh: Secrets): string[] =>
  Object.keys({ ...before, ...fresh }).filter((name) => before[name] !== fresh[name]);

const sameTexts = (before: Secrets, fresh: Secrets): boolean => changedTexts(before, fresh).length === 0;
