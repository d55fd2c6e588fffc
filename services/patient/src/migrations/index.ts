import type { MigrationObject } from '@mikro-orm/core';
import { Patients } from './001-patients.js';
import { HeldClaims } from './002-held-claims.js';
import { WaitingEvents } from './003-waiting-events.js';
import { Search } from './004-search.js';
import { StoredEffects } from './005-stored-effects.js';
import { KeyedAuditTrail } from './006-keyed-audit-trail.js';
import { RelatedPersons } from './007-related-persons.js';
import { Erasures } from './008-erasures.js';
import { UnusualAccesses } from './009-unusual-accesses.js';
import { ReviewsThatHold } from './010-reviews-that-hold.js';
import { DueEvents } from './011-due-events.js';
import { SectionsThatEnd } from './012-sections-that-end.js';

/** In order; once released, only added to. */
export const migrations: MigrationObject[] = [
  { name: '001-patients', class: Patients },
  { name: '002-held-claims', class: HeldClaims },
  { name: '003-waiting-events', class: WaitingEvents },
  { name: '004-search', class: Search },
  { name: '005-stored-effects', class: StoredEffects },
  { name: '006-keyed-audit-trail', class: KeyedAuditTrail },
  { name: '007-related-persons', class: RelatedPersons },
  { name: '008-erasures', class: Erasures },
  { name: '009-unusual-accesses', class: UnusualAccesses },
  { name: '010-reviews-that-hold', class: ReviewsThatHold },
  { name: '011-due-events', class: DueEvents },
  { name: '012-sections-that-end', class: SectionsThatEnd },
];
