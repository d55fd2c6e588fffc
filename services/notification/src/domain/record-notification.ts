import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { effectOfRequest, storedBefore } from '@cabinet/kit/http/request-context';
import { assertMayAskFor } from './access.js';
import { type Notification, readText } from './notification.js';
import type { Notifications } from './ports.js';

export interface NotificationInput {
  patientId: string;
  text: string;
}

export class RecordNotification {
  constructor(
    private readonly notifications: Notifications,
    private readonly clock: Clock,
  ) {}

  /** @throws NotYours (403), InvalidInput (422), PatientErased (410) */
  async record({ patientId, text }: NotificationInput, actor: Principal): Promise<Notification> {
    assertMayAskFor(actor, patientId);
    const stored = await storedBefore((id) => this.notifications.find(id));
    if (stored) return stored;
    const now = this.clock.now();
    const { id } = effectOfRequest();
    return this.notifications.add({ id, version: 1, patientId, text: readText(text), createdAt: now, updatedAt: now });
  }
}
