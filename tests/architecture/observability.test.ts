import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readRunFile } from '../../dev/src/run-file.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const { apps } = readRunFile();

describe('what Prometheus reads', () => {
  const prometheus = parse(read('observability/prometheus/prometheus.yml'));
  const targetsOf = (job: string) =>
    prometheus.scrape_configs
      .find((each: { job_name: string }) => each.job_name === job)
      .static_configs.flatMap(({ targets }: { targets: string[] }) => targets)
      .sort();

  it('is every process', () => {
    expect(targetsOf('process')).toEqual(apps.map(({ name, ports }) => `${name}:${ports.app}`).sort());
  });

  it('is every sidecar', () => {
    expect(targetsOf('sidecar')).toEqual(apps.map(({ name }) => `${name}:9090`).sort());
  });

  it('has its rules in files that exist', () => {
    for (const file of prometheus.rule_files) {
      expect([file, existsSync(join(root, 'observability/prometheus', file))]).toEqual([file, true]);
    }
  });
});

describe('every alert', () => {
  const { groups } = parse(read('observability/prometheus/alerts.yml'));
  const alerts: { alert: string; expr: string }[] = groups.flatMap(({ rules }: { rules: object[] }) => rules);
  const cases: { alert_rule_test: { alertname: string; exp_alerts?: object[] }[] }[] = parse(
    read('observability/prometheus/alerts.test.yml'),
  ).tests;

  it('is seen to be raised in its own tests', () => {
    const raised = cases.flatMap((each) => each.alert_rule_test.filter((test) => test.exp_alerts?.length));
    expect(new Set(raised.map(({ alertname }) => alertname))).toEqual(new Set(alerts.map(({ alert }) => alert)));
  });

  it('says in docs/operate.md what to do', () => {
    for (const { alert } of alerts) expect(read('docs/operate.md')).toContain(`| \`${alert}\` |`);
  });
});

describe('every dashboard', () => {
  const folder = 'observability/grafana/dashboards';
  const dashboards = globSync(`${folder}/*.json`, { cwd: root }).map((file) => JSON.parse(read(file)));
  const sources = parse(read('observability/grafana/datasources/datasources.yml')).datasources;

  it('has an address of its own, and asks the sources that Grafana is given', () => {
    expect(dashboards.length).toBeGreaterThan(0);
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
    const given = sources.map(({ uid, type }: { uid: string; type: string }) => ({ uid, type }));
    const queries = dashboards.flatMap(({ panels }) => panels).flatMap(({ targets = [] }) => targets);
    expect(queries.length).toBeGreaterThan(0);
    for (const { datasource } of queries) expect(given).toContainEqual(datasource);
  });

  it('lies where Grafana looks for it', () => {
    const { providers } = parse(read(`${folder}/dashboards.yml`));
    const { volumes } = parse(read('docker-compose.yml'), { merge: true, maxAliasCount: -1 }).services.grafana;
    const [from, to] = volumes.find((each: string) => each.startsWith('./observability')).split(':');
    expect(providers[0].options.path.replace(to, from)).toBe(`./${folder}`);
  });
});
