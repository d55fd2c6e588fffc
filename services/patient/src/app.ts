import { factTypes } from '@cabinet/contracts';
import { csvBody } from '@cabinet/import/csv-body';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { openStore } from '@cabinet/postgres/store';
import { openService, readOpenApi, type ServiceOverrides, serve } from '@cabinet/service/service';
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

/** The composition root: the one place where the rooms of this service meet. */
export async function startPatient(config: Config, overrides: ServiceOverrides = {}): Promise<RunningProcess> {
  const service = await openService('patient', config, overrides);
  const { clock } = service;
  const store = openStore(service, {
    url: config.DATABASE_URL,
    entities: [PatientSchema, IdentifierSchema],
    migrations,
    facts: factTypes('patient'),
  });

  const patients = new PostgresPatients(store.orm, store.eventSource(toFact), clock);
  const find = new FindPatients(patients);
  const register = new RegisterPatient(patients, clock, config.CABINET_MODE);
  const change = new ChangePatient(patients, clock, config.CABINET_MODE);
  const merge = new MergePatients(patients, clock);
  const erase = new ErasePatient(patients, clock);
  const imports = new ImportPatients(patients, clock, config.CABINET_MODE);

  return serve(service, store, {
    openapi: readOpenApi(import.meta.url),
    errorCodes,
    controllers: [
      [PatientsController, () => new PatientsController(find, register, change)],
      [PatientIdentityController, () => new PatientIdentityController(find, merge, erase)],
      [PatientImportController, () => new PatientImportController(imports)],
    ],
    registerRoutes: RegisterRoutes,
    earlierIds: (patientId) => patients.earlierIds(patientId),
    hears: {
      types: factTypes,
      handlers: { appointment: keepVisitsWhenAnAppointmentChanges(store.orm, keepVisits) },
    },
    before: [csvBody({ path: '/api/patients/import', roles: ['admin'] })],
  });
}
