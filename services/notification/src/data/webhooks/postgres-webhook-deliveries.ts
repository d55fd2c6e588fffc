import type { Clock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import { currentPatientId } from '@cabinet/postgres/gone-patients';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { FailureClass } from '../../domain/channels/receipt.js';
import type { AfterDelivery, ClaimedDelivery, Deliveries, DueDeliveries } from '../../domain/webhooks/ports.js';
import type { Tellable, WebhookAttempt, WebhookDelivery } from '../../domain/webhooks/webhook.js';
import { waitForPatientChanges } from '../patient-changes.js';

/** Something that webhooks may want to be told. */
export interface ToldEvent {
  type: Tellable;
  at?: string;
  patientId: string;
  data: object;
}

interface Row {
  id: string;
  type: string;
  state: WebhookDelivery['state'];
  created_at: string | Date;
  next_at: string | Date;
  tried: { at: string; class: FailureClass | null; text: string | null }[];
}

const selectDeliveries = `
  select id, type, state, created_at, next_at, coalesce((
    select jsonb_agg(jsonb_build_object('at', at, 'class', failure_class, 'text', failure_text) order by at)
    from webhook_attempt where delivery_id = webhook_delivery.id), '[]'::jsonb) as tried
  from webhook_delivery`;

export class PostgresWebhookDeliveries implements Deliveries, DueDeliveries {
  constructor(
    private readonly orm: Orm,
    private readonly clock: Clock,
  ) {}

  /** For each webhook that wants to know of it; of a patient who was erased nobody is told. */
  async plan(tx: EntityManager, told: readonly ToldEvent[]): Promise<void> {
    await waitForPatientChanges(tx);
    const now = this.clock.now();
    for (const { type, at, patientId: asked, data } of told) {
      const webhooks = await tx.execute<{ id: string }[]>(
        'select id from webhook where disabled_at is null and types @> to_jsonb(?::text)',
        [type],
      );
      const patientId = webhooks.length > 0 ? await currentPatientId(tx, asked) : undefined;
      if (!patientId) continue;
      const body = JSON.stringify({ type, timestamp: at ?? now.toISOString(), data });
      for (const { id } of webhooks) {
        await tx.execute(
          `insert into webhook_delivery (id, webhook_id, type, body, patient_id, state, attempts, next_at, created_at)
           values (?, ?, ?, ?, ?, 'planned', 0, ?, ?)`,
          [newId(), id, type, body, patientId, now, now],
        );
      }
    }
  }

  async list(webhookId: string, limit: number, after?: AfterDelivery): Promise<WebhookDelivery[]> {
    const before = after ? 'and (created_at, id) < (?, ?::uuid)' : '';
    const rows = await this.execute<Row>(
      `${selectDeliveries} where webhook_id = ? ${before} order by created_at desc, id desc limit ?`,
      ...[webhookId, ...(after ? [new Date(after[0]), after[1]] : []), limit + 1],
    );
    return rows.map(toDelivery);
  }

  async replay(webhookId: string, id: string, now: Date): Promise<WebhookDelivery | undefined> {
    await this.execute(
      `update webhook_delivery set state = 'planned', attempts = 0, next_at = ? where id = ? and webhook_id = ?`,
      ...[now, id, webhookId],
    );
    const [row] = await this.execute<Row>(`${selectDeliveries} where id = ? and webhook_id = ?`, id, webhookId);
    return row && toDelivery(row);
  }

  async claim(now: Date, limit: number, lease: { id: string; ms: number }): Promise<ClaimedDelivery[]> {
    return this.execute<ClaimedDelivery>(
      `update webhook_delivery set lease = ?, leased_until = ? where id in (
         select id from webhook_delivery
         where state = 'planned' and next_at <= ? and (leased_until is null or leased_until < ?)
         order by next_at, id limit ? for update skip locked)
       returning id, webhook_id as "webhookId", body, attempts`,
      ...[lease.id, new Date(now.getTime() + lease.ms), now, now, limit],
    );
  }

  finish(
    id: string,
    { state, nextAt, attempt }: { state: WebhookDelivery['state']; nextAt?: Date; attempt: WebhookAttempt },
    lease: string,
  ): Promise<void> {
    return this.orm.em.fork().transactional(async (tx) => {
      const finished = await tx.execute<unknown[]>(
        `update webhook_delivery set state = ?, attempts = attempts + 1, next_at = coalesce(?, next_at), lease = null,
           leased_until = null
         where id = ? and lease = ? returning id`,
        [state, nextAt ?? null, id, lease],
      );
      if (finished.length === 0) return;
      const { at, failure } = attempt;
      await tx.execute('insert into webhook_attempt values (?, ?, ?, ?)', [
        id,
        at,
        failure?.class ?? null,
        failure?.text ?? null,
      ]);
    });
  }

  async release(lease: string): Promise<void> {
    await this.execute('update webhook_delivery set lease = null, leased_until = null where lease = ?', lease);
  }

  async forget(before: Date): Promise<void> {
    await this.execute(`delete from webhook_delivery where created_at < ? and state <> 'planned'`, before);
  }

  private execute<T>(sql: string, ...values: unknown[]): Promise<T[]> {
    return this.orm.em.fork().execute<T[]>(sql, values);
  }
}

const toDelivery = ({ id, type, state, created_at, next_at, tried }: Row): WebhookDelivery => ({
  ...{ id, type, state, createdAt: new Date(created_at) },
  ...(state === 'planned' && { nextAt: new Date(next_at) }),
  attempts: tried.map(({ at, class: its, text }) => ({
    at: new Date(at),
    ...(its && { failure: { class: its, text: text ?? '' } }),
  })),
});
