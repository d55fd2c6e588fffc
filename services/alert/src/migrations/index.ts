import type { MigrationObject } from '@mikro-orm/core';
import { Alerts } from './001-alerts.js';
import { TheStream } from './002-the-stream.js';

/** In order; once released, only added to. */
export const migrations: MigrationObject[] = [
  { name: '001-alerts', class: Alerts },
  { name: '002-the-stream', class: TheStream },
];
