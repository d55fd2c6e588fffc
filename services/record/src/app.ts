import { factTypes } from '@cabinet/contracts';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import { openMongoStore } from '@cabinet/mongo/store';
import { openService, readOpenApi, type ServiceOverrides, serve } from '@cabinet/service/service';
import { AllergiesController } from './api/allergies.controller.js';
import { ConditionsController } from './api/conditions.controller.js';
import { EmergenciesController } from './api/emergencies.controller.js';
import { EmergencyResponses } from './api/emergency-responses.js';
import { EncountersController } from './api/encounters.controller.js';
import { RegisterRoutes } from './api/generated/routes.js';
import { GrantsController } from './api/grants.controller.js';
import { NotesController } from './api/notes.controller.js';
import { ObservationsController } from './api/observations.controller.js';
import { givePatientData } from './api/patient-data.js';
import { RecordsController } from './api/records.controller.js';
import { ReviewsController } from './api/reviews.controller.js';
import type { Config } from './config.js';
import { daprCareRelations } from './data/dapr-care-relations.js';
import { DaprNeighbours } from './data/dapr-neighbours.js';
import { observeEmergencies } from './data/emergency-figures.js';
import { MongoEmergencyPlaces } from './data/mongo-emergency-places.js';
import { MongoKeptAnswers } from './data/mongo-kept-answers.js';
import { MongoRecords } from './data/mongo-records.js';
import { RecordSchema, recordCollection } from './data/record.schema.js';
import { AcceptReading } from './domain/accept-reading.js';
import { BreakGlass } from './domain/break-glass.js';
import { EndRetention } from './domain/end-retention.js';
import { errorCodes } from './domain/error-codes.js';
import { FindRecord } from './domain/find-record.js';
import { FollowPatients } from './domain/follow-patients.js';
import { GrantAccess } from './domain/grant-access.js';
import { ReadRecord } from './domain/read-record.js';
import { WriteRecord } from './domain/write-record.js';
import { keepRecordsInStepWhenAPatientChanges } from './events/keep-records-in-step-when-a-patient-changes.js';
import { openAnEncounterWhenAnAppointmentIsCompleted } from './events/open-an-encounter-when-an-appointment-is-completed.js';
import { toFact } from './events/published.js';

/** The composition root: the one place where the rooms of this service meet. */
export async function startRecord(config: Config, overrides: ServiceOverrides = {}): Promise<RunningProcess> {
  const service = await openService('record', config, overrides);
  const { clock, sidecar, log } = service;
  const store = openMongoStore(service, {
    url: config.DATABASE_URL,
    entities: [RecordSchema],
    documents: recordCollection,
    facts: factTypes('record'),
  });

  const records = new MongoRecords(store.orm, store.eventSource(toFact));
  const neighbours = new DaprNeighbours(sidecar, log);
  const find = new FindRecord(records, daprCareRelations(sidecar, clock), clock);
  const read = new ReadRecord(find, neighbours);
  const write = new WriteRecord(records, find, clock);
  const accepting = new AcceptReading(find, neighbours, write);
  const grants = new GrantAccess(records, find, neighbours, clock);
  const breakGlass = new BreakGlass(records, find, new MongoEmergencyPlaces(store.orm), clock);
  const emergencies = new EmergencyResponses(clock);
  observeEmergencies(service.metrics, store.orm, clock);
  const endRetention = new EndRetention(records, clock);
  const follow = new FollowPatients(records, new MongoKeptAnswers(store.keptAnswers), clock, config.RECORD_KEPT_YEARS);
  const retention = new PeriodicTask(() => endRetention.round(), {
    everyMs: 60 * 60_000,
    failed: (error) => log.warn({ err: error }, 'what was kept long enough is not erased'),
  });
  void store.prepared.then(() => retention.start(0));
  service.closers.defer(() => retention.stop());

  return serve(service, store, {
    openapi: readOpenApi(import.meta.url),
    errorCodes,
    controllers: [
      [RecordsController, () => new RecordsController(read, write)],
      [AllergiesController, () => new AllergiesController(find, write)],
      [ConditionsController, () => new ConditionsController(find, write)],
      [EncountersController, () => new EncountersController(find, write)],
      [GrantsController, () => new GrantsController(grants)],
      [EmergenciesController, () => new EmergenciesController(breakGlass, emergencies)],
      [ReviewsController, () => new ReviewsController(breakGlass, emergencies)],
      [NotesController, () => new NotesController(find, write)],
      [ObservationsController, () => new ObservationsController(find, write, accepting)],
    ],
    registerRoutes: RegisterRoutes,
    patientData: givePatientData(records, emergencies),
    earlierIds: async (patientId) => (await records.find(patientId))?.mergedFrom ?? [],
    hears: {
      types: factTypes,
      handlers: {
        patient: keepRecordsInStepWhenAPatientChanges(follow),
        appointment: openAnEncounterWhenAnAppointmentIsCompleted(follow),
      },
    },
  });
}
