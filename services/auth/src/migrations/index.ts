import type { MigrationObject } from '@mikro-orm/core';
import { Init } from './001-init.js';
import { HeldClaims } from './002-held-claims.js';
import { WaitingEvents } from './003-waiting-events.js';
import { PatientsGone } from './004-patients-gone.js';
import { AuditTrail } from './005-audit-trail.js';
import { StoredEffects } from './006-stored-effects.js';
import { KeyedAuditTrail } from './007-keyed-audit-trail.js';
import { AccessThatEnds } from './008-access-that-ends.js';
import { OneTimeCodes } from './009-one-time-codes.js';
import { SecondFactors } from './010-second-factors.js';
import { OpenIdConnect } from './011-openid-connect.js';
import { FactorsShown } from './012-factors-shown.js';
import { MakersOfCodes } from './013-makers-of-codes.js';
import { ActingFor } from './014-acting-for.js';
import { TrustedIssuers } from './015-trusted-issuers.js';
import { Registrations } from './016-registrations.js';
import { Delegations } from './017-delegations.js';
import { PasswordsOfReaders } from './018-passwords-of-readers.js';
import { DueEvents } from './019-due-events.js';
import { SectionsThatEnd } from './020-sections-that-end.js';
import { RuleVersions } from './021-rule-versions.js';

/** In order; once released, only added to. */
export const migrations: MigrationObject[] = [
  { name: '001-init', class: Init },
  { name: '002-held-claims', class: HeldClaims },
  { name: '003-waiting-events', class: WaitingEvents },
  { name: '004-patients-gone', class: PatientsGone },
  { name: '005-audit-trail', class: AuditTrail },
  { name: '006-stored-effects', class: StoredEffects },
  { name: '007-keyed-audit-trail', class: KeyedAuditTrail },
  { name: '008-access-that-ends', class: AccessThatEnds },
  { name: '009-one-time-codes', class: OneTimeCodes },
  { name: '010-second-factors', class: SecondFactors },
  { name: '011-openid-connect', class: OpenIdConnect },
  { name: '012-factors-shown', class: FactorsShown },
  { name: '013-makers-of-codes', class: MakersOfCodes },
  { name: '014-acting-for', class: ActingFor },
  { name: '015-trusted-issuers', class: TrustedIssuers },
  { name: '016-registrations', class: Registrations },
  { name: '017-delegations', class: Delegations },
  { name: '018-passwords-of-readers', class: PasswordsOfReaders },
  { name: '019-due-events', class: DueEvents },
  { name: '020-sections-that-end', class: SectionsThatEnd },
  { name: '021-rule-versions', class: RuleVersions },
];
