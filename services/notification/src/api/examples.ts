import type { NotificationResponse } from './notification.dto.js';

/** A made-up notification. */
export const shoulder: NotificationResponse = {
  id: '019a8f3e-4444-7c55-9b1c-3f1b8f5f2d11',
  version: 1,
  patientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  text: "Douleur à l'épaule depuis mardi",
  createdAt: '2026-11-20T16:02:11.000Z',
  updatedAt: '2026-11-20T16:02:11.000Z',
};
