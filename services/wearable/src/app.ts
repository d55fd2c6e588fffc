import { policy } from '@cabinet/access/table';
import { factTypes } from '@cabinet/contracts';
import { partBody } from '@cabinet/import/part-body';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import { earlierIds } from '@cabinet/postgres/gone-patients';
import { openStore } from '@cabinet/postgres/store';
import type { CareRelations } from '@cabinet/service/access/care-relations';
import { openService, readOpenApi, type ServiceOverrides, serve } from '@cabinet/service/service';
import { deviceMessages } from './api/device-messages.js';
import { DevicesController } from './api/devices.controller.js';
import { RegisterRoutes } from './api/generated/routes.js';
import { ImportsController } from './api/imports.controller.js';
import { givePatientData } from './api/patient-data.js';
import { ReadingsController } from './api/readings.controller.js';
import { sidecarStarts } from './api/sidecar-starts.js';
import type { Config } from './config.js';
import { takeOver } from './data/broker-session.js';
import { daprCareRelations } from './data/dapr-care-relations.js';
import { DeviceSchema, PairingSchema } from './data/device.schema.js';
import { PatientChanges } from './data/patient-changes.js';
import { PostgresDevices } from './data/postgres-devices.js';
import { PostgresFileImports } from './data/postgres-file-imports.js';
import { PostgresPatients } from './data/postgres-patients.js';
import { PostgresReadings } from './data/postgres-readings.js';
import { WhoMay } from './domain/access.js';
import { BackPressure } from './domain/back-pressure.js';
import { errorCodes } from './domain/error-codes.js';
import { FindReadings } from './domain/find-readings.js';
import { ImportFiles } from './domain/import-files.js';
import { KeepDevices } from './domain/keep-devices.js';
import { TakeReadings } from './domain/take-readings.js';
import { followPatientWhenMergedOrErased } from './events/follow-patient-when-merged-or-erased.js';
import { toFact, toHistoryFact, toReadingFact, toReceipt } from './events/published.js';
import { migrations } from './migrations/index.js';

/** What a test may put in place of the real part. */
export interface Overrides extends ServiceOverrides {
  relations?: CareRelations;
  /** How often files go that nobody goes on with. */
  forgetsEveryMs?: number;
}

const mebibyte = 1024 * 1024;
const partBytesMax = 4 * mebibyte;
const forgetsEveryMs = 60 * 60_000;

/** The composition root: the one place where the rooms of this service meet. */
export async function startWearable(config: Config, overrides: Overrides = {}): Promise<RunningProcess> {
  const service = await openService('wearable', config, overrides);
  const { clock, closers, log } = service;
  const store = openStore(service, {
    url: config.DATABASE_URL,
    entities: [DeviceSchema, PairingSchema],
    migrations,
    facts: [...factTypes('wearable'), ...factTypes('readings')],
  });
  const { orm } = store;

  const events = store.eventSource(toFact);
  const devices = new PostgresDevices(orm, events);
  const readings = new PostgresReadings(orm, store.eventSource(toReadingFact), store.eventSource(toHistoryFact));
  const patients = new PostgresPatients(orm);
  const relations = overrides.relations ?? daprCareRelations(service.sidecar, clock);
  const may = new WhoMay(patients, relations, clock);
  const limits = { inFlightMax: config.READINGS_IN_FLIGHT_MAX, untoldMax: config.READINGS_UNTOLD_MAX };
  const pressure = new BackPressure(limits, () => readings.untold());
  const keepDevices = new KeepDevices(devices, may, clock);
  const taking = new TakeReadings(readings, devices, may, pressure, clock);
  const find = new FindReadings(readings, may, clock);
  const files = new PostgresFileImports(orm);
  const imports = new ImportFiles(files, taking, may, clock);
  const changes = new PatientChanges(store.eventSource(toReceipt));
  const forgetting = new PeriodicTask(() => imports.forgetLeft(), {
    everyMs: overrides.forgetsEveryMs ?? forgetsEveryMs,
    failed: (error, inRow) => log.warn({ err: error, inRow }, 'files that nobody goes on with go later'),
  });
  void store.prepared.then(() => forgetting.start());
  closers.defer(() => forgetting.stop());

  const { MQTT_URL, MQTT_SESSION } = config;
  const session = MQTT_URL && MQTT_SESSION ? { url: new URL(MQTT_URL), session: MQTT_SESSION } : undefined;
  return serve(service, store, {
    openapi: readOpenApi(import.meta.url),
    errorCodes,
    controllers: [
      [DevicesController, () => new DevicesController(keepDevices)],
      [ReadingsController, () => new ReadingsController(taking, find)],
      [ImportsController, () => new ImportsController(imports)],
    ],
    registerRoutes: RegisterRoutes,
    patientData: givePatientData({ patients, devices, readings, imports: files }),
    earlierIds: (patientId) => earlierIds(orm.em.fork(), patientId),
    hears: {
      types: factTypes,
      handlers: { patient: followPatientWhenMergedOrErased(orm, changes, () => events.committed()) },
    },
    // A thousand readings, each with all that can be said of it.
    body: { jsonBytesMax: mebibyte, valuesMax: 30_000 },
    before: [
      deviceMessages(taking, service),
      ...(session ? [sidecarStarts(() => takeOver(session), service)] : []),
      partBody({
        path: '/api/readings/import',
        roles: [...policy.question('readingImport', 'run', 'rest').roles],
        bytesMax: partBytesMax,
        refusal: { code: 'IMPORT.NOT_BYTES', title: errorCodes['IMPORT.NOT_BYTES'].title },
      }),
    ],
  });
}
