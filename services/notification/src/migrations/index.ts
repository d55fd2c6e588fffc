import type { MigrationObject } from '@mikro-orm/core';
import { Notifications } from './001-notifications.js';
import { VisitsFound } from './002-visits-found.js';
import { Channels } from './003-channels.js';
import { WithWhomAndWhere } from './004-with-whom-and-where.js';
import { Addresses } from './005-addresses.js';
import { VisitActs } from './006-visit-acts.js';

/** In order; once released, only added to. */
export const migrations: MigrationObject[] = [
  { name: '001-notifications', class: Notifications },
  { name: '002-visits-found', class: VisitsFound },
  { name: '003-channels', class: Channels },
  { name: '004-with-whom-and-where', class: WithWhomAndWhere },
  { name: '005-addresses', class: Addresses },
  { name: '006-visit-acts', class: VisitActs },
];
