import type { AuditTrail } from './audit/trail.js';
import type { IdempotencyStore } from './http/kept-answers.js';
import type { HearingStores } from './sidecar/hear-events.js';

/** What every service asks of its database, whichever that is: its package opens it (`openStore`, `openMongoStore`). */
export interface ServiceStore extends HearingStores {
  /** True once up to date, and while the database answers. */
  isReady(): Promise<boolean>;
  auditTrail: AuditTrail;
  keptAnswers: IdempotencyStore;
}
