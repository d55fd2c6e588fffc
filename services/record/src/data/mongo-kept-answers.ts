import type { MongoIdempotencyStore } from '@cabinet/mongo/idempotency';
import type { Traces } from '../domain/ports.js';

/** Answers kept for repeated requests hold entries of the record they were written in. */
export class KeptAnswers implements Traces {
  constructor(private readonly store: MongoIdempotencyStore) {}

  forget(patientId: string): Promise<void> {
    return this.store.forgetAnswersOf(patientId);
  }
}
