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

  it('asks for figures that a process gives', () => {
    const sources = globSync(['packages/kit/src/**/*.ts', 'services/*/src/*.ts'], { cwd: root }).map(read).join();
    const figures = alerts.flatMap(({ expr }) => expr.match(/\b(?:http|outbox|registry|gateway)_[a-z_]+\b/g) ?? []);
    expect(figures.length).toBeGreaterThan(0);
    for (const figure of figures) {
      const name = figure.replace(/_(?:bucket|count|sum)$/, '');
      expect([figure, new RegExp(`name: '${name}'|^ +${name}: '`, 'm').test(sources)]).toEqual([figure, true]);
    }
  });
});
