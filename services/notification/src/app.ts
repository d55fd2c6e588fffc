import { factTypes } from '@cabinet/contracts';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { currentPatientId, earlierIds } from '@cabinet/postgres/gone-patients';
import { openStore } from '@cabinet/postgres/store';
import { openService, readOpenApi, type ServiceOverrides, serve } from '@cabinet/service/service';
import { RegisterRoutes } from './api/generated/routes.js';
import { NotificationsController } from './api/notifications.controller.js';
import { givePatientData } from './api/patient-data.js';
import type { Config } from './config.js';
import { NotificationSchema } from './data/notification.schema.js';
import { PatientChanges } from './data/patient-changes.js';
import { PostgresNotifications } from './data/postgres-notifications.js';
import { ChangeNotification } from './domain/change-notification.js';
import { errorCodes } from './domain/error-codes.js';
import { FindNotifications } from './domain/find-notifications.js';
import { RecordNotification } from './domain/record-notification.js';
import { followPatientWhenMergedOrErased } from './events/follow-patient-when-merged-or-erased.js';
import { toFact, toReceipt } from './events/published.js';
import { migrations } from './migrations/index.js';

/** The composition root: the one place where the rooms of this service meet. */
export async function startNotification(config: Config, overrides: ServiceOverrides = {}): Promise<RunningProcess> {
  const service = await openService('notification', config, overrides);
  const { clock } = service;
  const store = openStore(service, {
    url: config.DATABASE_URL,
    entities: [NotificationSchema],
    migrations,
    facts: factTypes('notification'),
  });

  const events = store.eventSource(toFact);
  const changes = new PatientChanges(events, store.eventSource(toReceipt));
  const notifications = new PostgresNotifications(store.orm, events);
  const find = new FindNotifications(notifications);
  const recording = new RecordNotification(notifications, clock);
  const change = new ChangeNotification(notifications, find, clock);

  return serve(service, store, {
    openapi: readOpenApi(import.meta.url),
    errorCodes,
    controllers: [[NotificationsController, () => new NotificationsController(find, recording, change)]],
    registerRoutes: RegisterRoutes,
    patientData: givePatientData({
      currentId: (patientId) => currentPatientId(store.orm.em.fork(), patientId),
      notifications,
    }),
    earlierIds: (patientId) => earlierIds(store.orm.em.fork(), patientId),
    hears: {
      types: factTypes,
      handlers: { patient: followPatientWhenMergedOrErased(store.orm, changes, () => events.committed()) },
    },
  });
}
