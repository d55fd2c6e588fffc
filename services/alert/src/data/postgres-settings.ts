import { staleVersion } from '@cabinet/kit/http/etag';
import { noteStored } from '@cabinet/postgres/idempotency';
import type { Orm } from '@cabinet/postgres/orm';
import type { SettingsStore } from '../domain/ports.js';
import type { Heartbeat, Settings } from '../domain/settings.js';
import { readHeartbeats } from './heartbeats.js';
import { readSettings } from './read-settings.js';
import type { TellRules } from './tell-rules.js';

export class PostgresSettings implements SettingsStore {
  constructor(
    private readonly orm: Orm,
    private readonly rules: TellRules,
  ) {}

  read(): Promise<Settings> {
    return readSettings(this.orm.em.fork());
  }

  async save(settings: Settings): Promise<void> {
    const { version, isOn, firstOnAt, zone, alertsADay, blindAfterMinutes, engine, changedAt, changedBy } = settings;
    await this.orm.em.fork().transactional(async (tx) => {
      const rows = await tx.execute(
        `update watch_settings set version = ?, is_on = ?, first_on_at = ?, zone = ?, alerts_a_day = ?,
           blind_after_minutes = ?, engine = ?, changed_at = ?, changed_by = ? where version = ? returning version`,
        [
          ...[version, isOn, firstOnAt ?? null, zone, alertsADay, blindAfterMinutes, engine],
          ...[changedAt ?? null, changedBy ?? null, version - 1],
        ],
      );
      if (rows.length === 0) throw staleVersion();
      await this.rules.tell(tx);
      await noteStored(tx);
    });
    this.rules.committed();
  }

  heartbeats(): Promise<Heartbeat[]> {
    return readHeartbeats(this.orm.em.fork());
  }
}
