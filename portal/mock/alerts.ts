import type { alertApi } from '@cabinet/contracts';
import { idOf, patients, people, practitioners, since } from './people.ts';
import { highSince, readingIdOf } from './readings.ts';

export type Alert = alertApi.components['schemas']['AlertResponse'];
export type AlertNote = alertApi.components['schemas']['AlertNoteDto'];
export type Rule = alertApi.components['schemas']['RuleResponse'];
export type RuleDocument = alertApi.components['schemas']['RuleDocumentDto'];
type Question = alertApi.components['schemas']['QuestionResponse'];
type WatchSettings = alertApi.components['schemas']['WatchSettingsResponse'];

const [bernard, colleague] = practitioners.map(({ id }) => id) as [string, string];
const author = people.find(({ email }) => email.startsWith('dr.bernard'))?.id as string;
const [alice, second, third] = patients.map(({ id }) => id) as [string, string, string];
const minuteMs = 60_000;
const ago = (minutes: number): string => new Date(Date.now() - minutes * minuteMs).toISOString();

const told = {
  ...{ maxAgeMinutes: 30, snoozeMinutesMax: 60, steps: [{ afterMinutes: 0, to: [bernard] }] },
  lastResort: { afterMinutes: 30, to: colleague },
};

const documents: RuleDocument[] = [
  {
    ...told,
    ...{ title: 'Pulse above 120 for a quarter of an hour', priority: 'high', clear: { readings: 2, below: 110 } },
    condition: { kind: 'level', code: '8867-4', unit: '/min', above: 120, sustained: { minutes: 15 } },
  },
  {
    ...told,
    ...{ title: 'Two kilograms more in two days', priority: 'medium', clear: { readings: 1 } },
    condition: { kind: 'rate', code: '29463-7', unit: 'kg', rises: 2, withinMinutes: 1_440 },
  },
  {
    ...told,
    ...{ title: 'No pulse for a day', priority: 'low' },
    condition: { kind: 'gap', code: '8867-4', minutes: 1_440 },
  },
];

const ruleOf = (document: RuleDocument, status: Rule['status'], more: Partial<Rule> = {}): Rule => ({
  ...{
    id: idOf(`rule ${document.title} ${more.patientId ?? ''}`),
    version: 1,
    document,
    author,
    at: since,
    createdAt: since,
  },
  ...{ status, ...(status === 'enabled' && { enabledVersion: 1 }) },
  ...more,
});

/** Of patients who have nothing else: each form that turns one on has another. */
export const draftRules: Rule[] = patients
  .slice(30, 42)
  .map(({ id }) =>
    ruleOf({ ...(documents[0] as RuleDocument), title: 'Pulse after the operation' }, 'draft', { patientId: id }),
  );

export const rules = new Map<string, Rule>(
  [...documents.map((document, nth) => ruleOf(document, nth === 1 ? 'draft' : 'enabled')), ...draftRules].map(
    (rule) => [rule.id, rule],
  ),
);
export const [pulseRule, weightRule, gapRule] = [...rules.values()] as [Rule, Rule, Rule];
/** Of each rule all that it said, the newest first. */
export const versions = new Map<string, Rule[]>([...rules.values()].map((rule) => [rule.id, [rule]]));
/** Who gave patients another time in which readings are missed, the latest first. */
export const timings: alertApi.components['schemas']['GapTimingResponse'][] = [];
/** Which versions were tested. */
export const tested = new Set<string>();

const alertOf = (patientId: string, rule: Rule, minutes: number, more: Partial<Alert> = {}): Alert => {
  const id = idOf(`alert ${rule.id} of ${patientId} ${more.status ?? ''}`);
  return {
    ...{ id, version: 1, patientId, ruleId: rule.id, ruleVersion: 1, priority: rule.document.priority, status: 'open' },
    ...{
      isActive: true,
      startedAt: ago(minutes),
      since: ago(minutes + 15),
      raisedAt: ago(minutes),
      count: 4,
      worst: 134,
    },
    groupId: id,
    ...more,
  };
};

/** By id: one of each urgency that waits, one that came too late, one that is over. */
export const alerts = new Map<string, Alert>(
  [
    alertOf(alice, pulseRule, 85, { since: new Date(highSince).toISOString(), count: 6 }),
    alertOf(second, weightRule, 200, { worst: 2.4, count: 1 }),
    alertOf(third, gapRule, 30, { count: 0, worst: 1_440 }),
    alertOf(third, pulseRule, 3_000, { status: 'cleared', isActive: false, clearedAt: ago(2_900) }),
    alertOf(second, pulseRule, 4_000, { status: 'late', isActive: false }),
  ].map((alert) => [alert.id, alert]),
);
export const [firstAlert] = [...alerts.values()] as [Alert];

export const notes = new Map<string, AlertNote[]>(
  [...alerts.values()].map(({ id, raisedAt, status }) => [
    id,
    status === 'late'
      ? [{ at: raisedAt, kind: 'came-late', details: {} }]
      : [
          { at: raisedAt, kind: 'raised', details: {} },
          { at: raisedAt, kind: 'called', details: { step: 0, isLastResort: false, recipients: [bernard] } },
        ],
  ]),
);

/** Ids of the readings that led to one. */
export const readingsOf = ({ patientId, ruleId, since: from }: Alert): string[] =>
  ruleId === pulseRule.id
    ? [0, 1, 2].map((nth) => readingIdOf(patientId, '8867-4', Date.parse(from) + nth * 15 * minuteMs))
    : [];

export const questions = new Map<string, Question>(
  (['owner', 'value'] as const).flatMap((doubt) =>
    patients.slice(0, 12).map(({ id: patientId }): [string, Question] => {
      const id = idOf(`question ${doubt} of ${patientId}`);
      const code = doubt === 'owner' ? '8480-6' : '8867-4';
      return [id, { id, patientId, code, doubt, readingIds: [], count: 3, askedAt: ago(400), lastAt: ago(90) }];
    }),
  ),
);

export const watch: { settings: WatchSettings } = {
  settings: {
    ...{ version: 3, isOn: true, engine: 'service', zone: 'Europe/Paris', alertsADay: 2, blindAfterMinutes: 30 },
    ...{ firstOnAt: since, changedAt: since, changedBy: people.find(({ email }) => email.startsWith('admin'))?.id },
  },
};

/** Which alerts have changed, in order; who comes back hears what they missed. */
export const alertChanges: string[] = [];
const hearers = new Set<() => void>();
export const onAlertChange = (hearer: () => void): (() => void) => {
  hearers.add(hearer);
  return () => hearers.delete(hearer);
};

/** Stores an alert, and tells who follows. */
export function storeAlert(alert: Alert, note: Omit<AlertNote, 'at'>): Alert {
  const next = { ...alert, version: alert.version + 1 };
  alerts.set(next.id, next);
  notes.set(next.id, [...(notes.get(next.id) ?? []), { at: new Date().toISOString(), ...note }]);
  alertChanges.push(next.id);
  for (const hearer of hearers) hearer();
  return next;
}
