import type { Clock } from '@cabinet/kit/clock';
import type { Logger } from '@cabinet/kit/observe/log';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import { proposalMsMax } from '../domain/identity.js';
import type { Codes, FailedAttempts, IdentityLinks, Passkeys, Registrations, Sessions } from '../domain/ports.js';
import type { EncryptionKeys } from './issuers/encryption-keys.js';
import type { SigningKeys } from './signing-keys.js';

export interface HousekeepingParts {
  keys: Pick<SigningKeys, 'load'>;
  sessions: Sessions;
  attempts: FailedAttempts;
  codes: Pick<Codes, 'forgetEnded'>;
  passkeys: Pick<Passkeys, 'forgetUsedChallenges'>;
  forgetEndedAccess: (now: Date) => Promise<void>;
  encryptionKeys: Pick<EncryptionKeys, 'load'>;
  links: Pick<IdentityLinks, 'forgetProposals'>;
  registrations: Pick<Registrations, 'forgetEnded'>;
  clock: Clock;
  log: Logger;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Once an hour: takes up new signing keys, and forgets sessions, failed attempts and codes that nothing depends on any more. */
export const keepHouse = ({
  keys,
  sessions,
  attempts,
  codes,
  passkeys,
  forgetEndedAccess,
  encryptionKeys,
  links,
  registrations,
  clock,
  log,
}: HousekeepingParts): PeriodicTask =>
  new PeriodicTask(
    async () => {
      const now = clock.now().getTime();
      await keys.load();
      await encryptionKeys.load();
      await sessions.forgetEnded(new Date(now - 7 * day));
      await attempts.forgetOlderThan(new Date(now - 2 * day));
      // Those that were mailed within a day are counted.
      await codes.forgetEnded(new Date(now - day));
      // Another process may be a little late, and take a challenge for good that has run out here.
      await passkeys.forgetUsedChallenges(new Date(now - 5 * minute));
      await forgetEndedAccess(clock.now());
      await links.forgetProposals(new Date(now - proposalMsMax));
      await registrations.forgetEnded(clock.now());
    },
    {
      everyMs: hour,
      failed: (error) => log.warn({ err: error }, 'housekeeping did not finish; it is tried again in an hour'),
    },
  ).start();
