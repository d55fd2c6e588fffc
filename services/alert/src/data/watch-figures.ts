import type { Clock } from '@cabinet/kit/clock';
import type { Logger } from '@cabinet/kit/observe/log';
import { Counter, Gauge, type Metrics } from '@cabinet/kit/observe/metrics';
import type { Orm } from '@cabinet/postgres/orm';
import { askedOnce } from '@cabinet/service/observe/asked-once';
import { priorities } from '../domain/engine/rule.js';
import { ms } from './fragments.js';

interface Figures {
  is_on: boolean;
  blind_after: number;
  heard: string | null;
  looked: string | null;
  streamed: string | null;
  step_due: string | null;
  alerts: number[];
}

const question = `
  select first_on_at is not null as is_on, blind_after_minutes * 60 as blind_after,
    (select ${ms('at')} from heartbeat where name = 'readings') as heard,
    (select ${ms('at')} from heartbeat where name = 'rounds') as looked,
    case when engine = 'stream' then
      coalesce((select ${ms('at')} from heartbeat where name = 'stream'), ${ms('changed_at')}) end as streamed,
    (select ${ms('min(due_at)')} from alert_step where done_at is null) as step_due,
    to_jsonb(array(select count(a.id) from generate_series(0, 2) as p left join alert a on a.priority = p and a.is_active
      and a.acknowledged_at is null group by p order by p)) as alerts
  from watch_settings`;

const gauges: Record<string, [help: string, read: (figures: Figures, now: number) => number | undefined]> = {
  alert_watch_on: ['1 once the practice watches', ({ is_on }) => Number(is_on)],
  alert_readings_silent_ratio: [
    'Time since the last reading of anybody, as a share of what the practice expects at most',
    ({ is_on, heard, blind_after }, now) => (is_on && heard ? secondsSince(heard, now) / blind_after : undefined),
  ],
  alert_rounds_age_seconds: [
    'Time since somebody last looked for what is due',
    ({ looked }, now) => (looked ? secondsSince(looked, now) : undefined),
  ],
  alert_stream_age_seconds: [
    'Time since the stream last said that it goes on, where the practice goes by it',
    ({ is_on, streamed }, now) => (is_on && streamed ? secondsSince(streamed, now) : 0),
  ],
  alert_steps_overdue_seconds: [
    'How late the step is that has been due for longest; 0 when none is',
    ({ step_due }, now) => (step_due ? Math.max(0, secondsSince(step_due, now)) : 0),
  ],
};

const secondsSince = (at: string, now: number): number => (now - Number(at)) / 1_000;

/** What the other path goes by, which rings when this service is blind: asked of the database whenever metrics are asked for. */
export function observeWatch(metrics: Metrics, orm: Orm, clock: Clock): void {
  const figures = askedOnce(async () => {
    const [row] = await orm.em.fork().execute<Figures[]>(question);
    return row;
  });
  const registers = [metrics.registry];
  for (const [name, [help, read]] of Object.entries(gauges)) {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const found = (await figures())?.values;
        const value = found && read(found, clock.now().getTime());
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }
  new Gauge({
    name: 'alerts_unanswered',
    help: 'Alerts that are active and that nobody has acknowledged, by how urgent they are',
    labelNames: ['priority'],
    registers,
    async collect() {
      const found = (await figures())?.values;
      this.reset();
      if (found) priorities.forEach((priority, rank) => void this.set({ priority }, found.alerts[rank] ?? 0));
    },
  });
}

/** For rules that end in a defect: what their readings would have rung is not known. */
export function countRuleFailures({ registry }: Metrics, log: Logger): (error: unknown, ruleId: string) => void {
  const failures = new Counter({
    name: 'alert_rule_failures_total',
    help: 'Times that a rule could not be run over what came',
    registers: [registry],
  });
  return (error, ruleId) => {
    failures.inc();
    log.error({ err: error, rule_id: ruleId }, 'a rule could not be run');
  };
}
