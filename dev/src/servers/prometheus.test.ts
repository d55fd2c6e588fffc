import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { resolvePorts } from '../ports.ts';
import { readRunFile } from '../run-file.ts';
import { temporaryHome } from '../testing.ts';
import { prometheus } from './prometheus.ts';

it('looks at every process and sidecar of this platform, by the names they have in containers', () => {
  const { apps } = readRunFile();
  const home = temporaryHome();
  const ports = resolvePorts(apps, { CABINET_PORT_PATIENT: '7001', CABINET_PORT_PATIENT_DAPR_METRICS: '7002' });
  prometheus({ home, ports, port: 7003, programs: '/usr/bin', everySeconds: 1 });
  const { global, scrape_configs } = parse(readFileSync(home.run('prometheus.yml'), 'utf8'));
  expect(global.scrape_interval).toBe('1s');
  for (const [job, port] of [
    ['process', 7001],
    ['sidecar', 7002],
  ]) {
    const { static_configs } = scrape_configs.find((each: { job_name: string }) => each.job_name === job);
    expect(static_configs).toHaveLength(apps.length);
    expect(static_configs).toContainEqual({ targets: [`127.0.0.1:${port}`], labels: { app: 'patient' } });
  }
});
