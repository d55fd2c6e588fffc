import type { Notification } from '../domain/notification.js';

/**
 * A UUID (RFC 9562).
 * @pattern ^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$
 * @example "019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11"
 */
export type Uuid = string;

/**
 * A time with offset (RFC 3339).
 * @example "2026-11-23T08:30:00.000Z"
 */
export type Instant = string;

/**
 * What it says, for people.
 * @minLength 1
 * @maxLength 500
 * @example "Douleur à l'épaule depuis mardi"
 */
export type Text = string;

export interface NotificationRequest {
  patientId: Uuid;
  text: Text;
}

export interface NotificationReplacement {
  text: Text;
}

export interface NotificationResponse {
  id: Uuid;
  /**
   * Grows with every change; also the ETag.
   * @isInt
   * @example 1
   */
  version: number;
  patientId: Uuid;
  text: Text;
  createdAt: Instant;
  updatedAt: Instant;
}

export interface NotificationList {
  items: NotificationResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

export const toNotificationResponse = ({
  createdAt,
  updatedAt,
  ...notification
}: Notification): NotificationResponse => ({
  ...notification,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
