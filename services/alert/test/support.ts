import { randomUUID } from 'node:crypto';
import { Unavailable } from '@cabinet/kit/errors';
import { EventKeys } from '@cabinet/service/sidecar/signatures';
import pg from 'pg';
import { createDatabase } from '../../../tests/support/database.ts';
import { batchOf, eventKeys } from '../../../tests/support/events.ts';
import { type Answer, type Caller, caller, until } from '../../../tests/support/http.ts';
import { appApiToken, type ServiceUnderTest, startForTest, withMore } from '../../../tests/support/service.ts';
import { type Overrides, startAlert } from '../src/app.js';
import type { Config } from '../src/config.js';
import type { Reading } from '../src/domain/engine/reading.js';
import type { RuleDocument } from '../src/domain/engine/rule.js';
import type { Neighbours, ReadingLog } from '../src/domain/ports.js';

/** The practitioner service as the test wants it: everybody can be reached but those who are said not to. */
export class FakeNeighbours implements Neighbours {
  readonly unreachable = new Set<string>();
  isAway = false;

  async reachable(practitionerIds: readonly string[]): Promise<Set<string>> {
    if (this.isAway) throw new Unavailable('NEIGHBOUR.UNAVAILABLE', 'The practitioner service cannot be reached');
    return new Set(practitionerIds.filter((id) => !this.unreachable.has(id)));
  }
}

/** Readings as the wearable service keeps them. */
export class FakeReadingLog implements ReadingLog {
  readonly all: Reading[] = [];
  isAway = false;

  async patients(): Promise<string[]> {
    return [...new Set(this.all.map(({ patientId }) => patientId))];
  }

  async readings(patientId: string, codes: readonly string[], from: Date, to: Date): Promise<Reading[]> {
    if (this.isAway) throw new Unavailable('NEIGHBOUR.UNAVAILABLE', 'The wearable service cannot be reached');
    const isIn = ({ effectiveAt }: Reading) => new Date(effectiveAt) >= from && new Date(effectiveAt) <= to;
    return this.all.filter((each) => each.patientId === patientId && codes.includes(each.code) && isIn(each));
  }
}

const keys = {
  ...eventKeys,
  wearable: ['the key with which wearable signs in tests'],
  stream: ['the key with which the stream signs in tests'],
};
export const signing = new EventKeys(new Map(Object.entries(keys)));

export interface AlertService extends ServiceUnderTest {
  sql: pg.Pool;
  neighbours: FakeNeighbours;
  log: FakeReadingLog;
  /** Delivers readings as the own sidecar does, to one of the processes. */
  take(readings: Reading[], base?: string): Promise<Answer>;
  /** The kinds of what was told of an alert, or of all of a patient. */
  toldOf(id: string): string[];
}

export const now = '2026-11-20T10:00:00Z';

export async function startService(
  settings: Partial<Config> = {},
  more: Partial<Overrides> = {},
): Promise<AlertService> {
  const databaseUrl = await createDatabase('alert');
  const [neighbours, log] = [new FakeNeighbours(), new FakeReadingLog()];
  const service = await startForTest<Config, Overrides>(startAlert, {
    databaseUrl,
    now,
    settings: { EVENT_KEYS: keys, ...settings },
    overrides: { neighbours, readingLog: log, roundsEveryMs: 50, ...more },
  });
  const sql = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  const parts = {
    sql,
    neighbours,
    log,
    take(readings: Reading[], base = service.base) {
      const events = readings.map((data) => {
        const event = {
          id: randomUUID(),
          type: 'reading-taken',
          source: 'wearable',
          partitionkey: data.patientId,
          data,
        };
        return { ...event, signature: signing.sign('readings', event) };
      });
      return caller(base, { 'dapr-api-token': appApiToken })('POST', '/events/readings', batchOf(...events));
    },
    toldOf: (id: string) =>
      service.published
        .filter(({ data }) =>
          [data as Record<string, unknown>].some((each) => each.alertId === id || each.patientId === id),
        )
        .map(({ type }) => type),
  };
  return withMore(service, parts, () => sql.end());
}

const minute = 60_000;

/** A pulse of a patient, so many minutes after the test began. */
export const pulse = (patientId: string, minutes: number, value: number, more: Partial<Reading> = {}): Reading => {
  const at = new Date(Date.parse(now) + minutes * minute).toISOString();
  return {
    readingId: randomUUID(),
    patientId,
    code: '8867-4',
    unit: '/min',
    value,
    effectiveAt: at,
    receivedAt: at,
    certainty: 'sure',
    flags: [],
    ...more,
  };
};

export const documentFor = (practitionerId: string, changes: Partial<RuleDocument> = {}): RuleDocument => ({
  title: 'Pulse above 120',
  condition: { kind: 'level', code: '8867-4', unit: '/min', above: 120 },
  clear: { readings: 1, below: 110 },
  maxAgeMinutes: 30,
  priority: 'medium',
  steps: [{ afterMinutes: 0, to: [practitionerId] }],
  lastResort: { afterMinutes: 20, to: practitionerId },
  snoozeMinutesMax: 60,
  ...changes,
});

/** A practitioner of whom the service knows nothing but what a rule says. */
export async function buildDoctor(service: AlertService) {
  const practitionerId = randomUUID();
  const call = await service.as({ roles: ['practitioner'], practitionerId, sub: randomUUID() });
  return { practitionerId, call };
}

export async function turnOn(service: AlertService, changes: Record<string, unknown> = {}): Promise<void> {
  const admin = await service.as({ roles: ['admin'], sub: randomUUID() });
  const { body } = await admin('GET', '/api/alert-watch');
  const { isOn: _, zone, alertsADay, blindAfterMinutes, version } = body;
  const settings = { isOn: true, zone, alertsADay, blindAfterMinutes, ...changes };
  const answer = await admin('PUT', '/api/alert-watch', settings, { 'if-match': `"v${version}"` });
  if (answer.status !== 200) throw new Error(`not turned on: ${JSON.stringify(answer.body)}`);
}

/** Written and signed for, so that it runs. */
export async function enabledRule(
  call: Caller,
  document: RuleDocument,
  more: { patientId?: string; replaces?: string } = {},
): Promise<string> {
  const written = await call('POST', '/api/alert-rules', { document, ...more });
  if (written.status !== 201) throw new Error(`not written: ${JSON.stringify(written.body)}`);
  const { id } = written.body;
  const override = { reason: 'Signed for by a test of the service' };
  const enabled = await call('POST', `/api/alert-rules/${id}/enable`, { override });
  if (enabled.status !== 200) throw new Error(`not enabled: ${JSON.stringify(enabled.body)}`);
  return id;
}

/** The alerts of a patient that a practitioner sees, once they are as they should be. */
export async function alertsOnce(
  call: Caller,
  patientId: string,
  // biome-ignore lint/suspicious/noExplicitAny: an answer of any shape
  hold: (items: any[]) => boolean,
  // biome-ignore lint/suspicious/noExplicitAny: an answer of any shape
): Promise<any[]> {
  // biome-ignore lint/suspicious/noExplicitAny: an answer of any shape
  let items: any[] = [];
  await until(async () => {
    items = (await call('GET', `/api/alerts?patientId=${patientId}`)).body.items;
    return hold(items);
  });
  return items;
}
