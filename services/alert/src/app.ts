import { factTypes } from '@cabinet/contracts';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import { currentPatientId, earlierIds } from '@cabinet/postgres/gone-patients';
import { openStore } from '@cabinet/postgres/store';
import { openService, readOpenApi, type ServiceOverrides, serve } from '@cabinet/service/service';
import { AlertsController } from './api/alerts.controller.js';
import { RegisterRoutes } from './api/generated/routes.js';
import { givePatientData } from './api/patient-data.js';
import { QuestionsController } from './api/questions.controller.js';
import { RulesController } from './api/rules.controller.js';
import { SilencesController } from './api/silences.controller.js';
import { WatchController } from './api/watch.controller.js';
import type { Config } from './config.js';
import { DaprNeighbours } from './data/dapr-neighbours.js';
import { DaprReadingLog } from './data/dapr-reading-log.js';
import { Escalation } from './data/escalation.js';
import { HeardPatientSchema } from './data/heard-patient.schema.js';
import { TellSight } from './data/heartbeats.js';
import { PatientChanges } from './data/patient-changes.js';
import { PostgresAlertChanges } from './data/postgres-alert-changes.js';
import { PostgresAlerts } from './data/postgres-alerts.js';
import { PostgresQuestions } from './data/postgres-questions.js';
import { PostgresRules } from './data/postgres-rules.js';
import { PostgresSettings } from './data/postgres-settings.js';
import { PostgresSilences } from './data/postgres-silences.js';
import { TakeCandidates } from './data/take-candidates.js';
import { TellRules } from './data/tell-rules.js';
import { countRuleFailures, observeWatch } from './data/watch-figures.js';
import { Watching } from './data/watching.js';
import { AnswerAlerts } from './domain/answer-alerts.js';
import { AnswerQuestions } from './domain/answer-questions.js';
import { BackTest } from './domain/back-test.js';
import { errorCodes } from './domain/error-codes.js';
import { FindAlerts } from './domain/find-alerts.js';
import { FollowAlerts } from './domain/follow-alerts.js';
import { KeepRules } from './domain/keep-rules.js';
import { KeepSettings } from './domain/keep-settings.js';
import { KeepSilences } from './domain/keep-silences.js';
import type { Neighbours, ReadingLog } from './domain/ports.js';
import { evaluateRulesWhenAReadingIsTaken } from './events/evaluate-rules-when-a-reading-is-taken.js';
import { followPatientWhenMergedOrErased } from './events/follow-patient-when-merged-or-erased.js';
import { toFact, toReceipt, toRulesInForce, toSight } from './events/published.js';
import { raiseAlertsWhenTheStreamDetectsThem } from './events/raise-alerts-when-the-stream-detects-them.js';
import { migrations } from './migrations/index.js';

/** What a test may put in place of the real part. */
export interface Overrides extends ServiceOverrides {
  neighbours?: Neighbours;
  readingLog?: ReadingLog;
  /** Pause between two looks for what is due, in milliseconds. */
  roundsEveryMs?: number;
}

/** How long between two looks for what is due, when nobody wakes us. */
const roundsEveryMs = 5_000;

/** The composition root: the one place where the rooms of this service meet. */
export async function startAlert(config: Config, overrides: Overrides = {}): Promise<RunningProcess> {
  const service = await openService('alert', config, overrides);
  const { clock, log, sidecar } = service;
  const store = openStore(service, {
    url: config.DATABASE_URL,
    entities: [HeardPatientSchema],
    migrations,
    facts: factTypes('alert'),
  });
  const { orm } = store;
  const events = store.eventSource(toFact);
  const receipts = store.eventSource(toReceipt);
  const neighbours = overrides.neighbours ?? new DaprNeighbours(sidecar);
  const telling = new TellRules(orm, store.eventSource(toRulesInForce), clock);
  const settings = new PostgresSettings(orm, telling);

  const found = new TakeCandidates(events);
  const ruleFailed = countRuleFailures(service.metrics, log);
  const watching = new Watching(orm, found, clock, ruleFailed);
  const escalation = new Escalation(orm, events, clock);
  const sight = new TellSight(orm, store.eventSource(toSight));
  const failed = (error: unknown) => log.warn({ err: error }, 'alerts wait');
  const follow = new FollowAlerts(new PostgresAlertChanges(orm), failed, clock);
  const rounds = new PeriodicTask(
    async () => {
      const failures: unknown[] = [];
      const look = (part: () => Promise<unknown>) => part().catch((error) => failures.push(error));
      await look(async () => {
        if (await watching.tickDue()) rounds.wake();
      });
      await look(() => escalation.round());
      await look(() => telling.tellAgain());
      follow.wake();
      // Without a heartbeat whoever looks from outside hears that it stands still.
      if (failures.length > 0) throw failures[0];
      await sight.look(clock.now());
    },
    { everyMs: overrides.roundsEveryMs ?? roundsEveryMs, restMs: 50, failed },
  );
  service.closers.defer(async () => {
    await rounds.stop();
    await follow.stop();
  });
  void store.prepared.then(() => rounds.start(0));
  const committed = () => {
    events.committed();
    rounds.wake();
  };

  const alerts = new PostgresAlerts(orm, events, clock, committed);
  const rules = new PostgresRules(orm, watching, telling);
  const questions = new PostgresQuestions(orm);
  const find = new FindAlerts(alerts, rules, clock);
  const answer = new AnswerAlerts(alerts, rules, neighbours, clock);
  const backTest = new BackTest(overrides.readingLog ?? new DaprReadingLog(sidecar, orm));
  const keepRules = new KeepRules(rules, neighbours, settings, backTest, clock);
  const keepSettings = new KeepSettings(settings, clock);
  const silences = new KeepSilences(new PostgresSilences(orm), rules, clock);
  const answerQuestions = new AnswerQuestions(questions, clock);
  observeWatch(service.metrics, orm, clock);

  return serve(service, store, {
    openapi: readOpenApi(import.meta.url),
    errorCodes,
    controllers: [
      [AlertsController, () => new AlertsController(find, answer, follow, clock)],
      [RulesController, () => new RulesController(keepRules)],
      [SilencesController, () => new SilencesController(silences, clock)],
      [QuestionsController, () => new QuestionsController(answerQuestions)],
      [WatchController, () => new WatchController(keepSettings, clock)],
    ],
    registerRoutes: RegisterRoutes,
    patientData: givePatientData({
      currentId: (patientId) => currentPatientId(orm.em.fork(), patientId),
      alerts,
      questions,
      rules,
      clock,
    }),
    earlierIds: (patientId) => earlierIds(orm.em.fork(), patientId),
    endsStreams: () => follow.endAll(),
    hears: {
      types: factTypes,
      handlers: {
        patient: followPatientWhenMergedOrErased(orm, new PatientChanges(receipts, telling), () =>
          receipts.committed(),
        ),
        readings: evaluateRulesWhenAReadingIsTaken(orm, watching, committed),
        'alerts-detected': raiseAlertsWhenTheStreamDetectsThem(orm, watching, committed),
      },
    },
  });
}
