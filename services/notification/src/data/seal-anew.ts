import type { Orm } from '@cabinet/postgres/orm';
import type { Seal } from '@cabinet/service/seal';

/** Under what each is sealed. */
const labels = { webhook: 'id', push_subscription: 'endpoint_hash' } as const;

/** Seals with the first secret what an older one has sealed, so that the older one may go. */
export async function sealAnew(orm: Orm, seal: Seal, table: keyof typeof labels): Promise<void> {
  if (!seal.hasOlder) return;
  const rows = await orm.em
    .fork()
    .execute<{ id: string; label: string; sealed: string }[]>(
      `select id, ${labels[table]}::text as label, sealed from ${table}`,
    );
  for (const { id, label, sealed } of rows) {
    const anew = seal.anew(label, sealed);
    // Whoever has changed it meanwhile has sealed that.
    if (anew) {
      await orm.em.fork().execute(`update ${table} set sealed = ? where id = ? and sealed = ?`, [anew, id, sealed]);
    }
  }
}
