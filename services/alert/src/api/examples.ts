import type { AlertResponse } from './alert.dto.js';
import type { BackTestResponse, RuleResponse } from './rule.dto.js';

const patientId = '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11';
const practitionerId = '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11';
const ruleId = '019a8f3e-7777-7c55-9b1c-3f1b8f5f2d11';
const alertId = '019a8f3e-8888-7c55-9b1c-3f1b8f5f2d11';

/** A made-up rule: an example, and no advice. */
export const aRule: RuleResponse = {
  id: ruleId,
  version: 1,
  document: {
    title: 'Pulse above 120 for a quarter of an hour',
    condition: { kind: 'level', code: '8867-4', unit: '/min', above: 120, sustained: { minutes: 15 } },
    clear: { readings: 2, below: 110 },
    maxAgeMinutes: 30,
    priority: 'high',
    steps: [{ afterMinutes: 0, to: [practitionerId] }],
    lastResort: { afterMinutes: 30, to: practitionerId },
    snoozeMinutesMax: 60,
  },
  author: '019a8f3e-3333-7c55-9b1c-3f1b8f5f2d11',
  at: '2026-11-20T09:00:00.000Z',
  status: 'enabled',
  enabledVersion: 1,
  createdAt: '2026-11-20T09:00:00.000Z',
};

/** A made-up alert. */
export const anAlert: AlertResponse = {
  id: alertId,
  version: 1,
  patientId,
  ruleId,
  ruleVersion: 1,
  priority: 'high',
  status: 'open',
  isActive: true,
  startedAt: '2026-11-20T14:05:00.000Z',
  since: '2026-11-20T13:50:00.000Z',
  raisedAt: '2026-11-20T14:05:02.000Z',
  count: 4,
  worst: 134,
  groupId: alertId,
};

/** A made-up back-test. */
export const aBackTest: BackTestResponse = {
  from: '2026-10-21T10:00:00.000Z',
  until: '2026-11-20T10:00:00.000Z',
  days: 30,
  patients: 12,
  readings: 103_680,
  alerts: 21,
  alertsADay: 0.7,
  alertsADayOfOne: 0.7,
  atNight: 5,
  longestMinutes: 95,
  byPatient: [{ patientId, alerts: 9 }],
  called: [{ practitionerId, times: 21 }],
  late: 2,
  questions: 1,
};
