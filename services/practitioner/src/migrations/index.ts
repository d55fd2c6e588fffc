import type { MigrationObject } from '@mikro-orm/core';
import { Practitioners } from './001-practitioners.js';
import { HeldClaims } from './002-held-claims.js';
import { WaitingEvents } from './003-waiting-events.js';
import { Search } from './004-search.js';
import { AuditTrail } from './005-audit-trail.js';
import { StoredEffects } from './006-stored-effects.js';
import { KeyedAuditTrail } from './007-keyed-audit-trail.js';
import { DueEvents } from './008-due-events.js';

/** In order; once released, only added to. */
export const migrations: MigrationObject[] = [
  { name: '001-practitioners', class: Practitioners },
  { name: '002-held-claims', class: HeldClaims },
  { name: '003-waiting-events', class: WaitingEvents },
  { name: '004-search', class: Search },
  { name: '005-audit-trail', class: AuditTrail },
  { name: '006-stored-effects', class: StoredEffects },
  { name: '007-keyed-audit-trail', class: KeyedAuditTrail },
  { name: '008-due-events', class: DueEvents },
];
