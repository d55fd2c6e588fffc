import { readFileSync } from 'node:fs';
import { factTypes } from '@cabinet/contracts';
import { csvBody } from '@cabinet/import/csv-body';
import { type Clock, systemClock } from '@cabinet/kit/clock';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { PostgresIdempotencyStore } from '@cabinet/postgres/idempotency';
import { openStore } from '@cabinet/postgres/store';
import { type ControllerFactories, provideControllers } from '@cabinet/service/http/controllers';
import { idempotency } from '@cabinet/service/http/idempotency';
import { openService, serve } from '@cabinet/service/service';
import type { EventPublisher } from '@cabinet/service/sidecar/publish';
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

const source = 'practitioner';

/** What a test may put in place of the real part. */
export interface Overrides {
  clock?: Clock;
  publisher?: EventPublisher;
}

/** The composition root: the one place where the rooms of this service meet. */
export async function startPractitioner(config: Config, overrides: Overrides = {}): Promise<RunningProcess> {
  const service = await openService(source, config);
  const clock = overrides.clock ?? systemClock;

  const { orm, database, told } = openStore(service, {
    url: config.DATABASE_URL,
    entities: [PractitionerSchema],
    migrations,
    facts: factTypes('practitioner'),
    publisher: overrides.publisher,
  });
  const practitioners = new PostgresPractitioners(orm, { source, toFact, told });
  const find = new FindPractitioners(practitioners);
  const registration = new RegisterPractitioner(practitioners, clock);
  const change = new ChangePractitioner(practitioners, clock);
  const imports = new ImportPractitioners(practitioners, clock);

  const controllers: ControllerFactories = new Map<never, () => unknown>();
  controllers.set(PractitionersController, () => new PractitionersController(find, registration, change));
  controllers.set(PractitionerImportController, () => new PractitionerImportController(imports));

  return serve(service, {
    openapi: JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')),
    errorCodes,
    isReady: database.isReady,
    before: [csvBody({ path: '/api/practitioners/import', roles: ['admin'] })],
    routes(app) {
      provideControllers(app, controllers);
      app.post('/api/practitioners', idempotency(new PostgresIdempotencyStore(orm, clock), service));
      RegisterRoutes(app);
    },
  });
}
