import type { Clock } from '@cabinet/kit/clock';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { Seal } from '@cabinet/service/seal';
import type { WebhookEndpoint } from '../../domain/channels/ports.js';
import type { SigningKey } from '../../domain/channels/webhook-signature.js';
import { TooManyWebhooks } from '../../domain/errors.js';
import type { Webhooks } from '../../domain/webhooks/ports.js';
import { keysAt, type SignedBy, type Tellable, type Webhook } from '../../domain/webhooks/webhook.js';

const webhooksMax = 20;
const webhookLock = 7_410_014;

interface Row {
  id: string;
  name: string;
  types: Tellable[];
  signed_by: SignedBy;
  sealed: string;
  created_by: string;
  created_at: string | Date;
  disabled_at: string | Date | null;
  disabled_why: 'gone' | null;
}

/** What nobody reads in the database: an address may open something by itself. */
interface Sealed {
  url: string;
  keys: { key: SigningKey; until?: string }[];
}

export class PostgresWebhooks implements Webhooks {
  constructor(
    private readonly orm: Orm,
    private readonly seal: Seal,
    private readonly clock: Clock,
  ) {}

  async find(id: string): Promise<WebhookEndpoint | undefined> {
    const webhook = await this.get(id);
    if (!webhook || webhook.disabledAt) return undefined;
    return { url: webhook.url, keys: keysAt(webhook, this.clock.now()) };
  }

  async disable(id: string): Promise<void> {
    await this.orm.em
      .fork()
      .execute(`update webhook set disabled_at = ?, disabled_why = 'gone' where id = ? and disabled_at is null`, [
        this.clock.now(),
        id,
      ]);
  }

  async all(): Promise<Webhook[]> {
    const rows = await this.orm.em.fork().execute<Row[]>('select * from webhook order by name, id');
    return rows.map((row) => this.toWebhook(row));
  }

  get(id: string): Promise<Webhook | undefined> {
    return this.read(this.orm.em.fork(), id, '');
  }

  add(webhook: Webhook): Promise<void> {
    return this.orm.em.fork().transactional(async (tx) => {
      await tx.execute('select pg_advisory_xact_lock(?)', [webhookLock]);
      const [row] = await tx.execute<{ count: string }[]>('select count(*) from webhook');
      if (Number(row?.count) >= webhooksMax) throw new TooManyWebhooks();
      const { id, name, types, signedBy, createdBy, createdAt } = webhook;
      await tx.execute(
        `insert into webhook (id, name, types, signed_by, sealed, created_by, created_at) values (?, ?, ?::jsonb, ?, ?, ?, ?)`,
        [id, name, JSON.stringify(types), signedBy, this.sealed(webhook), createdBy, createdAt],
      );
    });
  }

  change(id: string, decide: (current: Webhook) => Webhook): Promise<Webhook | undefined> {
    return this.orm.em.fork().transactional(async (tx) => {
      const current = await this.read(tx, id, 'for update');
      if (!current) return undefined;
      const next = decide(current);
      await tx.execute('update webhook set sealed = ?, disabled_at = ?, disabled_why = ? where id = ?', [
        this.sealed(next),
        next.disabledAt ?? null,
        next.disabledWhy ?? null,
        id,
      ]);
      return next;
    });
  }

  async remove(id: string): Promise<boolean> {
    const removed = await this.orm.em.fork().execute<unknown[]>('delete from webhook where id = ? returning id', [id]);
    return removed.length > 0;
  }

  private async read(em: EntityManager, id: string, lock: '' | 'for update'): Promise<Webhook | undefined> {
    const [row] = await em.execute<Row[]>(`select * from webhook where id = ? ${lock}`, [id]);
    return row && this.toWebhook(row);
  }

  private sealed({ id, url, keys }: Webhook): string {
    return this.seal.close(id, { url, keys });
  }

  /** What no secret opens any more has neither address nor keys, until a new one is made. */
  private toWebhook({ id, name, types, signed_by, sealed, ...row }: Row): Webhook {
    const { url, keys } = this.seal.open<Sealed>(id, sealed) ?? { url: '', keys: [] };
    return {
      ...{ id, name, url, types, signedBy: signed_by },
      keys: keys.map(({ key, until }) => ({ key, ...(until && { until: new Date(until) }) })),
      ...{ createdBy: row.created_by, createdAt: new Date(row.created_at) },
      ...(row.disabled_at && { disabledAt: new Date(row.disabled_at) }),
      ...(row.disabled_why && { disabledWhy: row.disabled_why }),
    };
  }
}
