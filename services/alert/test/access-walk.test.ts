import { randomUUID } from 'node:crypto';
import { type Fixture, type Made, type Standing, walkAccess } from '../../../tests/support/access-walk.ts';
import {
  type AlertService,
  alertsOnce,
  buildDoctor,
  documentFor,
  enabledRule,
  pulse,
  startService,
  turnOn,
} from './support.ts';

let service: AlertService;
const reason = 'Said by a test of who may do what';

/** An alert, a question and a rule of one patient, watched over by one practitioner. */
async function watched(): Promise<Made & { patientId: string; practitionerId: string; ruleId: string }> {
  const { practitionerId, call } = await buildDoctor(service);
  const patientId = randomUUID();
  const ruleId = await enabledRule(call, documentFor(practitionerId), { patientId });
  await service.take([pulse(patientId, 0, 150), pulse(patientId, 1, 900)]);
  const [alert] = await alertsOnce(call, patientId, (items) => items.length === 1);
  return { patientId, practitionerId, ruleId, params: { id: alert.id } };
}

const ofRule = async (): Promise<Made> => {
  const made = await watched();
  return { ...made, params: { id: made.ruleId } };
};

/** One that watches for missing readings, which alone is re-timed. */
async function gapRule(): Promise<Made> {
  const { practitionerId, call } = await buildDoctor(service);
  const patientId = randomUUID();
  const condition = { kind: 'gap' as const, code: '8867-4', minutes: 60 };
  const id = await enabledRule(call, documentFor(practitionerId, { condition, clear: undefined }), { patientId });
  await call('PUT', `/api/alert-rules/${id}/gap-timings`, { patientId, minutes: 90, reason });
  return { patientId, practitionerId, params: { id } };
}

async function asked(): Promise<Made> {
  const made = await watched();
  const { rows } = await service.sql.query('select id from question where patient_id = $1', [made.patientId]);
  return { ...made, params: { id: rows[0].id } };
}

async function silenced(): Promise<Made> {
  const { practitionerId, call } = await buildDoctor(service);
  const patientId = randomUUID();
  const until = '2026-11-21T10:00:00Z';
  const { body } = await call('POST', '/api/alert-silences', { patientId, upTo: 'low', until, reason });
  return { patientId, practitionerId, params: { id: body.id } };
}

const settings = async (): Promise<Made> => {
  const admin = await service.as({ roles: ['admin'], sub: randomUUID() });
  return { version: (await admin('GET', '/api/alert-watch')).body.version };
};

const unknown = async (): Promise<Made> => ({
  patientId: randomUUID(),
  practitionerId: randomUUID(),
  params: { id: randomUUID() },
});

const people = ({ patientId, practitionerId }: Made) => ({
  patientId: patientId as string,
  practitionerId: practitionerId as string,
});
const theirs: Standing = {
  name: 'who watches over it',
  claims: people,
  relations: (roles) => [
    ...(roles.includes('practitioner') ? (['care'] as const) : []),
    ...(roles.includes('patient') ? (['self'] as const) : (['other'] as const)),
  ],
};
const anothers: Standing = {
  name: 'another',
  claims: () => ({ patientId: randomUUID(), practitionerId: randomUUID() }),
  relations: () => ['other'],
};
/** Whoever lists or follows sees what they watch over, which may be nothing. */
const watcher: Standing = { ...theirs, relations: (roles) => (roles.includes('practitioner') ? ['care'] : ['other']) };

const both = (there: () => Promise<Made>): Fixture => ({ make: { there, unknown }, standings: [theirs, anothers] });

walkAccess({
  service: 'alert',
  async start() {
    service = await startService();
    await turnOn(service);
    return service;
  },
  fixtures: {
    alert: { make: { there: watched, unknown }, standings: [theirs] },
    alertExplanation: both(watched),
    alertCall: { make: { there: watched, unknown }, standings: [anothers] },
    alertChange: { make: { there: watched }, standings: [watcher] },
    alertRule: both(ofRule),
    alertRuleVersion: both(ofRule),
    backTest: both(ofRule),
    gapTiming: both(gapRule),
    alertSilence: both(silenced),
    alertQuestion: { make: { there: asked, unknown }, standings: [theirs] },
    alertSettings: { make: { there: settings }, standings: [anothers] },
    alertHeartbeat: { make: { there: settings }, standings: [anothers] },
  },
  requests: {
    'alerts.list': ({ patientId }) => ({ query: `patientId=${patientId}` }),
    'alerts.changes': () => ({ query: 'seconds=0' }),
    'alerts.snooze': () => ({ body: { minutes: 5 }, served: [409] }),
    'alerts.acknowledge': () => ({ served: [409] }),
    'alerts.handOver': () => ({ body: { practitionerId: randomUUID() }, served: [409] }),
    'rules.list': ({ patientId }) => ({ query: `patientId=${patientId}` }),
    'rules.write': ({ practitionerId, patientId }) => ({
      body: { document: documentFor(practitionerId as string), patientId },
    }),
    'rules.revise': ({ practitionerId }) => ({ body: { document: documentFor(practitionerId as string) } }),
    'rules.tryOut': ({ practitionerId, patientId }) => ({
      body: { document: documentFor(practitionerId as string), patientId, days: 1 },
    }),
    'rules.backTest': () => ({ body: { days: 1 } }),
    'rules.enable': () => ({ body: { override: { reason } } }),
    'rules.retime': ({ patientId }) => ({ body: { patientId, minutes: 60, reason } }),
    'rules.timings': ({ patientId }) => ({ query: `patientId=${patientId}` }),
    'silences.add': ({ patientId }) => ({
      body: { patientId, upTo: 'low', until: '2026-11-21T10:00:00Z', reason },
    }),
    'questions.answer': () => ({ body: { answer: 'wrong' } }),
    'watch.change': () => ({
      body: { isOn: true, zone: 'Europe/Paris', alertsADay: 2, blindAfterMinutes: 15 },
    }),
  },
});
