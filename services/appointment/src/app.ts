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
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';
import type { EventPublisher } from '@cabinet/service/sidecar/publish';
import { AbsencesController } from './api/absences/absences.controller.js';
import { SlotsController } from './api/availability/slots.controller.js';
import { AppointmentsController } from './api/booking/appointments.controller.js';
import { ImportsController } from './api/booking/imports.controller.js';
import { RegisterRoutes } from './api/generated/routes.js';
import { ResourcesController } from './api/schedule/resources.controller.js';
import { SchedulesController } from './api/schedule/schedules.controller.js';
import { SeriesController } from './api/series/series.controller.js';
import { joinCalendars } from './calendars.js';
import type { Config } from './config.js';
import { PostgresAgendas } from './data/availability/postgres-agendas.js';
import { AppointmentSchema } from './data/booking/appointment.schema.js';
import { PostgresAppointments } from './data/booking/postgres-appointments.js';
import { PostgresManyChanges } from './data/booking/postgres-many-changes.js';
import type { Telling } from './data/booking/store-and-tell.js';
import type { PatienceSettings } from './data/calendars/egress/patience.js';
import { externalColumn } from './data/calendars/store/external-column.js';
import { DeceasedPatients } from './data/gone/deceased-patients.js';
import { PatientChanges } from './data/gone/patient-changes.js';
import { PractitionerChanges } from './data/gone/practitioner-changes.js';
import { DaprNeighbours } from './data/neighbours/dapr-neighbours.js';
import { DateHolidays } from './data/schedule/date-holidays.js';
import { PostgresResources } from './data/schedule/postgres-resources.js';
import { PostgresSchedules } from './data/schedule/postgres-schedules.js';
import { ResourceSchema } from './data/schedule/resource.schema.js';
import { ScheduleSchema } from './data/schedule/schedule.schema.js';
import { deriveKey } from './data/sealed.js';
import { PostgresSeries } from './data/series/postgres-series.js';
import { MakeAbsent } from './domain/absences/make-absent.js';
import { FindAgendas } from './domain/availability/find-agendas.js';
import { FindFreeSlots } from './domain/availability/find-free-slots.js';
import { GatherFacts } from './domain/availability/gather-facts.js';
import { BookAppointment } from './domain/booking/book-appointment.js';
import { ChangeAppointment } from './domain/booking/change-appointment.js';
import { ImportAppointments } from './domain/booking/import-appointments.js';
import { Directory } from './domain/directory.js';
import { errorCodes } from './domain/error-codes.js';
import type { Neighbours } from './domain/neighbours.js';
import { KeepResources } from './domain/schedule/keep-resources.js';
import { KeepSchedule } from './domain/schedule/keep-schedule.js';
import { BookSeries } from './domain/series/book-series.js';
import { ChangeSeries } from './domain/series/change-series.js';
import { cancelVisitsWhenAPatientHasDied } from './events/cancel-visits-when-a-patient-has-died.js';
import { closeTheAgendaWhenAPractitionerLeaves } from './events/close-the-agenda-when-a-practitioner-leaves.js';
import { endCalendarsWhenAUserActsForAPractitionerNoLonger } from './events/end-calendars-when-a-user-acts-for-a-practitioner-no-longer.js';
import { followPatientWhenMergedOrErased } from './events/follow-patient-when-merged-or-erased.js';
import { toFact } from './events/published.js';
import { migrations } from './migrations/index.js';
import { joinWaitingList } from './waiting-list.js';

const source = 'appointment';

/** Both hear every event; each notes by itself which it has handled. */
const inTurn =
  (...handlers: EventHandler[]): EventHandler =>
  async (events) => {
    for (const handle of handlers) await handle(events);
  };

/** What a test may put in place of the real part. */
export interface Overrides {
  clock?: Clock;
  neighbours?: Neighbours;
  /** With calendars that do not answer. */
  patience?: Partial<PatienceSettings>;
  publisher?: EventPublisher;
  /** Pause between two rounds of offers to those who wait, in milliseconds. */
  offersEveryMs?: number;
}

/** The composition root: the one place where the rooms of this service meet. */
export async function startAppointment(config: Config, overrides: Overrides = {}): Promise<RunningProcess> {
  const service = await openService(source, config);
  const { log } = service;
  const clock = overrides.clock ?? systemClock;
  const sidecar = { httpPort: config.DAPR_HTTP_PORT, apiToken: config.DAPR_API_TOKEN };

  const { orm, database, told, hear } = openStore(service, {
    url: config.DATABASE_URL,
    entities: [AppointmentSchema, ResourceSchema, ScheduleSchema],
    migrations,
    facts: factTypes('appointment'),
    publisher: overrides.publisher,
  });
  const telling: Telling = {
    source,
    toFact,
    told(hasFreed = false) {
      told();
      elsewhere.wakeWriting();
      if (hasFreed) waiting.wakeOffering();
    },
  };
  const appointments = new PostgresAppointments(orm, telling);
  const schedules = new PostgresSchedules(orm);
  const neighbours = overrides.neighbours ?? new DaprNeighbours(sidecar, clock);
  const resources = new PostgresResources(orm);
  const holidays = new DateHolidays();
  const freshness = { staleAfterMs: config.CALENDAR_STALE_SECONDS * 1_000 };
  const facts = new GatherFacts(
    new PostgresAgendas(orm, externalColumn(freshness)),
    schedules,
    resources,
    holidays,
    clock,
  );
  const directory = new Directory(neighbours);
  const slots = new FindFreeSlots(facts, clock);
  const agendas = new FindAgendas(neighbours, directory);
  const booking = new BookAppointment(appointments, facts, directory, slots, clock);
  const change = new ChangeAppointment(appointments, facts, booking, directory, clock);
  const manyChanges = new PostgresManyChanges(orm, telling);
  const series = new BookSeries(appointments, new PostgresSeries(orm, telling), facts, directory, booking, clock);
  const changeSeries = new ChangeSeries(appointments, manyChanges, facts, change, directory, clock);
  const makeAbsent = new MakeAbsent(appointments, schedules, manyChanges, facts, directory, clock);
  const imports = new ImportAppointments(appointments, neighbours, facts, clock, config.CABINET_MODE);
  const keepSchedule = new KeepSchedule(schedules, resources, holidays, directory);
  const keepResources = new KeepResources(resources);

  const controllers: ControllerFactories = new Map<never, () => unknown>();
  const { patience, offersEveryMs } = overrides;
  const shared = {
    service,
    clock,
    orm,
    appointments,
    schedules,
    neighbours,
    facts,
    directory,
    change,
    controllers,
  };
  const elsewhere = joinCalendars({ ...shared, config, freshness, patience });
  const waiting = joinWaitingList({ ...shared, manyChanges, telling, offersEveryMs });
  void database.migrated.then(() => {
    elsewhere.start();
    waiting.start();
  });

  const hasFreed = () => telling.told(true);
  const hears = hear({
    handlers: {
      patient: inTurn(
        followPatientWhenMergedOrErased(orm, new PatientChanges(telling, clock), hasFreed),
        cancelVisitsWhenAPatientHasDied(orm, neighbours, new DeceasedPatients(telling, clock), hasFreed),
      ),
      practitioner: closeTheAgendaWhenAPractitionerLeaves(
        orm,
        new PractitionerChanges(telling, clock),
        elsewhere,
        hasFreed,
      ),
      auth: endCalendarsWhenAUserActsForAPractitionerNoLonger(elsewhere),
    },
    types: [...factTypes('patient'), ...factTypes('practitioner'), ...factTypes('auth')],
  });

  const release = () => appointments.releaseExpired(clock.now());
  // Whoever needs the time of an expired hold releases it; this is for those whom nobody needs.
  const releasing = setInterval(
    () => release().catch((error) => log.warn({ err: error }, 'holds not released')),
    60_000,
  );
  service.closers.add(async () => clearInterval(releasing));

  controllers.set(AbsencesController, () => new AbsencesController(makeAbsent));
  controllers.set(AppointmentsController, () => new AppointmentsController(appointments, booking, change));
  controllers.set(ImportsController, () => new ImportsController(imports));
  controllers.set(SeriesController, () => new SeriesController(series, changeSeries, change));
  controllers.set(SlotsController, () => new SlotsController(agendas, slots));
  controllers.set(SchedulesController, () => new SchedulesController(keepSchedule));
  controllers.set(ResourcesController, () => new ResourcesController(keepResources));
  const keptAnswers = new PostgresIdempotencyStore(orm, clock);
  const digestKey = deriveKey(config.CALENDAR_SECRET, 'idempotency');
  return serve(service, {
    openapi: JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')),
    errorCodes,
    // Of calendars elsewhere, and what Google gives to be handed back.
    body: { secrets: ['username', 'password', 'code', 'state'] },
    isReady: database.isReady,
    hears,
    before: [csvBody({ path: '/api/appointments/import', roles: ['admin'] })],
    routes(app) {
      provideControllers(app, controllers);
      app.use(auditRequests(new PostgresAuditTrail(orm), log, clock));
      app.use(idempotency(keptAnswers, service, { digestKey }));
      RegisterRoutes(app);
    },
  });
}
