import type { MigrationObject } from '@mikro-orm/core';
import { Notifications } from './001-notifications.js';
import { Channels } from './002-channels.js';

/** In order; once released, only added to. */
export const migrations: MigrationObject[] = [
  { name: '001-notifications', class: Notifications },
  { name: '002-channels', class: Channels },
];
