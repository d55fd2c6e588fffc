import type { MigrationObject } from '@mikro-orm/core';
import { Patients } from './001-patients.js';

/** In order; once released, only added to. */
export const migrations: MigrationObject[] = [{ name: '001-patients', class: Patients }];
