import type { EntityManager } from '@cabinet/postgres/orm';
import type { Settings } from '../domain/settings.js';
import { dateOrNone, ms } from './fragments.js';

interface Row extends Omit<Settings, 'firstOnAt' | 'changedAt' | 'changedBy'> {
  firstOnAt: string | null;
  changedAt: string | null;
  changedBy: string | null;
}

export async function readSettings(em: EntityManager): Promise<Settings> {
  const [row] = await em.execute<Row[]>(
    `select version, is_on as "isOn", ${ms('first_on_at')} as "firstOnAt", zone, alerts_a_day as "alertsADay",
       blind_after_minutes as "blindAfterMinutes", engine, ${ms('changed_at')} as "changedAt", changed_by as "changedBy"
     from watch_settings`,
  );
  if (!row) throw new Error('the settings are gone');
  const { firstOnAt, changedAt, changedBy, ...rest } = row;
  return {
    ...rest,
    firstOnAt: dateOrNone(firstOnAt),
    changedAt: dateOrNone(changedAt),
    changedBy: changedBy ?? undefined,
  };
}
