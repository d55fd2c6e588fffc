import type { FirstHearings } from '@cabinet/service/sidecar/from-now';
import { isDuplicateKey } from './duplicate-key.js';
import { documentsOf, type MongoOrm } from './orm.js';

interface FirstHearing {
  /** The topic. */
  _id: string;
  at: Date;
}

export class MongoFirstHearings implements FirstHearings {
  constructor(private readonly orm: MongoOrm) {}

  async of(topic: string, now: Date): Promise<Date> {
    const hearings = documentsOf<FirstHearing>(this.orm, 'first_hearing');
    await hearings.insertOne({ _id: topic, at: now }).catch((error) => {
      if (!isDuplicateKey(error)) throw error; // it is kept already
    });
    return (await hearings.findOne({ _id: topic }))?.at ?? now;
  }
}
