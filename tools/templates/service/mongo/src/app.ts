import { factTypes } from '@cabinet/contracts';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { openMongoStore } from '@cabinet/mongo/store';
import { openService, readOpenApi, type ServiceOverrides, serve } from '@cabinet/service/service';
import { RegisterRoutes } from './api/generated/routes.js';
import { givePatientData } from './api/patient-data.js';
import { SomeThingsController } from './api/some-things.controller.js';
import type { Config } from './config.js';
import { MongoSomeThings } from './data/mongo-some-things.js';
import { SomeThingSchema, someThingCollection } from './data/some-thing.schema.js';
import { ChangeSomeThing } from './domain/change-some-thing.js';
import { errorCodes } from './domain/error-codes.js';
import { FindSomeThings } from './domain/find-some-things.js';
import { RecordSomeThing } from './domain/record-some-thing.js';
import { followPatientWhenMergedOrErased } from './events/follow-patient-when-merged-or-erased.js';
import { toFact, toReceipt } from './events/published.js';

/** The composition root: the one place where the rooms of this service meet. */
export async function startSomeThing(config: Config, overrides: ServiceOverrides = {}): Promise<RunningProcess> {
  const service = await openService('some-thing', config, overrides);
  const { clock } = service;
  const store = openMongoStore(service, {
    url: config.DATABASE_URL,
    entities: [SomeThingSchema],
    documents: someThingCollection,
    facts: factTypes('some-thing'),
  });

  const someThings = new MongoSomeThings(store, store.eventSource(toFact));
  const find = new FindSomeThings(someThings);
  const recording = new RecordSomeThing(someThings, clock);
  const change = new ChangeSomeThing(someThings, find, clock);

  return serve(service, store, {
    openapi: readOpenApi(import.meta.url),
    errorCodes,
    controllers: [[SomeThingsController, () => new SomeThingsController(find, recording, change)]],
    registerRoutes: RegisterRoutes,
    patientData: givePatientData({ currentId: (patientId) => someThings.currentPatientId(patientId), someThings }),
    earlierIds: (patientId) => someThings.earlierIds(patientId),
    hears: {
      types: factTypes,
      handlers: { patient: followPatientWhenMergedOrErased(someThings, (receipt) => store.tell(toReceipt(receipt))) },
    },
  });
}
