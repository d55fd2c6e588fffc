import { factTypes } from '@cabinet/contracts';
import { csvBody } from '@cabinet/import/csv-body';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import { currentPatientId, earlierIds } from '@cabinet/postgres/gone-patients';
import { openStore } from '@cabinet/postgres/store';
import { openService, readOpenApi, type ServiceOverrides, serve } from '@cabinet/service/service';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';
import { AbsencesController } from './api/absences/absences.controller.js';
import { SlotsController } from './api/availability/slots.controller.js';
import { AgendaChangesController } from './api/booking/agenda-changes.controller.js';
import { AppointmentsController } from './api/booking/appointments.controller.js';
import { ImportsController } from './api/booking/imports.controller.js';
import { VisitAnswersController } from './api/booking/visit-answers.controller.js';
import { RegisterRoutes } from './api/generated/routes.js';
import { givePatientData } from './api/patient-data.js';
import { ResourcesController } from './api/schedule/resources.controller.js';
import { SchedulesController } from './api/schedule/schedules.controller.js';
import { SeriesController } from './api/series/series.controller.js';
import { openCalendars } from './calendars.js';
import type { Config } from './config.js';
import { PostgresAgendas } from './data/availability/postgres-agendas.js';
import { AppointmentSchema } from './data/booking/appointment.schema.js';
import { AppointmentCommits } from './data/booking/appointment-commits.js';
import { PostgresAgendaChanges } from './data/booking/postgres-agenda-changes.js';
import { PostgresAppointments } from './data/booking/postgres-appointments.js';
import type { ProviderPolicySettings } from './data/calendars/egress/provider-policies.js';
import { externalColumn } from './data/calendars/store/external-column.js';
import { DeceasedPatients } from './data/gone/deceased-patients.js';
import { PatientChanges } from './data/gone/patient-changes.js';
import { PractitionerChanges } from './data/gone/practitioner-changes.js';
import { DaprNeighbours } from './data/neighbours/dapr-neighbours.js';
import { DateHolidays } from './data/schedule/date-holidays.js';
import { PostgresResources } from './data/schedule/postgres-resources.js';
import { PostgresSchedules } from './data/schedule/postgres-schedules.js';
import { ResourceSchema } from './data/schedule/resource.schema.js';
import { deriveKey, Seal } from './data/sealed.js';
import { PostgresSeries } from './data/series/postgres-series.js';
import { MakeAbsent } from './domain/absences/make-absent.js';
import { AvailabilityFacts } from './domain/availability/availability-facts.js';
import { FindAgendas } from './domain/availability/find-agendas.js';
import { FindFreeSlots } from './domain/availability/find-free-slots.js';
import { AnswerVisit } from './domain/booking/answer-visit.js';
import { BookAppointment } from './domain/booking/book-appointment.js';
import { ChangeAppointment } from './domain/booking/change-appointment.js';
import { FindAppointments } from './domain/booking/find-appointments.js';
import { FollowAgendas } from './domain/booking/follow-agendas.js';
import { ImportAppointments } from './domain/booking/import-appointments.js';
import type { CalendarTimeouts } from './domain/calendars/keep-calendars.js';
import { Directory } from './domain/directory.js';
import { errorCodes } from './domain/error-codes.js';
import type { Neighbours } from './domain/neighbours.js';
import { KeepResources } from './domain/schedule/keep-resources.js';
import { KeepSchedule } from './domain/schedule/keep-schedule.js';
import { BookSeries } from './domain/series/book-series.js';
import { ChangeSeries } from './domain/series/change-series.js';
import { FindSeries } from './domain/series/find-series.js';
import { cancelVisitsWhenAPatientHasDied } from './events/cancel-visits-when-a-patient-has-died.js';
import { closeTheAgendaWhenAPractitionerLeaves } from './events/close-the-agenda-when-a-practitioner-leaves.js';
import { endCalendarsWhenAUserActsForAPractitionerNoLonger } from './events/end-calendars-when-a-user-acts-for-a-practitioner-no-longer.js';
import { followPatientWhenMergedOrErased } from './events/follow-patient-when-merged-or-erased.js';
import { toFact, toReceipt } from './events/published.js';
import { migrations } from './migrations/index.js';
import { openWaitingList } from './waiting-list.js';

/** Both hear every event; each notes by itself which it has handled. */
const inTurn =
  (...handlers: EventHandler[]): EventHandler =>
  async (events) => {
    for (const handle of handlers) await handle(events);
  };

/** What a test may put in place of the real part. */
export interface Overrides extends ServiceOverrides {
  neighbours?: Neighbours;
  /** With calendars that do not answer. */
  providerPolicies?: Partial<ProviderPolicySettings>;
  calendarTimeouts?: CalendarTimeouts;
  /** Pause between two rounds of offers to those who wait, in milliseconds. */
  offersEveryMs?: number;
}

/** The composition root: the one place where the rooms of this service meet. */
export async function startAppointment(config: Config, overrides: Overrides = {}): Promise<RunningProcess> {
  const service = await openService('appointment', config, overrides);
  const { clock, log, sidecar } = service;
  const store = openStore(service, {
    url: config.DATABASE_URL,
    entities: [AppointmentSchema, ResourceSchema],
    migrations,
    facts: factTypes('appointment'),
  });
  const { orm } = store;
  const events = store.eventSource(toFact);
  const commits = new AppointmentCommits(events);

  const neighbours = overrides.neighbours ?? new DaprNeighbours(sidecar, clock);
  const directory = new Directory(neighbours);
  const schedules = new PostgresSchedules(orm);
  const resources = new PostgresResources(orm);
  const holidays = new DateHolidays();
  const keepSchedule = new KeepSchedule(schedules, resources, holidays, directory, clock);
  const keepResources = new KeepResources(resources);

  const freshness = { staleAfterMs: config.CALENDAR_STALE_SECONDS * 1_000 };
  const agendas = new PostgresAgendas(orm, externalColumn(freshness));
  const facts = new AvailabilityFacts(agendas, schedules, resources, holidays, clock);
  const slots = new FindFreeSlots(facts, clock);
  const findAgendas = new FindAgendas(neighbours, directory);

  const appointments = new PostgresAppointments(orm, events, commits);
  const booking = new BookAppointment(appointments, facts, directory, slots, clock);
  const find = new FindAppointments(appointments, facts, clock);
  const change = new ChangeAppointment(appointments, find, facts, booking, directory, clock);
  const answers = new AnswerVisit({ appointments, change, facts, slots, directory, clock });
  const imports = new ImportAppointments(appointments, neighbours, facts, clock, config.CABINET_MODE);
  const series = new PostgresSeries(orm, events, commits);
  const findSeries = new FindSeries(series, appointments);
  const bookSeries = new BookSeries(appointments, series, facts, directory, clock);
  const changeSeries = new ChangeSeries(appointments, find, findSeries, facts, change, directory, clock);
  const previewSeal = new Seal(config.CALENDAR_SECRET, 'absences');
  const makeAbsent = new MakeAbsent(appointments, schedules, facts, directory, clock, previewSeal);

  const shared = { service, clock, orm, commits, appointments, schedules, facts, directory, find, change };
  const { providerPolicies, calendarTimeouts, offersEveryMs } = overrides;
  const waitingList = openWaitingList({ ...shared, events, offersEveryMs });
  const { auditTrail } = store;
  const calendars = openCalendars({
    ...shared,
    config,
    neighbours,
    freshness,
    providerPolicies,
    calendarTimeouts,
    auditTrail,
  });
  void store.prepared.then(() => {
    calendars.start();
    waitingList.start();
  });

  // Whoever needs the time of an expired hold releases it; this is for those whom nobody needs.
  const releasing = new PeriodicTask(() => appointments.releaseExpired(clock.now()), {
    everyMs: 60_000,
    failed: (error) => log.warn({ err: error }, 'holds not released'),
  }).start();
  service.closers.defer(() => releasing.stop());

  const followAgendas = new FollowAgendas(
    new PostgresAgendaChanges(orm),
    (error) => log.warn({ err: error }, 'changes of agendas not read'),
    clock,
  );
  commits.onCommitted(() => followAgendas.wake());
  service.closers.defer(() => followAgendas.stop());

  const freed = () => commits.freed();
  const deceased = new DeceasedPatients(events, clock);
  const patientChanges = new PatientChanges(events, store.eventSource(toReceipt), deceased, clock);
  return serve(service, store, {
    openapi: readOpenApi(import.meta.url),
    errorCodes,
    controllers: [
      [SchedulesController, () => new SchedulesController(keepSchedule)],
      [ResourcesController, () => new ResourcesController(keepResources)],
      [SlotsController, () => new SlotsController(findAgendas, slots)],
      [AgendaChangesController, () => new AgendaChangesController(followAgendas)],
      [AppointmentsController, () => new AppointmentsController(find, booking, change)],
      [VisitAnswersController, () => new VisitAnswersController(answers)],
      [ImportsController, () => new ImportsController(imports)],
      [SeriesController, () => new SeriesController(findSeries, bookSeries, changeSeries, find)],
      [AbsencesController, () => new AbsencesController(makeAbsent)],
      ...waitingList.controllers,
      ...calendars.controllers,
    ],
    registerRoutes: RegisterRoutes,
    earlierIds: (patientId) => earlierIds(orm.em.fork(), patientId),
    patientData: givePatientData({
      currentId: (patientId) => currentPatientId(orm.em.fork(), patientId),
      appointments,
      waiting: waitingList.list,
    }),
    hears: {
      types: factTypes,
      handlers: {
        patient: inTurn(
          followPatientWhenMergedOrErased(orm, patientChanges, freed),
          cancelVisitsWhenAPatientHasDied(orm, neighbours, deceased, freed),
        ),
        practitioner: closeTheAgendaWhenAPractitionerLeaves(
          orm,
          neighbours,
          new PractitionerChanges(events, clock),
          calendars,
          freed,
        ),
        auth: endCalendarsWhenAUserActsForAPractitionerNoLonger(orm, calendars),
      },
    },
    endsStreams: () => followAgendas.endAll(),
    // Of calendars elsewhere, and what Google gives to be handed back.
    body: { secrets: ['username', 'password', 'code', 'state'] },
    before: [csvBody({ path: '/api/appointments/import', roles: ['admin'] })],
    digestKey: deriveKey(config.CALENDAR_SECRET[0], 'idempotency'),
  });
}
