import type { MongoIdempotencyStore } from '@cabinet/mongo/idempotency';
import type { KeptAnswers } from '../domain/ports.js';

export class MongoKeptAnswers implements KeptAnswers {
  constructor(private readonly store: MongoIdempotencyStore) {}

  forget(patientId: string): Promise<void> {
    return this.store.forgetAnswersOf(patientId);
  }
}
