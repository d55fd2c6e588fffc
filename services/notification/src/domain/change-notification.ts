import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import type { FindNotifications } from './find-notifications.js';
import { type Notification, readText } from './notification.js';
import type { Notifications } from './ports.js';

/** Which one is to be changed, of which version, and into what. */
export interface ChangeOrder {
  id: string;
  version: ExpectedVersion;
  text: string;
}

export class ChangeNotification {
  constructor(
    private readonly notifications: Notifications,
    private readonly find: FindNotifications,
    private readonly clock: Clock,
  ) {}

  /** @throws 404, 428 and 412 for a version that is not named or stale, InvalidInput (422) */
  async replace({ id, version, ...input }: ChangeOrder, actor: Principal): Promise<Notification> {
    await this.find.get(id, actor);
    return this.notifications.change(id, (current) => {
      assertVersion(version, current.version);
      const text = readText(input.text);
      return text === current.text ? current : { ...current, text, updatedAt: this.clock.now() };
    });
  }
}
