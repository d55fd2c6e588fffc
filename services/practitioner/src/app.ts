import { factTypes } from '@cabinet/contracts';
import { csvBody } from '@cabinet/import/csv-body';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { openStore } from '@cabinet/postgres/store';
import { openService, readOpenApi, type ServiceOverrides, serve } from '@cabinet/service/service';
import { RegisterRoutes } from './api/generated/routes.js';
import { PractitionerImportController } from './api/practitioner-import.controller.js';
import { PractitionersController } from './api/practitioners.controller.js';
import type { Config } from './config.js';
import { PostgresPractitioners } from './data/postgres-practitioners.js';
import { PractitionerSchema } from './data/practitioner.schema.js';
import { ChangePractitioner } from './domain/change-practitioner.js';
import { errorCodes } from './domain/error-codes.js';
import { FindPractitioners } from './domain/find-practitioners.js';
import { ImportPractitioners } from './domain/import-practitioners.js';
import { RegisterPractitioner } from './domain/register-practitioner.js';
import { toFact } from './events/published.js';
import { migrations } from './migrations/index.js';

/** The composition root: the one place where the rooms of this service meet. */
export async function startPractitioner(config: Config, overrides: ServiceOverrides = {}): Promise<RunningProcess> {
  const service = await openService('practitioner', config, overrides);
  const { clock } = service;
  const store = openStore(service, {
    url: config.DATABASE_URL,
    entities: [PractitionerSchema],
    migrations,
    facts: factTypes('practitioner'),
  });

  const practitioners = new PostgresPractitioners(store.orm, store.eventSource(toFact));
  const find = new FindPractitioners(practitioners);
  const register = new RegisterPractitioner(practitioners, clock);
  const change = new ChangePractitioner(practitioners, clock);
  const imports = new ImportPractitioners(practitioners, clock);

  return serve(service, store, {
    openapi: readOpenApi(import.meta.url),
    errorCodes,
    controllers: [
      [PractitionersController, () => new PractitionersController(find, register, change)],
      [PractitionerImportController, () => new PractitionerImportController(imports)],
    ],
    registerRoutes: RegisterRoutes,
    before: [csvBody({ path: '/api/practitioners/import', roles: ['admin'] })],
  });
}
