import type { EntityManager } from '@cabinet/postgres/orm';

// Changes of users are rare, and "one admin at least" is a rule over all of them: one change at a time.
const usersLock = 7_410_010;

export const lockUsers = (tx: EntityManager) => tx.execute('select pg_advisory_xact_lock(?)', [usersLock]);
