import { factTypes } from '@cabinet/contracts';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { currentPatientId, earlierIds } from '@cabinet/postgres/gone-patients';
import { openStore } from '@cabinet/postgres/store';
import { openService, readOpenApi, type ServiceOverrides, serve } from '@cabinet/service/service';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';
import { RegisterRoutes } from './api/generated/routes.js';
import { NotificationsController } from './api/notifications.controller.js';
import { NotifyController } from './api/notify.controller.js';
import { givePatientData } from './api/patient-data.js';
import { PoliciesController } from './api/policies.controller.js';
import { PreferencesController } from './api/preferences.controller.js';
import { TemplatesController } from './api/templates.controller.js';
import { textBodies } from './api/text-bodies.js';
import { openMessageChannels } from './channels.js';
import type { Config } from './config.js';
import { PostgresDecisionCounts } from './data/ledger/postgres-decision-counts.js';
import { PostgresDueDecisions } from './data/ledger/postgres-due-decisions.js';
import { PostgresLedger } from './data/ledger/postgres-ledger.js';
import { DaprNeighbours } from './data/neighbours/dapr-neighbours.js';
import { PatientChanges } from './data/patient-changes.js';
import { Acting } from './data/planning/acting.js';
import { PlanAtOnce } from './data/planning/plan-at-once.js';
import { PlanCalls } from './data/planning/plan-calls.js';
import { PlanVisits } from './data/planning/plan-visits.js';
import { PolicySchema, PostgresPolicies } from './data/postgres-policies.js';
import { PostgresPreferences } from './data/postgres-preferences.js';
import { PostgresTemplates } from './data/postgres-templates.js';
import { AskForMessage } from './domain/decisions/ask-for-message.js';
import { CountDecisions } from './domain/decisions/count-decisions.js';
import { FindNotifications } from './domain/decisions/find-notifications.js';
import { ResendNotification } from './domain/decisions/resend-notification.js';
import { errorCodes } from './domain/error-codes.js';
import type { Neighbours } from './domain/neighbours.js';
import { KeepPolicies } from './domain/policies/keep-policies.js';
import { KeepPreferences } from './domain/preferences/keep-preferences.js';
import { KeepTemplates } from './domain/templates/keep-templates.js';
import { callWhoIsToSeeAnAlertWhenAStepIsDue } from './events/call-who-is-to-see-an-alert-when-a-step-is-due.js';
import { followPatientWhenMergedOrErased } from './events/follow-patient-when-merged-or-erased.js';
import { planMessagesWhenAnAppointmentChanges } from './events/plan-messages-when-an-appointment-changes.js';
import { toFact, toReceipt } from './events/published.js';
import { tellWebhooksWhenAnAppointmentChanges } from './events/tell-webhooks-when-an-appointment-changes.js';
import {
  mailCodesWhenTheyAreMade,
  tellThePatientWhenTheirRecordIsOpenedInAnEmergency,
} from './events/write-at-once-when-a-code-is-made-or-a-record-opened.js';
import { openLinks } from './links.js';
import { migrations } from './migrations/index.js';
import { openSending, type SendingOverrides } from './sending.js';
import { openWebhooks } from './webhooks.js';

/** Both hear every event; each notes by itself which it has handled. */
const inTurn =
  (...handlers: EventHandler[]): EventHandler =>
  async (events) => {
    for (const handle of handlers) await handle(events);
  };

/** What a test may put in place of the real part. */
export interface Overrides extends ServiceOverrides, SendingOverrides {
  neighbours?: Neighbours;
}

/** The composition root: the one place where the rooms of this service meet. */
export async function startNotification(config: Config, overrides: Overrides = {}): Promise<RunningProcess> {
  const service = await openService('notification', config, overrides);
  const { clock, sidecar } = service;
  const zone = config.PRACTICE_ZONE;
  const store = openStore(service, {
    url: config.DATABASE_URL,
    entities: [PolicySchema],
    migrations,
    facts: factTypes('notification'),
  });
  const { orm } = store;
  const events = store.eventSource(toFact);

  const neighbours = overrides.neighbours ?? new DaprNeighbours(sidecar, clock);
  const policies = new PostgresPolicies(orm);
  const templates = new PostgresTemplates(orm);
  const preferences = new PostgresPreferences(orm);
  const plan = new PlanVisits(events, zone, clock);
  const acting = new Acting(orm, plan, clock);
  const channels = openMessageChannels({ service, store, config, events, preferences });
  const { subscriptions, unsubscribe, unreachable, webhooks } = channels;
  const told = () => {
    events.committed();
    sending.wake();
  };
  const ledger = new PostgresLedger(orm, events, told);
  const { links, controllers: linkControllers } = openLinks({
    ...{ service, store, config, ledger, neighbours, families: acting, preferences },
    lookEveryMs: overrides.lookEveryMs,
  });
  const sending = openSending({
    ...{
      service,
      store,
      config,
      overrides,
      neighbours,
      channels: channels.toPeople,
      subscriptions,
      unsubscribe,
      links,
    },
    unreachable,
    ...{ due: new PostgresDueDecisions(orm, events), policies, templates, preferences, plan, acting },
  });
  const programs = openWebhooks({
    ...{ service, store, webhooks, channel: channels.webhook, privateHosts: config.OUTBOUND_PRIVATE_HOSTS },
    lookEveryMs: overrides.lookEveryMs,
  });
  const find = new FindNotifications(ledger, templates);
  const count = new CountDecisions(new PostgresDecisionCounts(orm), zone, clock);
  const resend = new ResendNotification(ledger, find, clock);
  const ask = new AskForMessage(ledger, neighbours, acting, policies, clock);
  const keepPolicies = new KeepPolicies(policies, zone, clock, () => sending.replan());
  const keepTemplates = new KeepTemplates(templates, clock);
  const keepPreferences = new KeepPreferences(preferences, acting, clock);

  const atOnce = new PlanAtOnce(clock);
  const changes = new PatientChanges(store.eventSource(toReceipt));
  return serve(service, store, {
    openapi: readOpenApi(import.meta.url),
    errorCodes,
    controllers: [
      [NotificationsController, () => new NotificationsController(find, resend, count, zone)],
      [NotifyController, () => new NotifyController(ask)],
      [PoliciesController, () => new PoliciesController(keepPolicies, zone)],
      [TemplatesController, () => new TemplatesController(keepTemplates)],
      [PreferencesController, () => new PreferencesController(keepPreferences)],
      ...channels.controllers,
      ...programs.controllers,
      ...linkControllers,
    ],
    registerRoutes: RegisterRoutes,
    earlierIds: (patientId) => earlierIds(orm.em.fork(), patientId),
    patientData: givePatientData({
      currentId: (patientId) => currentPatientId(orm.em.fork(), patientId),
      ...{ ledger, preferences, subscriptions, unreachable },
    }),
    hears: {
      types: factTypes,
      // What was booked before is found by the comparison; a week of old confirmations would help nobody.
      fromNow: ['alert', 'appointment', 'auth', 'record'],
      handlers: {
        alert: callWhoIsToSeeAnAlertWhenAStepIsDue(orm, new PlanCalls(clock), told),
        appointment: inTurn(
          planMessagesWhenAnAppointmentChanges(orm, { plan, planned: told }),
          tellWebhooksWhenAnAppointmentChanges(orm, programs.deliveries, () => programs.wake()),
        ),
        auth: mailCodesWhenTheyAreMade(orm, atOnce, told),
        patient: followPatientWhenMergedOrErased(orm, { changes, acting, told }),
        record: tellThePatientWhenTheirRecordIsOpenedInAnEmergency(orm, atOnce, told),
      },
    },
    body: { secrets: ['endpoint', 'p256dh', 'auth'] },
    before: [textBodies()],
    digestKey: channels.digestKey,
  });
}
