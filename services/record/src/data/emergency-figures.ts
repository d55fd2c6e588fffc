import type { Clock } from '@cabinet/kit/clock';
import { Gauge, type Metrics } from '@cabinet/kit/observe/metrics';
import { documentsOf, type MongoOrm } from '@cabinet/mongo/orm';
import { askedOnce } from '@cabinet/service/observe/asked-once';
import { isEscalated } from '../domain/emergency-access.js';
import { type RecordDocument, recordCollection } from './record.schema.js';

/** Counts the emergency accesses that wait for a verdict, whenever metrics are asked for. */
export function observeEmergencies(metrics: Metrics, orm: MongoOrm, clock: Clock): void {
  const rows = askedOnce(() =>
    documentsOf<RecordDocument>(orm, recordCollection)
      .find({ reviewDue: { $gt: new Date(0) } }, { projection: { _id: 0, emergencies: 1 } })
      .toArray(),
  );
  new Gauge({
    name: 'emergency_accesses_unreviewed',
    help: 'Emergency accesses to records that nobody has judged yet, and whether that is overdue',
    labelNames: ['escalated'],
    registers: [metrics.registry],
    async collect() {
      const answer = await rows();
      this.reset();
      if (!answer) return;
      for (const escalated of ['true', 'false']) this.set({ escalated }, 0);
      const now = clock.now();
      for (const access of answer.values.flatMap(({ emergencies }) => emergencies ?? [])) {
        if (!access.verdict) this.inc({ escalated: String(isEscalated(access, now)) });
      }
    },
  });
}
