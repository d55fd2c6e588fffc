import { factTypes, receiptTopics } from '@cabinet/contracts';
import { csvBody } from '@cabinet/import/csv-body';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import { openStore } from '@cabinet/postgres/store';
import { tellAccesses } from '@cabinet/service/audit/tell-accesses';
import { witness } from '@cabinet/service/audit/witness';
import { openService, readOpenApi, type ServiceOverrides, serve } from '@cabinet/service/service';
import { ComingOfAgeController } from './api/coming-of-age.controller.js';
import { ErasuresController } from './api/erasures.controller.js';
import { RegisterRoutes } from './api/generated/routes.js';
import { LegalHoldsController } from './api/legal-holds.controller.js';
import { givePatientData } from './api/patient-data.js';
import { PatientIdentityController } from './api/patient-identity.controller.js';
import { PatientImportController } from './api/patient-import.controller.js';
import { PatientMatchesController } from './api/patient-matches.controller.js';
import { PatientsController } from './api/patients.controller.js';
import { RelatedPersonsController } from './api/related-persons.controller.js';
import { SecurityLabelsController } from './api/security-labels.controller.js';
import { reviewingActions, UnusualAccessesController } from './api/unusual-accesses.controller.js';
import type { Config } from './config.js';
import { DaprColleagues } from './data/dapr-colleagues.js';
import { observeErasures } from './data/erasure-figures.js';
import { IdentifierSchema, PatientSchema } from './data/patient.schema.js';
import { PostgresAccessWatch } from './data/postgres-access-watch.js';
import { PostgresAgeWatch } from './data/postgres-age-watch.js';
import { keepReceipt, PostgresErasures } from './data/postgres-erasures.js';
import { PostgresPatients } from './data/postgres-patients.js';
import { PostgresUnusualAccesses } from './data/postgres-unusual-accesses.js';
import { RelatedPersonSchema } from './data/related-person.schema.js';
import { observeUnusualAccesses } from './data/unusual-access-figures.js';
import { keepVisits } from './data/visit-table.js';
import { Ages } from './domain/ages.js';
import { ChangePatient } from './domain/change-patient.js';
import { ComingOfAge } from './domain/coming-of-age.js';
import { ErasePatient } from './domain/erase-patient.js';
import { errorCodes } from './domain/error-codes.js';
import { FindErasures } from './domain/find-erasures.js';
import { FindPatients } from './domain/find-patients.js';
import { FollowAges } from './domain/follow-ages.js';
import { HoldPatient } from './domain/hold-patient.js';
import { ImportPatients } from './domain/import-patients.js';
import { KeepRelatedPersons } from './domain/keep-related-persons.js';
import { LabelPatient } from './domain/label-patient.js';
import { MatchPerson } from './domain/match-person.js';
import { MergePatients } from './domain/merge-patients.js';
import { PracticeHours } from './domain/practice-hours.js';
import { RegisterPatient } from './domain/register-patient.js';
import { ReviewAccesses } from './domain/review-accesses.js';
import { ReviewSample } from './domain/unusual-access.js';
import { WatchAccesses } from './domain/watch-accesses.js';
import { keepReceiptsWhenAServiceHasErasedAPatient } from './events/keep-receipts-when-a-service-has-erased-a-patient.js';
import { keepVisitsWhenAnAppointmentChanges } from './events/keep-visits-when-an-appointment-changes.js';
import { toFact, toRelatedFact } from './events/published.js';
import { migrations } from './migrations/index.js';

/** What a test may put in place of the real part. */
export interface Overrides extends ServiceOverrides {
  /** Pause between two looks at who reaches an age, in milliseconds. */
  agesEveryMs?: number;
  /** Pause between two looks at the own audit trail, in milliseconds. */
  accessesEveryMs?: number;
  /** Pause between two removals of what is old of unusual accesses, in milliseconds. */
  forgetsEveryMs?: number;
}

/** An age is reached at the beginning of a day: nobody waits much longer for what follows from it. */
const agesEveryMs = 600_000;
const forgetsEveryMs = 3_600_000;

/** The composition root: the one place where the rooms of this service meet. */
export async function startPatient(config: Config, overrides: Overrides = {}): Promise<RunningProcess> {
  const service = await openService('patient', config, overrides);
  const { clock, log, closers } = service;
  const store = openStore(service, {
    url: config.DATABASE_URL,
    entities: [PatientSchema, IdentifierSchema, RelatedPersonSchema],
    migrations,
    facts: factTypes('patient'),
  });

  const ages = new Ages(config.PRACTICE_ZONE, config.FAMILY_AGES);
  const events = store.eventSource(toFact);
  const patients = new PostgresPatients(store.orm, events, store.eventSource(toRelatedFact), clock);
  const find = new FindPatients(patients, clock, ages);
  const register = new RegisterPatient(patients, clock, config.CABINET_MODE);
  const change = new ChangePatient(patients, clock, config.CABINET_MODE, ages);
  const merge = new MergePatients(patients, clock, ages);
  const erase = new ErasePatient(patients, clock, receiptTopics());
  const hold = new HoldPatient(patients, clock);
  const findErasures = new FindErasures(patients, new PostgresErasures(store.orm), clock);
  observeErasures(service.metrics, store.orm, clock);
  const related = new KeepRelatedPersons(patients, clock, ages);
  const comingOfAge = new ComingOfAge(patients, new PostgresAgeWatch(store.orm, events), clock, ages);
  const followAges = new FollowAges(patients, clock, ages);
  const imports = new ImportPatients(patients, clock, config.CABINET_MODE);

  const tellingAges = new PeriodicTask(() => comingOfAge.tell(), {
    everyMs: overrides.agesEveryMs ?? agesEveryMs,
    failed: (error, inRow) => log.warn({ err: error, inRow }, 'who reaches an age is told later'),
  });
  void store.prepared.then(() => tellingAges.start(0));
  closers.defer(() => tellingAges.stop());
  const followingAges = new PeriodicTask(
    async () => {
      const guardians = await followAges.follow();
      if (guardians > 0) log.info({ guardians }, 'the ages of the practice hold for guardians of before');
    },
    {
      everyMs: overrides.agesEveryMs ?? agesEveryMs,
      failed: (error, inRow) =>
        log.warn({ err: error, inRow }, 'the ages of the practice hold for all guardians later'),
    },
  );
  void store.prepared.then(() => followingAges.start(0));
  closers.defer(() => followingAges.stop());

  const label = new LabelPatient(patients, clock);
  const unusual = new PostgresUnusualAccesses(store.orm);
  const review = new ReviewAccesses(unusual, clock);
  const hours = new PracticeHours(config.PRACTICE_HOURS, config.PRACTICE_ZONE);
  const sample = new ReviewSample(config.AUDIT_KEYS[0], config.REVIEW_SHARE_PERCENT);
  const colleagues = new DaprColleagues(service.sidecar, clock);
  const watch = new WatchAccesses(new PostgresAccessWatch(store.orm), colleagues, hours, sample, clock);
  // As serve has it: what auth has of patients is whom they sign in as.
  const telling = [service.name, ...receiptTopics().filter((topic) => topic !== witness)];
  observeUnusualAccesses(service.metrics, store.orm, clock, telling);
  const watching = tellAccesses(
    store.auditTrail,
    (told) => watch.take(told, { id: service.name }),
    service,
    overrides.accessesEveryMs,
  );
  void store.prepared.then(() => watching.start());
  closers.defer(() => watching.stop());
  const forgetting = new PeriodicTask(() => watch.forgetOld(), {
    everyMs: overrides.forgetsEveryMs ?? forgetsEveryMs,
    failed: (error, inRow) => log.warn({ err: error, inRow }, 'what is old of unusual accesses goes later'),
  });
  void store.prepared.then(() => forgetting.start());
  closers.defer(() => forgetting.stop());

  const keepVisitsOf = keepVisitsWhenAnAppointmentChanges(store.orm, keepVisits);
  const keepReceipts = keepReceiptsWhenAServiceHasErasedAPatient(store.orm, keepReceipt, clock);

  return serve(service, store, {
    openapi: readOpenApi(import.meta.url),
    errorCodes,
    controllers: [
      [ComingOfAgeController, () => new ComingOfAgeController(comingOfAge)],
      [PatientsController, () => new PatientsController(find, register, change)],
      [PatientMatchesController, () => new PatientMatchesController(new MatchPerson(patients))],
      [PatientIdentityController, () => new PatientIdentityController(find, merge, erase)],
      [RelatedPersonsController, () => new RelatedPersonsController(related, clock)],
      [ErasuresController, () => new ErasuresController(findErasures, clock)],
      [LegalHoldsController, () => new LegalHoldsController(hold)],
      [SecurityLabelsController, () => new SecurityLabelsController(label)],
      [UnusualAccessesController, () => new UnusualAccessesController(watch, review, clock)],
      [PatientImportController, () => new PatientImportController(imports)],
    ],
    registerRoutes: RegisterRoutes,
    earlierIds: (patientId) => patients.earlierIds(patientId),
    patientData: givePatientData(find, related, label, clock),
    keepSubjects: async (caller) => ({ actions: reviewingActions, subjects: await review.patientsKeptFrom(caller) }),
    hears: {
      types: factTypes,
      handlers: {
        ...Object.fromEntries(receiptTopics().map((topic) => [topic, keepReceipts])),
        appointment: async (events) => {
          await keepVisitsOf(events);
          await keepReceipts(events);
        },
      },
    },
    before: [csvBody({ path: '/api/patients/import', roles: ['admin'] })],
  });
}
