import type { Notification } from './notification.js';

/** What others hear of a notification, as `notification.<kind>`, and of which one. */
export type Happening = 'recorded' | 'updated';
export type Told = Pick<Notification, 'id' | 'version' | 'patientId'>;

export interface Notifications {
  find(id: string): Promise<Notification | undefined>;
  /**
   * Those of a patient in the order in which they were recorded, also by the id of one who was merged; one more than `limit`
   * when there are more.
   */
  listOf(patientId: string, limit: number, after?: AfterNotification): Promise<Notification[]>;
  /**
   * Stores it and tells it, both or neither.
   * @returns it as it is stored: with the patient whom its patient turned out to be
   * @throws PatientErased (410)
   */
  add(notification: Notification): Promise<Notification>;
  /**
   * Stores what `decide` makes of it as its next version and tells it, both or neither; nobody else changes it meanwhile. The
   * same object back: nothing is to change.
   * @throws NotificationNotFound (404)
   */
  change(id: string, decide: (current: Notification) => Notification): Promise<Notification>;
}

/** Where a page ended: ids are in the order of time. */
export type AfterNotification = [id: string];
