export { type Fact, type ToldEvent, toToldEvent } from '../sidecar/facts.js';
export { auditCollection, MongoAuditTrail, mongoAuditEvents } from './audit.js';
export { MongoDeadLetterStore } from './dead-letters.js';
export { isDuplicateKey } from './duplicate-key.js';
export { readFigures } from './figures.js';
export { MongoFirstHearings } from './first-hearings.js';
export { MongoIdempotencyStore } from './idempotency.js';
export { Journal, type JournalNote, type VersionedDocument } from './journal.js';
export { JournalRelay, type JournalRelayOptions } from './journal-relay.js';
export {
  type Documents,
  documentsOf,
  type MongoOptions,
  type MongoOrm,
  mongoAnswers,
  openMongo,
  type PreparedMongo,
  prepareMongo,
} from './orm.js';
export { MongoWaitingEvents } from './waiting-events.js';
