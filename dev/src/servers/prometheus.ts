import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { workTree } from '../../cache.mjs';
import { type Home, writeWhole } from '../home.ts';
import type { Ports } from '../ports.ts';
import { inheritedEnvironment, type ProcessSpec } from '../process-spec.ts';
import { answers, until } from '../wait.ts';

/** What Prometheus reads in containers; on one machine the same, at other addresses. */
export const prometheusFolder = join(workTree, 'observability/prometheus');

export interface PrometheusOptions {
  home: Home;
  /** The ports of the platform that is looked at. */
  ports: Ports;
  port: number;
  /** The folder that holds the program. */
  programs: string;
  /** How often it looks; by default as its file says. */
  everySeconds?: number;
}

/** Prometheus, which looks at every process and sidecar of the platform, reachable from this machine only. */
export function prometheus({ home, ports, port, programs, everySeconds }: PrometheusOptions): ProcessSpec {
  const data = home.data('prometheus');
  mkdirSync(data, { recursive: true });
  const configuration = home.run('prometheus.yml');
  writeWhole(configuration, stringify(configurationFor(ports, everySeconds)));
  return {
    name: 'prometheus',
    kind: 'server',
    command: join(programs, 'prometheus'),
    args: [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=15d',
      '--storage.tsdb.retention.size=512MB',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    cwd: data,
    env: inheritedEnvironment(),
    port,
    after: [],
    ready: async (signal) => {
      await until(() => answers(`http://127.0.0.1:${port}/-/ready`, 200), signal);
    },
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
  };
}

interface Configuration {
  global: Record<string, string>;
  rule_files: string[];
  scrape_configs: { job_name: string; static_configs: StaticConfig[]; relabel_configs?: object[] }[];
}

interface StaticConfig {
  targets: string[];
  labels?: Record<string, string>;
}

/** In containers the host is the name of the process; here all have one host, so each is given its name. */
function configurationFor(ports: Ports, everySeconds?: number): Configuration {
  const file: Configuration = parse(readFileSync(join(prometheusFolder, 'prometheus.yml'), 'utf8'));
  const every = everySeconds && { scrape_interval: `${everySeconds}s`, evaluation_interval: `${everySeconds}s` };
  return {
    global: { ...file.global, ...every },
    rule_files: file.rule_files.map((rules) => join(prometheusFolder, rules)),
    scrape_configs: file.scrape_configs.map(({ job_name }) => ({
      job_name,
      static_configs: Object.entries(ports.apps).map(([app, its]) => ({
        targets: [`127.0.0.1:${job_name === 'sidecar' ? its.daprMetrics : its.app}`],
        labels: { app },
      })),
    })),
  };
}
