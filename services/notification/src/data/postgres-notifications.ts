import { currentPatientId } from '@cabinet/postgres/gone-patients';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { PatientErased } from '../domain/errors.js';
import { existing, type Notification } from '../domain/notification.js';
import type { AfterNotification, Notifications } from '../domain/ports.js';
import { NotificationSchema, toNotification } from './notification.schema.js';
import { type NotificationEvents, waitForPatientChanges } from './patient-changes.js';

export class PostgresNotifications implements Notifications {
  constructor(
    private readonly orm: Orm,
    private readonly events: NotificationEvents,
  ) {}

  async find(id: string): Promise<Notification | undefined> {
    const row = await this.orm.em.fork().findOne(NotificationSchema, { id });
    return row ? toNotification(row) : undefined;
  }

  async listOf(asked: string, limit: number, [afterId]: AfterNotification | [] = []): Promise<Notification[]> {
    const em = this.orm.em.fork();
    const patientId = (await currentPatientId(em, asked)) ?? asked;
    const where = afterId ? { patientId, id: { $gt: afterId } } : { patientId };
    const rows = await em.find(NotificationSchema, where, { orderBy: { id: 'asc' }, limit: limit + 1 });
    return rows.map(toNotification);
  }

  add(notification: Notification): Promise<Notification> {
    return this.inTransaction(async (tx) => {
      await waitForPatientChanges(tx);
      const patientId = await currentPatientId(tx, notification.patientId);
      if (!patientId) throw new PatientErased();
      const stored = { ...notification, patientId };
      await tx.insert(NotificationSchema, stored);
      await this.events.enqueue(tx, stored, 'recorded');
      return stored;
    });
  }

  change(id: string, decide: (current: Notification) => Notification): Promise<Notification> {
    return this.inTransaction(async (tx) => {
      await tx.execute('select from "notification" where id = ? for update', [id]);
      const row = await tx.findOne(NotificationSchema, { id });
      const current = existing(row ? toNotification(row) : undefined);
      const decided = decide(current);
      if (decided === current) return current;
      const next = { ...decided, version: current.version + 1 };
      await tx.nativeUpdate(NotificationSchema, { id }, next);
      await this.events.enqueue(tx, next, 'updated');
      return next;
    });
  }

  private async inTransaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.orm.em.fork().transactional(work);
    this.events.committed();
    return result;
  }
}
