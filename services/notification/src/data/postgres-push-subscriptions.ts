import { createHash } from 'node:crypto';
import { currentPatientId } from '@cabinet/postgres/gone-patients';
import { noteStored } from '@cabinet/postgres/idempotency';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { Seal } from '@cabinet/service/seal';
import type { KeptSubscription, PushSubscription, PushSubscriptionStore } from '../domain/channels/ports.js';
import { PatientUnknown } from '../domain/errors.js';
import { waitForPatientChanges } from './patient-changes.js';

const perPatientMax = 20;

interface Row {
  id: string;
  endpoint_hash: string;
  sealed: string;
  created_at: string | Date;
}

const hashOf = (endpoint: string): string => createHash('sha256').update(endpoint).digest('base64url');

export class PostgresPushSubscriptions implements PushSubscriptionStore {
  constructor(
    private readonly orm: Orm,
    private readonly seal: Seal,
  ) {}

  async find(id: string): Promise<PushSubscription | undefined> {
    const [row] = await this.execute<Row>('select * from push_subscription where id = ?', id);
    return row && this.opened(row);
  }

  async drop(id: string): Promise<void> {
    await this.execute('delete from push_subscription where id = ?', id);
  }

  async idsOf(patientId: string): Promise<string[]> {
    const rows = await this.execute<Row>(
      'select id from push_subscription where patient_id = ? order by id',
      patientId,
    );
    return rows.map(({ id }) => id);
  }

  async listOf(patientId: string): Promise<KeptSubscription[]> {
    const em = this.orm.em.fork();
    const rows = await em.execute<Row[]>(
      'select * from push_subscription where patient_id = ? order by created_at desc, id',
      [(await currentPatientId(em, patientId)) ?? patientId],
    );
    return rows.flatMap((row) => {
      const subscription = this.opened(row);
      return subscription ? toKept(row, subscription) : [];
    });
  }

  keep(id: string, asked: string, subscription: PushSubscription, now: Date): Promise<KeptSubscription> {
    return this.orm.em.fork().transactional(async (tx) => {
      await waitForPatientChanges(tx);
      const patientId = await currentPatientId(tx, asked);
      if (!patientId) throw new PatientUnknown('patientId');
      const hash = hashOf(subscription.endpoint);
      const rows = await tx.execute<Row[]>(
        `insert into push_subscription as kept (id, patient_id, endpoint_hash, sealed, created_at) values (?, ?, ?, ?, ?)
         on conflict (endpoint_hash) do update set patient_id = excluded.patient_id, sealed = excluded.sealed,
           created_at = excluded.created_at
         returning *`,
        [id, patientId, hash, this.seal.close(hash, subscription), now],
      );
      await dropOldest(tx, patientId);
      await noteStored(tx);
      return toKept(rows[0] as Row, subscription);
    });
  }

  async end(id: string, patientId: string): Promise<boolean> {
    const em = this.orm.em.fork();
    const ended = await em.execute<unknown[]>(
      'delete from push_subscription where id = ? and patient_id = ? returning id',
      [id, (await currentPatientId(em, patientId)) ?? patientId],
    );
    return ended.length > 0;
  }

  /** What no secret opens any more can be pushed to no more. */
  private opened({ endpoint_hash, sealed }: Row): PushSubscription | undefined {
    return this.seal.open<PushSubscription>(endpoint_hash, sealed);
  }

  private execute<T>(sql: string, ...values: unknown[]): Promise<T[]> {
    return this.orm.em.fork().execute<T[]>(sql, values);
  }
}

const toKept = ({ id, endpoint_hash, created_at }: Row, { endpoint }: PushSubscription): KeptSubscription => ({
  id,
  service: new URL(endpoint).host,
  fingerprint: endpoint_hash,
  createdAt: new Date(created_at),
});

const dropOldest = (tx: EntityManager, patientId: string): Promise<unknown> =>
  tx.execute(
    `delete from push_subscription where id in (
       select id from push_subscription where patient_id = ? order by created_at desc, id desc offset ${perPatientMax})`,
    [patientId],
  );
