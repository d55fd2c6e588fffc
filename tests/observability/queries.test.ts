import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { workTree } from '../../dev/cache.mjs';
import { prometheusFolder } from '../../dev/src/servers/prometheus.ts';
import { caller, until } from '../support/http.ts';
import { platform } from '../support/platform.ts';
import { addPractitioner, freeSlots, minutesAhead, query, registerPatient, signedInAs } from '../support/practice.ts';
import { type PrometheusStand, type Series, startPrometheus } from '../support/prometheus.ts';

const everySeconds = 1;
let prometheus: PrometheusStand;

beforeAll(async () => {
  prometheus = await startPrometheus(everySeconds);
  const lookedAt = platform()
    .processes()
    .filter(({ kind }) => kind !== 'server');
  await until(async () => (await prometheus.ask('up == 1')).length === lookedAt.length);
  // A rate needs two looks, one of them before.
  await useThePractice();
});

afterAll(() => prometheus?.stop());

/** Something of everything that the dashboards show, the refusals and the failure included. */
async function useThePractice(): Promise<void> {
  const [admin, secretary, bernard] = await Promise.all(['admin', 'secretary', 'dr.bernard'].map(signedInAs));
  if (!admin || !secretary || !bernard) throw new Error('nobody signed in');
  await caller(platform().url('gateway'))('POST', '/api/auth/login', {
    email: 'a@cabinet.test',
    password: 'wrong-one',
  });
  await missRecords(bernard);
  await watchReadings(admin);
  const [receiving, patient] = await Promise.all([addPractitioner(admin), registerPatient(secretary)]);
  const [first, other] = await freeSlots(secretary, receiving);
  const request = { ...receiving, placeId: undefined, patientId: patient.id };
  const book = async (start: string | undefined, overbook?: object) =>
    (await secretary('POST', '/api/appointments', { ...request, start, overbook })).body;
  const change = async ({ id }: { id: string }, how: string, body?: object) => {
    const answer = await secretary('POST', `/api/appointments/${id}/${how}`, body, { 'if-match': '"v1"' });
    expect([how, answer.status, answer.body.code]).toEqual([how, 200, undefined]);
  };
  // What becomes of a visit can be recorded when its time has come.
  const [now, soon] = minutesAhead(1, 31);
  const overbook = { reason: 'Came by' };
  const appointments = [await book(first), await book(soon, overbook), await book(now, overbook)];
  expect((await book(first)).code).toBe('APPOINTMENT.SLOT_TAKEN');
  await change(appointments[0], 'move', { start: other });
  await change(appointments[1], 'complete');
  await until(() => Date.now() >= Date.parse(now as string), 90_000);
  await change(appointments[2], 'miss');
  await change(await book(first), 'cancel', { reason: 'asked for it' });
  await bernard('GET', '/api/records?limit=1');
}

/** The practice turns its watch on, and a patient measures something. */
async function watchReadings(admin: Awaited<ReturnType<typeof signedInAs>>): Promise<void> {
  const seen = await admin('GET', '/api/alert-watch');
  const { zone, alertsADay, blindAfterMinutes } = seen.body;
  const etag = { 'if-match': seen.headers.get('etag') ?? '' };
  const answer = await admin('PUT', '/api/alert-watch', { isOn: true, zone, alertsADay, blindAfterMinutes }, etag);
  expect(answer.status).toBe(200);
  const alice = await signedInAs('alice');
  const { patientId } = (await alice('GET', '/api/auth/me')).body;
  const effectiveAt = new Date(Date.now() - 1_000).toISOString();
  const readings = [{ code: '8867-4', value: 71, unit: '/min', effectiveAt }];
  expect((await alice('POST', '/api/readings', { patientId, readings })).status).toBeLessThan(300);
}

/** Records are asked for while their service is away, and are there again. */
async function missRecords(bernard: Awaited<ReturnType<typeof signedInAs>>): Promise<void> {
  const status = async () => (await bernard('GET', '/api/records?limit=1')).status;
  await platform().stopProcess('record');
  try {
    expect(await status()).toBe(503);
  } finally {
    await platform().startProcess('record');
  }
  await until(async () => (await status()) !== 503);
}

interface Panel {
  title: string;
  targets?: { expr: string; datasource: { type: string } }[];
}

const queriesOf = (type: string) =>
  globSync('observability/grafana/dashboards/*.json', { cwd: workTree }).flatMap((file) => {
    const { title, panels }: { title: string; panels: Panel[] } = JSON.parse(
      readFileSync(join(workTree, file), 'utf8'),
    );
    return panels.flatMap((panel) =>
      (panel.targets ?? [])
        .filter(({ datasource }) => datasource.type === type)
        .map(({ expr }) => ({ where: `${title}: ${panel.title}`, expr })),
    );
  });

/** What Grafana puts in place of its variables when all processes are shown, and as long as this test may take. */
const asGrafanaAsks = (expr: string) =>
  expr.replaceAll('$app', '.+').replaceAll('$__rate_interval', '2m').replaceAll('$__range', '2m');

/** NaN is what a share of nothing is: no figure. */
const hasFigures = (series: Series[]) => series.some(({ value }) => !Number.isNaN(value));

const { groups } = parse(readFileSync(join(prometheusFolder, 'alerts.yml'), 'utf8'));
const alerts: { alert: string; expr: string }[] = groups.flatMap(({ rules }: { rules: object[] }) => rules);
const comparison = /\s(?:==|>|<)\s[\d.]+\s*$/;

describe.concurrent('every query of a dashboard', () => {
  it.each(queriesOf('prometheus'))('$where', async ({ expr }) => {
    await until(async () => hasFigures(await prometheus.ask(asGrafanaAsks(expr))), 20_000);
  });

  it('for logs asks by the labels that logs have', () => {
    for (const { where, expr } of queriesOf('loki')) {
      const labels = [...expr.matchAll(/(\w+)\s*=~?/g)].map(([, label]) => label);
      expect([where, labels.filter((label) => !['app', 'env', 'level'].includes(label ?? ''))]).toEqual([where, []]);
    }
  });
});

describe.concurrent('every alert', () => {
  // While all is well an alert gives nothing, and so does one that asks for what does not exist. What stands before its
  // comparison must give something; that it then fires is shown by alerts.test.yml.
  it.each(alerts)('$alert has something to compare', async ({ expr }) => {
    expect(expr).toMatch(comparison);
    await until(async () => hasFigures(await prometheus.ask(expr.replace(comparison, ''))), 20_000);
  });

  it('is understood by Prometheus, and fires in its own tests', async () => {
    const promtool = (...args: string[]) => promisify(execFile)(prometheus.promtool, args, { cwd: prometheusFolder });
    await promtool('check', 'config', 'prometheus.yml');
    await promtool('test', 'rules', 'alerts.test.yml');
    const rules = await prometheus.rules();
    expect(rules.map(({ name }) => name).sort()).toEqual(alerts.map(({ alert }) => alert).sort());
    expect(rules.filter(({ health, lastError }) => health === 'err' || lastError)).toEqual([]);
  });
});

describe('the labels of all series', () => {
  it('hold no id and nothing of a person', async () => {
    const people = await query<{ family_name: string }>('patient', 'select family_name from patient limit 500');
    const names = new Set(people.map(({ family_name }) => family_name.toLowerCase()));
    const values = await prometheus.labelValues();
    expect(values.length).toBeGreaterThan(50);
    for (const value of values) {
      expect(value).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|@|\d{7,}/i);
      expect(names.has(value.toLowerCase())).toBe(false);
    }
  });
});
