import type { MigrationObject } from '@mikro-orm/core';
import { Appointments } from './001-appointments.js';
import { Availability } from './002-availability.js';
import { Holds } from './003-holds.js';
import { Series } from './004-series.js';
import { WaitingList } from './005-waiting-list.js';
import { Calendars } from './006-calendars.js';
import { GoogleCalendars } from './007-google-calendars.js';
import { PrivateFeeds } from './008-private-feeds.js';
import { ReadersEnded } from './009-readers-ended.js';
import { WaitingEvents } from './010-waiting-events.js';
import { Corrections } from './011-corrections.js';
import { HeldClaims } from './012-held-claims.js';
import { PatientsGone } from './013-patients-gone.js';
import { FollowGonePatients } from './014-follow-gone-patients.js';
import { ChangesInCalendars } from './015-changes-in-calendars.js';
import { StoredEffects } from './016-stored-effects.js';
import { KeyedAuditTrail } from './017-keyed-audit-trail.js';
import { Arrivals } from './018-arrivals.js';
import { KnownWords } from './019-known-words.js';
import { KeptFromGuardians } from './020-kept-from-guardians.js';
import { AgendaChanges } from './021-agenda-changes.js';

/** In order; once released, only added to. */
export const migrations: MigrationObject[] = [
  { name: '001-appointments', class: Appointments },
  { name: '002-availability', class: Availability },
  { name: '003-holds', class: Holds },
  { name: '004-series', class: Series },
  { name: '005-waiting-list', class: WaitingList },
  { name: '006-calendars', class: Calendars },
  { name: '007-google-calendars', class: GoogleCalendars },
  { name: '008-private-feeds', class: PrivateFeeds },
  { name: '009-readers-ended', class: ReadersEnded },
  { name: '010-waiting-events', class: WaitingEvents },
  { name: '011-corrections', class: Corrections },
  { name: '012-held-claims', class: HeldClaims },
  { name: '013-patients-gone', class: PatientsGone },
  { name: '014-follow-gone-patients', class: FollowGonePatients },
  { name: '015-changes-in-calendars', class: ChangesInCalendars },
  { name: '016-stored-effects', class: StoredEffects },
  { name: '017-keyed-audit-trail', class: KeyedAuditTrail },
  { name: '018-arrivals', class: Arrivals },
  { name: '019-known-words', class: KnownWords },
  { name: '020-kept-from-guardians', class: KeptFromGuardians },
  { name: '021-agenda-changes', class: AgendaChanges },
];
