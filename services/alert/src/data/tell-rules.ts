import type { Clock } from '@cabinet/kit/clock';
import type { EventSource } from '@cabinet/postgres/event-source';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { RulesInForce } from '../domain/ports.js';
import { runnable } from '../domain/watch-rule.js';
import { type EnabledRule, enabledRules } from './enabled-rules.js';
import { arrayOf } from './fragments.js';
import { readSettings } from './read-settings.js';

/** The broker forgets what is a week old. */
const againMs = 24 * 3_600_000;

/** Tells the stream which rules are in force: all together, whenever one of them changes, and each day. */
export class TellRules {
  constructor(
    private readonly orm: Orm,
    private readonly events: EventSource<[RulesInForce]>,
    private readonly clock: Clock,
  ) {}

  /** In the transaction that changes something of them; nobody else changes them until its end. */
  async tell(tx: EntityManager): Promise<void> {
    const [row] = await tx.execute<{ told: string }[]>(
      'update watch_settings set rules_told = rules_told + 1, rules_told_at = ? returning rules_told as told',
      [this.clock.now()],
    );
    const { isOn, zone, engine } = await readSettings(tx);
    const enabled = isOn ? await enabledRules(tx, false) : [];
    const since = await enabledSince(tx, enabled);
    const rules = enabled.map((rule) => ({
      id: rule.id,
      version: rule.version,
      patientId: rule.patientId ?? undefined,
      replaces: rule.replaces ?? undefined,
      enabledAt: since.get(rule.id) ?? this.clock.now().toISOString(),
      watch: runnable(rule).watch as unknown as Record<string, unknown>,
    }));
    await this.events.enqueue(tx, { version: Number(row?.told), isInForce: engine === 'stream', zone, rules });
  }

  /** Once it was told at all, and not for a day. */
  async tellAgain(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - againMs);
    const isDue = await this.orm.em.fork().execute('select from watch_settings where rules_told_at < ?', [before]);
    if (isDue.length === 0) return;
    await this.orm.em.fork().transactional((tx) => this.tell(tx));
    this.committed();
  }

  committed(): void {
    this.events.committed();
  }
}

/** From when on the versions are run that are run now. */
async function enabledSince(tx: EntityManager, rules: readonly EnabledRule[]): Promise<Map<string, string>> {
  const rows = await tx.execute<{ id: string; at: Date }[]>(
    `select r.id, max(e.at) as at from alert_rule r join alert_rule_enabling e on e.rule_id = r.id and e.version = r.enabled_version
     where r.id = any(?::uuid[]) group by r.id`,
    [arrayOf(rules.map(({ id }) => id))],
  );
  return new Map(rows.map(({ id, at }) => [id, new Date(at).toISOString()]));
}
