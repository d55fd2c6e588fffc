import type { Clock } from '@cabinet/kit/clock';
import { Gauge, type Metrics } from '@cabinet/kit/observe/metrics';
import type { Orm } from '@cabinet/postgres/orm';
import { askedOnce } from '@cabinet/service/observe/asked-once';

/** Shows how long the oldest erasure has been waiting for a service, whenever metrics are asked for; 0 when none does. */
export function observeErasures(metrics: Metrics, orm: Orm, clock: Clock): void {
  const oldest = askedOnce(async () => {
    const [row] = await orm.em
      .fork()
      .execute<{ at: Date | null }[]>('select min(erased_at) as at from erasure where done_at is null');
    return row?.at ? new Date(row.at) : undefined;
  });
  new Gauge({
    name: 'patient_erasure_oldest_unfinished_seconds',
    help: 'How long the oldest erasure of a patient has been waiting for the receipt of a service; 0 when none waits',
    registers: [metrics.registry],
    async collect() {
      const answer = await oldest();
      this.reset();
      if (answer) this.set(answer.values ? (clock.now().getTime() - answer.values.getTime()) / 1_000 : 0);
    },
  });
}
