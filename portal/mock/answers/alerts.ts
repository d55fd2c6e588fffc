import {
  type Alert,
  type AlertNote,
  alerts,
  notes,
  questions,
  type Rule,
  type RuleDocument,
  readingsOf,
  rules,
  storeAlert,
  tested,
  timings,
  versions,
  watch,
} from '../alerts.ts';
import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, type Person } from '../people.ts';

const minuteMs = 60_000;

const mayAnswer = ({ roles }: Person): void => {
  if (!roles.includes('practitioner')) throw new Refused(403, 'ACCESS.ROLE_NOT_ALLOWED', 'This is not for you');
};

function alertIn({ who, path }: Asked<unknown>): Alert {
  mayAnswer(who);
  const alert = alerts.get(path.id ?? '');
  if (!alert) throw notFound('ALERT.NOT_FOUND');
  return alert;
}

function change(asked: Asked<unknown>, next: Partial<Alert>, note: Pick<AlertNote, 'kind' | 'details'>) {
  const alert = alertIn(asked);
  if (!alert.isActive) throw new Refused(409, 'ALERT.OVER', 'The alert is over');
  return { body: storeAlert({ ...alert, ...next }, { ...note, by: asked.who.id }) };
}

function ruleIn({ path }: Asked<unknown>): Rule {
  const rule = rules.get(path.id ?? '');
  if (!rule) throw notFound('ALERT_RULE.NOT_FOUND');
  return rule;
}

function storeRule(rule: Rule): Rule {
  rules.set(rule.id, rule);
  return rule;
}

/** A limit that is further away rings less often. */
function tried({ condition, steps }: RuleDocument, days: number) {
  const above = condition.kind === 'level' ? (condition.above ?? 120) : 120;
  const alerts = Math.max(0, Math.round(((160 - above) * days) / 40));
  const aDay = Math.round((alerts / days) * 100) / 100;
  return {
    ...{ from: new Date(Date.now() - days * 86_400_000).toISOString(), until: new Date().toISOString(), days },
    ...{ patients: 12, readings: 3_456 * days, alerts, alertsADay: aDay, alertsADayOfOne: aDay },
    ...{ atNight: Math.floor(alerts / 4), longestMinutes: 95, byPatient: [], late: 2, questions: 1 },
    called: (steps[0]?.to ?? []).map((practitionerId) => ({ practitionerId, times: alerts })),
  };
}

const ranks = { high: 0, medium: 1, low: 2 };

export const alertAnswers: Handler[] = [
  on('get', '/api/alerts', ({ who, query }) => {
    mayAnswer(who);
    const active = query.get('active');
    const items = [...alerts.values()]
      .filter(({ isActive }) => active === null || String(isActive) === active)
      .sort((a, b) => ranks[a.priority] - ranks[b.priority] || Date.parse(b.startedAt) - Date.parse(a.startedAt));
    return { body: { items } };
  }),
  on('get', '/api/alerts/{id}', (asked) => ({ body: alertIn(asked) })),
  on('get', '/api/alerts/{id}/why', (asked) => {
    const alert = alertIn(asked);
    const { id: alertId, patientId, ruleId, ruleVersion, since, startedAt } = alert;
    const rule = versions.get(ruleId)?.find(({ version }) => version === ruleVersion);
    if (!rule) throw notFound('ALERT_RULE.NOT_FOUND');
    const { document, author } = rule;
    const its = { alertId, patientId, ruleId, ruleVersion, since, startedAt, document, author };
    return { body: { ...its, readingIds: readingsOf(alert), missing: [], notes: notes.get(alertId) ?? [] } };
  }),
  on('post', '/api/alerts/{id}/acknowledge', (asked) => {
    const alert = alertIn(asked);
    if (alert.acknowledgedAt) return { body: alert };
    const answered = { acknowledgedAt: new Date().toISOString(), acknowledgedBy: asked.who.id };
    return change(asked, { status: 'acknowledged', ...answered }, { kind: 'acknowledged', details: {} });
  }),
  on('post', '/api/alerts/{id}/snooze', (asked) => {
    const { minutes } = asked.body;
    const most = rules.get(alertIn(asked).ruleId)?.document.snoozeMinutesMax ?? 0;
    if (minutes > most) throw new Refused(422, 'ALERT.SNOOZE_TOO_LONG', 'The alert cannot be snoozed for so long');
    const until = new Date(Date.now() + minutes * minuteMs).toISOString();
    return change(asked, { status: 'snoozed', snoozedUntil: until }, { kind: 'snoozed', details: { until } });
  }),
  on('post', '/api/alerts/{id}/hand-over', (asked) => {
    const ownerId = asked.body.practitionerId;
    const anew = { acknowledgedAt: undefined, acknowledgedBy: undefined, snoozedUntil: undefined };
    return change(asked, { status: 'open', ...anew, ownerId }, { kind: 'handed-over', details: { to: ownerId } });
  }),
  on('get', '/api/alert-questions', ({ who }) => {
    mayAnswer(who);
    return { body: { items: [...questions.values()] } };
  }),
  on('post', '/api/alert-questions/{id}/answer', ({ who, path }) => {
    mayAnswer(who);
    if (!questions.delete(path.id ?? '')) throw notFound('QUESTION.NOT_FOUND');
    return { status: 204, body: undefined };
  }),
  on('get', '/api/alert-rules', ({ who, query }) => {
    const patientId = query.get('patientId') ?? undefined;
    const isOwn = patientId !== undefined && who.patientId === patientId;
    if (!isOwn && !who.roles.some((role) => role === 'practitioner' || role === 'admin'))
      throw new Refused(403, 'ACCESS.NOT_YOUR_DATA', 'You may only see what watches yourself');
    const items = [...rules.values()].filter((each) => !each.patientId || each.patientId === patientId);
    return { body: { items } };
  }),
  on('post', '/api/alert-rules', ({ who, body }) => {
    const at = new Date().toISOString();
    const rule: Rule = {
      ...body,
      id: idOf(`rule ${rules.size} ${at}`),
      version: 1,
      author: who.id,
      at,
      createdAt: at,
      status: 'draft',
    };
    versions.set(rule.id, [rule]);
    return { status: 201, body: storeRule(rule) };
  }),
  on('post', '/api/alert-rules/try-out', ({ who, body }) => {
    mayAnswer(who);
    return { body: tried(body.document, body.days) };
  }),
  on('get', '/api/alert-rules/{id}', (asked) => ({ body: ruleIn(asked) })),
  on('put', '/api/alert-rules/{id}', (asked) => {
    const before = ruleIn(asked);
    if (asked.version() !== before.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
    const said = { document: asked.body.document, author: asked.who.id, at: new Date().toISOString() };
    const next = { ...before, ...said, version: before.version + 1 };
    versions.set(next.id, [next, ...(versions.get(next.id) ?? [])]);
    return { body: storeRule(next) };
  }),
  on('get', '/api/alert-rules/{id}/versions', (asked) => ({ body: { items: versions.get(ruleIn(asked).id) ?? [] } })),
  on('post', '/api/alert-rules/{id}/back-tests', (asked) => {
    mayAnswer(asked.who);
    const { id, version, document } = ruleIn(asked);
    tested.add(`${id} ${version}`);
    return { body: tried(document, asked.body.days) };
  }),
  on('post', '/api/alert-rules/{id}/enable', (asked) => {
    const rule = ruleIn(asked);
    if (!asked.body.override && !tested.has(`${rule.id} ${rule.version}`))
      throw new Refused(409, 'ALERT_RULE.NOT_TESTED', 'This version was not tested on stored readings');
    return { body: storeRule({ ...rule, status: 'enabled', enabledVersion: rule.version }) };
  }),
  on('post', '/api/alert-rules/{id}/disable', (asked) => {
    const rule = ruleIn(asked);
    if (rule.document.condition.kind === 'gap')
      throw new Refused(409, 'ALERT_RULE.GAP_STAYS', 'An alarm for missing readings is never switched off');
    return { body: storeRule({ ...rule, status: 'disabled' }) };
  }),
  on('get', '/api/alert-rules/{id}/gap-timings', (asked) => {
    const [{ id }, patientId] = [ruleIn(asked), asked.query.get('patientId')];
    return { body: { items: timings.filter((each) => each.ruleId === id && each.patientId === patientId) } };
  }),
  on('put', '/api/alert-rules/{id}/gap-timings', (asked) => {
    mayAnswer(asked.who);
    const rule = ruleIn(asked);
    if (rule.document.condition.kind !== 'gap') throw new Refused(409, 'ALERT_RULE.NO_GAP', 'The rule watches no gap');
    const timing = { ...asked.body, ruleId: rule.id, author: asked.who.id, at: new Date().toISOString() };
    timings.unshift(timing);
    return { body: timing };
  }),
  on('get', '/api/alert-watch', () => ({ body: watch.settings })),
  on('put', '/api/alert-watch', ({ who, body, version }) => {
    const before = watch.settings;
    if (version() !== before.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
    const said = { changedAt: new Date().toISOString(), changedBy: who.id, version: before.version + 1 };
    watch.settings = { ...before, ...body, ...said };
    return { body: watch.settings };
  }),
  on('get', '/api/alert-watch/heartbeat', () => {
    const asOf = new Date().toISOString();
    const beats = ['readings', 'rounds'].map((name) => ({ name, at: asOf }));
    return { body: { state: watch.settings.isOn ? 'seeing' : 'off', asOf, beats } };
  }),
];
