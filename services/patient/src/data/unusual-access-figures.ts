import type { Clock } from '@cabinet/kit/clock';
import { Gauge, type Metrics } from '@cabinet/kit/observe/metrics';
import type { Orm } from '@cabinet/postgres/orm';
import { askedOnce } from '@cabinet/service/observe/asked-once';

/** Counts the unusual accesses that wait for a verdict, and how long ago each service told of accesses, whenever metrics are asked for. */
export function observeUnusualAccesses(metrics: Metrics, orm: Orm, clock: Clock): void {
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
    help: 'How long ago each service told who saw whose data: until it does nobody finds what is unusual',
    labelNames: ['service'],
    registers: [metrics.registry],
    async collect() {
      const answer = await rows();
      this.reset();
      for (const { service, heardAt } of answer?.values.told ?? []) {
        this.set({ service }, (clock.now().getTime() - new Date(heardAt).getTime()) / 1_000);
      }
    },
  });
}
