import type { MigrationObject } from '@mikro-orm/core';
import { DevicesAndReadings } from './001-devices-and-readings.js';

/** In order; once released, only added to. */
export const migrations: MigrationObject[] = [{ name: '001-devices-and-readings', class: DevicesAndReadings }];
