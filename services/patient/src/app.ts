import { readFileSync } from 'node:fs';
import { factTypes } from '@cabinet/contracts';
import { csvBody } from '@cabinet/import/csv-body';
import { type Clock, systemClock } from '@cabinet/kit/clock';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { PostgresAuditTrail } from '@cabinet/postgres/audit';
import { PostgresIdempotencyStore } from '@cabinet/postgres/idempotency';
import { openStore } from '@cabinet/postgres/store';
import { auditRequests } from '@cabinet/service/audit/trail';
import { type ControllerFactories, provideControllers } from '@cabinet/service/http/controllers';
import { idempotency } from '@cabinet/service/http/idempotency';
import { openService, serve } from '@cabinet/service/service';
import type { EventPublisher } from '@cabinet/service/sidecar/publish';
import { RegisterRoutes } from './api/generated/routes.js';
import { PatientIdentityController } from './api/patient-identity.controller.js';
import { PatientImportController } from './api/patient-import.controller.js';
import { PatientsController } from './api/patients.controller.js';
import type { Config } from './config.js';
import { IdentifierSchema, PatientSchema } from './data/patient.schema.js';
import { PostgresPatients } from './data/postgres-patients.js';
import { keepVisits } from './data/visit-table.js';
import { ChangePatient } from './domain/change-patient.js';
import { ErasePatient } from './domain/erase-patient.js';
import { errorCodes } from './domain/error-codes.js';
import { FindPatients } from './domain/find-patients.js';
import { ImportPatients } from './domain/import-patients.js';
import { MergePatients } from './domain/merge-patients.js';
import { RegisterPatient } from './domain/register-patient.js';
import { keepVisitsWhenAnAppointmentChanges } from './events/keep-visits-when-an-appointment-changes.js';
import { toFact } from './events/published.js';
import { migrations } from './migrations/index.js';

const source = 'patient';

/** What a test may put in place of the real part. */
export interface Overrides {
  clock?: Clock;
  publisher?: EventPublisher;
}

/** The composition root: the one place where the rooms of this service meet. */
export async function startPatient(config: Config, overrides: Overrides = {}): Promise<RunningProcess> {
  const service = await openService(source, config);
  const { log } = service;
  const clock = overrides.clock ?? systemClock;

  const { orm, database, told, hear } = openStore(service, {
    url: config.DATABASE_URL,
    entities: [PatientSchema, IdentifierSchema],
    migrations,
    facts: factTypes('patient'),
    publisher: overrides.publisher,
  });
  const patients = new PostgresPatients(orm, { source, toFact, told }, () => clock.now());
  const find = new FindPatients(patients);
  const registration = new RegisterPatient(patients, clock, config.CABINET_MODE);
  const change = new ChangePatient(patients, clock, config.CABINET_MODE);
  const merge = new MergePatients(patients, clock);
  const erase = new ErasePatient(patients, clock);
  const imports = new ImportPatients(patients, clock, config.CABINET_MODE);

  const hears = hear({
    handlers: { appointment: keepVisitsWhenAnAppointmentChanges(orm, keepVisits) },
    types: factTypes('appointment'),
  });

  const controllers: ControllerFactories = new Map<never, () => unknown>();
  controllers.set(PatientsController, () => new PatientsController(find, registration, change));
  controllers.set(PatientIdentityController, () => new PatientIdentityController(find, merge, erase));
  controllers.set(PatientImportController, () => new PatientImportController(imports));

  return serve(service, {
    openapi: JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')),
    errorCodes,
    isReady: database.isReady,
    hears,
    before: [csvBody({ path: '/api/patients/import', roles: ['admin'] })],
    routes(app) {
      provideControllers(app, controllers);
      app.use(auditRequests(new PostgresAuditTrail(orm), log, clock));
      const changes = ['/api/patients', '/api/patients/:id/merge', '/api/patients/:id/erase'];
      const keepAnswers = idempotency(new PostgresIdempotencyStore(orm, clock), service);
      // One by one: of several in one list an answer that is given again would name them all in the audit trail.
      for (const path of changes) app.post(path, keepAnswers);
      RegisterRoutes(app);
    },
  });
}
