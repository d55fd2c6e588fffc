import type { MigrationObject } from '@mikro-orm/core';
import { SomeThings } from './001-some-things.js';

/** In order; once released, only added to. */
export const migrations: MigrationObject[] = [{ name: '001-some-things', class: SomeThings }];
