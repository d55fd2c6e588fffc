import type { Clock } from '@cabinet/kit/clock';
import { Gauge, type Metrics } from '@cabinet/kit/observe/metrics';
import type { Orm } from '@cabinet/postgres/orm';
import { askedOnce } from '@cabinet/service/observe/asked-once';

/**
 * Counts the unusual accesses that wait for a verdict, and for how long the trail of each service has had lines that nobody looked
 * at, whenever metrics are asked for.
 * @param services that are to tell; of one that never did it is how long this process has run
 */
export function observeUnusualAccesses(metrics: Metrics, orm: Orm, clock: Clock, services: readonly string[]): void {
  const startedAt = clock.now();
  const rows = askedOnce(async () => {
    const em = orm.em.fork();
    const [waiting] = await em.execute<{ escalated: string; others: string }[]>(
      `select count(*) filter (where due_at <= ?) as escalated, count(*) filter (where due_at > ?) as others
       from unusual_access where is_sampled and verdict is null`,
      [clock.now(), clock.now()],
    );
    const told = await em.execute<{ service: string; heardAt: Date }[]>(
      'select service, heard_at as "heardAt" from access_watch',
    );
    return { waiting, told };
  });
  new Gauge({
    name: 'unusual_accesses_unreviewed',
    help: 'Unusual accesses to patients’ data that nobody has judged yet, and whether that is overdue',
    labelNames: ['escalated'],
    registers: [metrics.registry],
    async collect() {
      const answer = await rows();
      this.reset();
      if (!answer) return;
      this.set({ escalated: 'true' }, Number(answer.values.waiting?.escalated ?? 0));
      this.set({ escalated: 'false' }, Number(answer.values.waiting?.others ?? 0));
    },
  });
  new Gauge({
    name: 'accesses_told_seconds',
    help: 'How long ago the audit trail of each service was looked at to its end: of what came since nobody finds what is unusual',
    labelNames: ['service'],
    registers: [metrics.registry],
    async collect() {
      const answer = await rows();
      this.reset();
      if (!answer) return;
      const told = new Map(answer.values.told.map(({ service, heardAt }) => [service, new Date(heardAt)]));
      for (const service of new Set([...services, ...told.keys()])) {
        this.set({ service }, (clock.now().getTime() - (told.get(service) ?? startedAt).getTime()) / 1_000);
      }
    },
  });
}
