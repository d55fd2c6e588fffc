import type { Principal } from '@cabinet/kit/access/principal';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { type Page, toPage } from '@cabinet/service/http/pages';
import { assertMayAskFor, assertMaySee } from './access.js';
import { existing, type Notification } from './notification.js';
import type { AfterNotification, Notifications } from './ports.js';

export class FindNotifications {
  constructor(private readonly notifications: Notifications) {}

  /** @throws NotificationNotFound (404), also for one of another patient */
  async get(id: string, actor: Principal): Promise<Notification> {
    const notification = existing(await this.notifications.find(id));
    noteSubjects(notification.patientId);
    assertMaySee(actor, notification.patientId);
    return notification;
  }

  /** @throws NotYours (403) for those of another patient */
  async listOf(
    patientId: string,
    limit: number,
    after: AfterNotification | undefined,
    actor: Principal,
  ): Promise<Page<Notification>> {
    assertMayAskFor(actor, patientId);
    return toPage(await this.notifications.listOf(patientId, limit, after), limit);
  }
}
