import { readFileSync } from 'node:fs';
import { factTypes } from '@cabinet/contracts';
import { type Clock, systemClock } from '@cabinet/kit/clock';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { MongoAuditTrail } from '@cabinet/mongo/audit';
import { MongoDeadLetterStore } from '@cabinet/mongo/dead-letters';
import { readFigures } from '@cabinet/mongo/figures';
import { MongoFirstHearings } from '@cabinet/mongo/first-hearings';
import { MongoIdempotencyStore } from '@cabinet/mongo/idempotency';
import { Journal } from '@cabinet/mongo/journal';
import { JournalRelay } from '@cabinet/mongo/journal-relay';
import { openMongo, prepareMongo } from '@cabinet/mongo/orm';
import { MongoWaitingEvents } from '@cabinet/mongo/waiting-events';
import { auditRequests, noteSubjects } from '@cabinet/service/audit/trail';
import { type ControllerFactories, provideControllers } from '@cabinet/service/http/controllers';
import { idempotency } from '@cabinet/service/http/idempotency';
import { observeStore } from '@cabinet/service/observe/store-figures';
import { openService, serve } from '@cabinet/service/service';
import { hearEvents } from '@cabinet/service/sidecar/hear-events';
import { countFacts } from '@cabinet/service/sidecar/observe-events';
import { createPublisher, type EventPublisher } from '@cabinet/service/sidecar/publish';
import { AllergiesController } from './api/allergies.controller.js';
import { ConditionsController } from './api/conditions.controller.js';
import { EncountersController } from './api/encounters.controller.js';
import { RegisterRoutes } from './api/generated/routes.js';
import { NotesController } from './api/notes.controller.js';
import { RecordsController } from './api/records.controller.js';
import type { Config } from './config.js';
import { DaprCareRelations } from './data/dapr-care-relations.js';
import { DaprNeighbours } from './data/dapr-neighbours.js';
import { KeptAnswers } from './data/kept-answers.js';
import { MongoRecords } from './data/mongo-records.js';
import { RecordSchema, recordCollection } from './data/record.schema.js';
import { errorCodes } from './domain/error-codes.js';
import { FindRecord } from './domain/find-record.js';
import { FollowPatients } from './domain/follow-patients.js';
import { WriteRecord } from './domain/write-record.js';
import { keepRecordsInStepWhenAPatientChanges } from './events/keep-records-in-step-when-a-patient-changes.js';
import { openAnEncounterWhenAnAppointmentIsCompleted } from './events/open-an-encounter-when-an-appointment-is-completed.js';
import { toFact } from './events/published.js';

const source = 'record';

/** What a test may put in place of the real part. */
export interface Overrides {
  clock?: Clock;
  publisher?: EventPublisher;
}

/** The composition root: the one place where the rooms of this service meet. */
export async function startRecord(config: Config, overrides: Overrides = {}): Promise<RunningProcess> {
  const service = await openService(source, config);
  const { log, closers, metrics } = service;
  const clock = overrides.clock ?? systemClock;
  const sidecar = { httpPort: config.DAPR_HTTP_PORT, apiToken: config.DAPR_API_TOKEN };

  const orm = openMongo({ url: config.DATABASE_URL, entities: [RecordSchema] });
  const database = prepareMongo(orm, log);
  closers.add(() => database.stop());
  const publisher = countFacts(
    overrides.publisher ?? createPublisher(sidecar, service.eventKeys),
    metrics,
    factTypes('record'),
  );
  closers.add(() => publisher.stop());
  const relay = new JournalRelay({ orm, documents: recordCollection, publisher, log });
  closers.add(() => relay.stop());
  void database.prepared.then(() => relay.start());

  const records = new MongoRecords(orm, new Journal(orm, relay), { source, toFact });
  const keptAnswers = new MongoIdempotencyStore(orm, clock);
  const find = new FindRecord(records, new DaprCareRelations(sidecar, clock));
  const write = new WriteRecord(records, find, clock);
  const follow = new FollowPatients(records, new KeptAnswers(keptAnswers), clock);
  const hears = hearEvents(
    service,
    {
      handlers: {
        patient: keepRecordsInStepWhenAPatientChanges(follow),
        appointment: openAnEncounterWhenAnAppointmentIsCompleted(follow),
      },
      types: [...factTypes('patient'), ...factTypes('appointment')],
    },
    {
      waiting: new MongoWaitingEvents(orm),
      deadLetters: new MongoDeadLetterStore(orm),
      firstHearings: new MongoFirstHearings(orm),
      prepared: database.prepared,
    },
  );

  const controllers: ControllerFactories = new Map<never, () => unknown>();
  const neighbours = new DaprNeighbours(sidecar, log);
  controllers.set(RecordsController, () => new RecordsController(find, neighbours));
  controllers.set(AllergiesController, () => new AllergiesController(find, write));
  controllers.set(ConditionsController, () => new ConditionsController(find, write));
  controllers.set(EncountersController, () => new EncountersController(find, write));
  controllers.set(NotesController, () => new NotesController(find, write));

  observeStore(metrics, () => readFigures(orm));
  return serve(service, {
    openapi: JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')),
    errorCodes,
    isReady: database.isReady,
    hears,
    routes(app) {
      provideControllers(app, controllers);
      app.use(auditRequests(new MongoAuditTrail(orm), log, clock));
      app.param('patientId', (_req, _res, next, patientId: string) => {
        noteSubjects(patientId);
        next();
      });
      app.use('/api/records', idempotency(keptAnswers, service));
      RegisterRoutes(app);
    },
  });
}
