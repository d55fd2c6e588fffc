export { auditEvents, auditTable, PostgresAuditTrail } from './audit.js';
export { type PreparedDatabase, prepareDatabase } from './database.js';
export { PostgresDeadLetterStore } from './dead-letters.js';
export { firstHearingTable, PostgresFirstHearings } from './first-hearings.js';
export { goneTable, leadOn, noteErased, noteMerged } from './gone-patients.js';
export { forgetAnswersOf, heldClaims, PostgresIdempotencyStore } from './idempotency.js';
export { handleOnce } from './inbox.js';
export {
  type DatabaseOptions,
  type EntityManager,
  migrate,
  type Orm,
  openDatabase,
} from './orm.js';
export { type Fact, OutboxRelay, tell, tellAll, toOutboxRow } from './outbox.js';
export { Prepared } from './prepared.js';
export { sqlState } from './sql-state.js';
export { openStore, type Store, type StoreOptions } from './store.js';
export { kitTables } from './tables.js';
export { PostgresWaitingEvents, waitingEventTables } from './waiting-events.js';
